import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import type { Uint8ArrayList } from 'uint8arraylist'
import { afterEach, expect, it, vi } from 'vitest'
import { hearBulk } from './bulk-stream'
import { halfWindows } from './half-windows'
import { nativeTls } from './native-tls'
import { quickYamux } from './quick-yamux'
import { takePieces, YamuxFault, YamuxReader, type YamuxHeader, type YamuxStream } from './yamux-reader'

const PROTOCOL = '/we-test/echo/1'
const running: Libp2p[] = []
const quick = (): NonNullable<Libp2pOptions['streamMuxers']> => [quickYamux(halfWindows(yamux()))]

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (node) => node.stop()))
})

async function open(streamMuxers: NonNullable<Libp2pOptions['streamMuxers']>): Promise<Libp2p> {
  const node = await createLibp2p({
    privateKey: await generateKeyPair('Ed25519'),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    ...{ transports: [tcp()], streamMuxers, connectionEncrypters: [nativeTls()] },
  })
  running.push(node)
  await node.handle(PROTOCOL, (stream) => {
    stream.addEventListener('message', ({ data }) => void stream.send(data))
  })
  return node
}

async function echo(stream: Stream, bytes: Buffer, isBulk: boolean): Promise<Buffer> {
  const back: Uint8Array[] = []
  let got = 0
  const done = new Promise<void>((resolve) => {
    const take = (piece: Uint8Array): void => {
      back.push(piece.slice())
      got += piece.length
      if (got === bytes.length) resolve()
    }
    if (isBulk) hearBulk(stream, take)
    else stream.addEventListener('message', ({ data }) => take(data.subarray()))
  })
  for (let at = 0, size = 1; at < bytes.length; at += size, size = Math.min(90_000, size * 3)) {
    if (!stream.send(bytes.subarray(at, at + size))) {
      await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
    }
  }
  await done
  return Buffer.concat(back)
}

it.each([
  ['each other', quick],
  ['yamux as the library has it', () => [yamux()]],
])('nodes talk to %s, whoever dials, and every byte arrives in order', async (_, others) => {
  const [own, other] = await Promise.all([open(quick()), open(others())])
  const bytes = randomBytes(2_000_000)
  for (const [from, to] of [
    [own, other],
    [other, own],
  ] as const) {
    const connection = await from.dial(to.getMultiaddrs())
    const streams = await Promise.all([1, 2, 3].map(() => connection.newStream(PROTOCOL)))
    const back = await Promise.all(streams.map((stream, at) => echo(stream, bytes, at > 0)))
    for (const one of back) expect(one.equals(bytes)).toBe(true)
    await connection.close()
    await vi.waitFor(() => expect([...own.getConnections(), ...other.getConnections()]).toEqual([]), 20_000)
  }
})

const frame = (type: number, flag: number, streamID: number, length: number): Buffer => {
  const head = Buffer.from([0, type, 0, flag, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(streamID, 4)
  head.writeUInt32BE(length, 8)
  return head
}

function muxerOf(window: number): {
  stream: YamuxStream & { updates: number }
  frames: { header: YamuxHeader; data?: Uint8ArrayList }[]
  reader: YamuxReader
} {
  const stream = {
    ...{ streamId: 1, readStatus: 'readable', recvWindow: window, recvWindowCapacity: window, updates: 0 },
    sendWindowUpdate: (): void => {
      stream.updates += 1
    },
  }
  const frames: { header: YamuxHeader; data?: Uint8ArrayList }[] = []
  return { stream, frames, reader: new YamuxReader({ streams: [stream], handleFrame: (one) => frames.push(one) }) }
}

it('frames cut anywhere are the same frames; what is for no stream is passed over', () => {
  const body = randomBytes(40_000)
  const bytes = Buffer.concat([
    ...[frame(0, 0, 1, body.length), body, frame(1, 1, 3, 0), frame(0, 0, 9, 5), Buffer.from('waste')],
    ...[frame(2, 1, 0, 77), frame(0, 0, 1, 3), Buffer.from('end')],
  ])
  for (const step of [1, 7, 4096, bytes.length]) {
    const { frames, reader } = muxerOf(256 * 1024)
    for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step))
    expect(frames.map(({ header }) => [header.type, header.streamID, header.length])).toEqual([
      ...[
        [0, 1, body.length],
        [1, 3, 0],
        [2, 0, 77],
      ],
      [0, 1, 3],
    ])
    expect(Buffer.from(frames[0]!.data!.subarray()).equals(body)).toBe(true)
    const { stream, frames: none, reader: bulk } = muxerOf(256 * 1024)
    const pieces: Buffer[] = []
    takePieces(stream, (piece) => pieces.push(Buffer.from(piece)))
    for (let at = 0; at < bytes.length; at += step) bulk.push(bytes.subarray(at, at + step))
    expect(none.map(({ header }) => header.type)).toEqual([1, 2])
    expect(Buffer.concat(pieces).equals(Buffer.concat([body, Buffer.from('end')]))).toBe(true)
    expect(stream).toMatchObject({ updates: 2, recvWindowCapacity: 256 * 1024 - body.length - 3 })
  }
})

