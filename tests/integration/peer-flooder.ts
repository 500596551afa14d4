/**
 * Many peers that mean no good, in a process of its own: `peer-flooder ADDRESS SHOW COUNT`. They come from 127.0.0.2, so that
 * what is refused to their address is not refused to everybody on this machine.
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

const [, , address = '', show = '', count = '0'] = process.argv
const tell = (event: PeerEvent): void => void process.send?.(event)
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const LOCAL = '127.0.0.2'
const figures = { connected: 0, refused: 0, streams: 0, bytes: 0 }

// a flood takes bandwidth and patience, not the cores of the test machine
setPriority(19)

interface Below {
  muxer: { maConn: { send: (bytes: Uint8Array) => void } }
}

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
    const head = Buffer.from([0, 0, 0, 1, 0, 0, 1, 1, 0x7f, 0xff, 0xff, 0xff])
    maConn.send(head)
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
    const ping = Buffer.from([0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => ping))
    for (;;) {
      maConn.send(many)
      await wait(1)
    }
  },
]

async function flood(node: Libp2p, way: number, to: Multiaddr): Promise<never> {
  for (;;) {
    try {
      const connection = await node.dial(to, { signal: AbortSignal.timeout(5_000) })
      figures.connected += 1
      const closed = new Promise<never>((_, reject) => {
        connection.addEventListener('close', () => reject(new Error('cut')))
      })
      await Promise.race([WAYS[way % WAYS.length]!(connection), closed])
    } catch (error) {
      if (figures.refused === 0) tell({ event: 'log', line: String(error) })
      figures.refused += 1
    }
    await Promise.all(node.getConnections().map((connection) => connection.close().catch(() => undefined)))
    await wait(50)
  }
}

/** Sockets that say nothing, or nonsense. */
async function knock(host: string, port: number): Promise<never> {
  for (;;) {
    const socket = connect({ host, port, localAddress: LOCAL })
    socket.on('error', () => undefined)
    if (Math.random() < 0.5) socket.on('connect', () => socket.write(randomBytes(2_000)))
    setTimeout(() => socket.destroy(), 15_000).unref()
    await wait(100)
  }
}

const target = multiaddr(address)
const [{ value: host } = {}, { value: port } = {}] = target.getComponents()
for (let at = 0; at < Number(count); at++) {
  const node = await createLibp2p({
    transports: [tcp({ dialOpts: { localAddress: LOCAL } as never })],
    streamMuxers: [yamux()],
    connectionEncrypters: [nativeTls(), quickNoise()],
  })
  void flood(node, at, target)
  if (at % 4 === 0) void knock(host!, Number(port))
}
process.on('message', ({ id }: { id: number }) => tell({ event: 'answer', id, value: figures }))
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', () => undefined)
tell({ event: 'up' })
