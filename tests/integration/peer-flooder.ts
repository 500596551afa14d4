/**
 * Many peers that mean no good, in a process of its own: `peer-flooder ADDRESS SHOW COUNT HOSTS`. They come from 127.0.0.2 and so many
 * addresses from there on, so that what is refused to them is not refused to everybody on this machine. `WE_FLOOD_WAYS=0,3`: only these.
 */
import '../../src/main/platform/runtime-floor'
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setPriority } from 'node:os'
import type { Connection, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { encodeFrame, LIVE_PROTOCOL, LIVE_VERSION } from '../../src/main/peer/live-frame'
import { STRIPE_PROTOCOL } from '../../src/main/peer/mesh/stripe-greeting'
import { nativeTls } from '../../src/main/peer/native-tls'
import { quickNoise } from '../../src/main/peer/quick-noise'
import { BLOCKS_PROTOCOL } from '../../src/main/peer/storage/block-frame'
import type { PeerEvent } from './peer-fleet'

const [, , address = '', show = '', count = '0', hosts = '1'] = process.argv
const tell = (event: PeerEvent): void => void process.send?.(event)
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const localOf = (at: number): string => `127.0.0.${2 + (at % Number(hosts))}`
const figures = { connected: 0, refused: 0, streams: 0, bytes: 0 }

// a flood takes bandwidth and patience, not the cores of the test machine
setPriority(19)

interface Below {
  muxer: { maConn: { send: (bytes: Uint8Array) => void }; createStream: () => Promise<Stream> }
}

/** Head of a yamux frame. */
function head(type: number, flag: number, stream: number, length: number): Buffer {
  const bytes = Buffer.from([0, type, 0, flag, 0, 0, 0, 0, 0, 0, 0, 0])
  bytes.writeUInt32BE(stream, 4)
  bytes.writeUInt32BE(length, 8)
  return bytes
}

/** A field of a protocol buffer that holds bytes. */
function field(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of((number << 3) | 2), varint(value.length), value])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128)
  return Buffer.from([...bytes, value])
}

const prefixed = (message: Uint8Array): Buffer => Buffer.concat([varint(message.length), message])
/** Gossip that begins to listen to so many topics that nobody has. */
const topics = (many: number): Buffer =>
  Buffer.concat(
    Array.from({ length: many }, () =>
      field(1, Buffer.concat([Uint8Array.of(8, 1), field(2, Buffer.from(randomBytes(40).toString('hex')))])),
    ),
  )
/** What a node says of itself, with so many protocols. */
const about = (many: number): Buffer =>
  Buffer.concat(Array.from({ length: many }, () => field(3, Buffer.from(`/x/${randomBytes(20).toString('hex')}`))))
const WANTS = Buffer.concat(
  Array.from({ length: 1_024 }, () =>
    field(1, field(1, Buffer.concat([field(1, Buffer.concat([Uint8Array.of(1, 0x55, 0x12, 32), randomBytes(32)]))]))),
  ),
)

async function open(connection: Connection, protocol: string): Promise<Stream> {
  const stream = await connection.newStream(protocol, {
    signal: AbortSignal.timeout(2_000),
    maxOutboundStreams: 10_000,
  })
  figures.streams += 1
  return stream
}

function send(stream: Stream, bytes: Uint8Array): void {
  figures.bytes += bytes.length
  stream.send(bytes)
}