it('who announces more than the window holds is refused with the header, before a byte is kept', () => {
  const { reader } = muxerOf(1000)
  expect(() => reader.push(frame(0, 0, 1, 1001))).toThrow(YamuxFault)
  expect(() => muxerOf(1000).reader.push(frame(0, 1, 3, 0xffffffff))).toThrow(YamuxFault)
  const { reader: slow, frames } = muxerOf(200_000)
  const before = process.memoryUsage().arrayBuffers
  slow.push(frame(0, 0, 1, 200_000))
  for (let at = 0; at < 150_000; at++) slow.push(new Uint8Array(1))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20)
  expect(frames).toEqual([])
})

it.each([
  ['pings', frame(2, 1, 0, 1), 2_000],
  ['opened streams', frame(1, 1, 9, 0), 2_000],
  ['single bytes', Buffer.concat([frame(0, 0, 1, 1), Buffer.of(1)]), 20_000],
])('a flood of %s ends the connection', (_, one, most) => {
  const { reader, stream } = muxerOf(256 * 1024)
  const still = new YamuxReader({ streams: [stream], handleFrame: () => undefined }, () => 0)
  for (let times = 0; times < most; times++) still.push(one)
  expect(() => still.push(one)).toThrow('too many')
  reader.push(one)
})

it('a connection whose frames are too long is cut, and others go on', async () => {
  const [own, liar, other] = await Promise.all([open(quick()), open([yamux()]), open([yamux()])])
  const honest = await other.dial(own.getMultiaddrs())
  const connection = await liar.dial(own.getMultiaddrs())
  const { maConn } = (connection as unknown as { muxer: { maConn: { send: (bytes: Uint8Array) => void } } }).muxer
  maConn.send(frame(0, 1, 101, 0x7fffffff))
  await vi.waitFor(() => expect(own.getConnections(liar.peerId)).toEqual([]), 20_000)
  const bytes = randomBytes(10_000)
  expect((await echo(await honest.newStream(PROTOCOL), bytes, false)).equals(bytes)).toBe(true)
})

interface Raw {
  muxer: {
    maConn: { send: (bytes: Uint8Array) => void }
    streams: { sendWindowCapacity: number }[]
    createStream: () => Promise<Stream>
  }
}

it('what nobody takes is not made good: a stream holds one window, and all of it comes in order when it is heard', async () => {
  const [own, other] = await Promise.all([open(quick()), open([yamux()])])
  const taken: Stream[] = []
  await own.handle('/we-test/later/1', (stream) => void taken.push(stream))
  const connection = await other.dial(own.getMultiaddrs())
  const stream = await connection.newStream('/we-test/later/1')
  const bytes = randomBytes(1_000_000)
  const sent = (async () => {
    for (let at = 0; at < bytes.length; at += 50_000) {
      if (!stream.send(bytes.subarray(at, at + 50_000))) {
        await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
      }
    }
  })()
  await vi.waitFor(() => expect(taken[0]?.readBufferLength).toBeGreaterThan(200_000), 20_000)
  await connection.newStream(PROTOCOL) // so that all that was on its way is here
  expect(taken[0]!.readBufferLength).toBeLessThanOrEqual(256 * 1024)
  const heard: Uint8Array[] = []
  taken[0]!.addEventListener('message', ({ data }) => heard.push(data.subarray().slice()))
  await sent
  await vi.waitFor(() => expect(Buffer.concat(heard).equals(bytes)).toBe(true), 20_000)
})

it('streams that do not say what for are refused beyond some, and who pings without end is cut', async () => {
  const [own, other] = await Promise.all([open(quick()), open([yamux()])])
  const connection = await other.dial(own.getMultiaddrs())
  const { muxer } = connection as unknown as Raw
  const streams = await Promise.all(Array.from({ length: 60 }, () => muxer.createStream()))
  for (const stream of streams) stream.send(Uint8Array.of(19, 0x2f))
  await vi.waitFor(() => expect(streams.filter(({ status }) => status === 'open').length).toBe(32), 20_000)
  expect(own.getConnections()[0]!.streams.length).toBeLessThanOrEqual(33)
  for (const stream of streams) if (stream.status === 'open') stream.abort(new Error('enough'))
  await connection.newStream(PROTOCOL)
  muxer.maConn.send(Buffer.concat(Array.from({ length: 70 }, () => frame(2, 1, 0, 1))))
  await vi.waitFor(() => expect(own.getConnections()).toEqual([]), 20_000)
})