/** What a bad peer does with a connection, until it is cut. */
const WAYS: readonly ((connection: Connection) => Promise<void>)[] = [
  // half a frame, then nothing, in as many streams as there may be
  async (connection) => {
    for (;;) send(await open(connection, LIVE_PROTOCOL), Uint8Array.of(0, 0, 0x20, 0, 1))
  },
  async (connection) => {
    for (;;) send(await open(connection, BLOCKS_PROTOCOL), randomBytes(60_000))
  },
  // opens and does not say what for
  async (connection) => {
    for (;;) await open(connection, STRIPE_PROTOCOL)
  },
  // a frame of 2 GiB
  async (connection) => {
    const { maConn } = (connection as unknown as Below).muxer
    maConn.send(head(0, 1, 257, 0x7fff_ffff))
    for (;;) {
      maConn.send(randomBytes(64 * 1024))
      figures.bytes += 64 * 1024
      await wait(5)
    }
  },
  // a viewer that never reads
  async (connection) => {
    const stream = await open(connection, LIVE_PROTOCOL)
    send(stream, encodeFrame({ type: 'hello', version: LIVE_VERSION, role: 'viewer', show: CID.parse(show) }))
    stream.pause()
    for (;;) {
      send(
        stream,
        encodeFrame({
          type: 'want',
          id: 1,
          cid: CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'),
        }),
      )
      await wait(1)
    }
  },
  // gossip without sense
  async (connection) => {
    const stream = await open(connection, '/meshsub/1.1.0')
    for (;;) {
      send(stream, randomBytes(30_000))
      await wait(2)
    }
  },
  // a flood of pings
  async (connection) => {
    const { maConn } = (connection as unknown as Below).muxer
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => head(2, 1, 0, 1)))
    for (;;) {
      maConn.send(many)
      await wait(1)
    }
  },
  // streams that begin to say what they are for
  async (connection) => {
    const { muxer } = connection as unknown as Below
    for (;;) {
      const stream = await muxer.createStream()
      figures.streams += 1
      send(stream, Uint8Array.of(19, 0x2f, 0x6d))
      await wait(2)
    }
  },
  // windows opened that nobody has, and streams closed
  async (connection) => {
    const { maConn } = (connection as unknown as Below).muxer
    const many = Buffer.concat(
      Array.from({ length: 500 }, (_, at) => head(1, at % 3 === 0 ? 8 : 0, 2 * at + 1, 1 << 30)),
    )
    for (;;) {
      maConn.send(many)
      await wait(2)
    }
  },
  // topics without end
  async (connection) => {
    const stream = await open(connection, '/meshsub/1.1.0')
    for (;;) {
      send(stream, prefixed(topics(800)))
      await wait(20)
    }
  },
  // a new story of itself, as long as there may be
  async (connection) => {
    for (;;) {
      const stream = await open(connection, '/ipfs/id/push/1.0.0')
      for (let at = 0; at < 9; at++) send(stream, prefixed(about(170)))
      await stream.close({ signal: AbortSignal.timeout(500) })
      await wait(20)
    }
  },
  // wants without end, in whole and half messages
  async (connection) => {
    for (let at = 0; ; at++) {
      const stream = await open(connection, '/ipfs/bitswap/1.2.0')
      send(stream, at % 2 === 0 ? prefixed(WANTS) : Buffer.concat([varint(4_000_000), randomBytes(200_000)]))
      if (at % 2 === 0) await stream.close({ signal: AbortSignal.timeout(500) })
    }
  },
  // comes and goes, under another name each time (`flood`)
  () => Promise.reject(new Error('goes')),
]
const COMES_AND_GOES = WAYS.length - 1
const chosen = process.env['WE_FLOOD_WAYS']?.split(',').map(Number) ?? WAYS.map((_, at) => at)

const newNode = (at: number): Promise<Libp2p> =>
  createLibp2p({
    transports: [tcp({ dialOpts: { localAddress: localOf(at) } as never })],
    streamMuxers: [yamux()],
    connectionEncrypters: [nativeTls(), quickNoise()],
  })

async function flood(at: number, to: Multiaddr): Promise<never> {
  const way = chosen[at % chosen.length]! % WAYS.length
  let node = await newNode(at)
  for (;;) {
    try {
      if (way === COMES_AND_GOES) {
        await node.stop()
        node = await newNode(at)
      }
      const connection = await node.dial(to, { signal: AbortSignal.timeout(5_000) })
      figures.connected += 1
      const closed = new Promise<never>((_, reject) => {
        connection.addEventListener('close', () => reject(new Error('cut')))
      })
      await Promise.race([WAYS[way]!(connection), closed])
    } catch (error) {
      if (figures.refused === 0) tell({ event: 'log', line: String(error) })
      figures.refused += 1
    }
    await Promise.all(node.getConnections().map((connection) => connection.close().catch(() => undefined)))
    await wait(50)
  }
}

const HELLO = Buffer.from('\x13/multistream/1.0.0\n')
/** Sockets that say nothing, nonsense, or begin a handshake. */
async function knock(at: number, host: string, port: number): Promise<never> {
  for (let times = 0; ; times++) {
    const socket = connect({ host, port, localAddress: localOf(at) })
    socket.on('error', () => undefined)
    if (times % 3 === 1) socket.on('connect', () => socket.write(randomBytes(2_000)))
    if (times % 3 === 2) {
      const protocol = times % 2 === 0 ? '\x07/noise\n' : '\x0b/tls/1.0.0\n'
      socket.on('connect', () => socket.write(Buffer.concat([HELLO, Buffer.from(protocol), randomBytes(700)])))
    }
    setTimeout(() => socket.destroy(), 15_000).unref()
    await wait(100)
  }
}

const target = multiaddr(address)
const [{ value: host } = {}, { value: port } = {}] = target.getComponents()
for (let at = 0; at < Number(count); at++) {
  void flood(at, target)
  if (at % 4 === 0) void knock(at, host!, Number(port))
}
process.on('message', ({ id }: { id: number }) => tell({ event: 'answer', id, value: figures }))
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', () => undefined)
tell({ event: 'up' })
