import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { afterEach, expect, it, vi } from 'vitest'
import { nativeTls } from './native-tls'

const PROTOCOL = '/we-test/echo/1'
const running: Libp2p[] = []

type Encrypters = NonNullable<Libp2pOptions['connectionEncrypters']>

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (node) => node.stop()))
})

async function open(connectionEncrypters: Encrypters = [nativeTls(), noise()]): Promise<Libp2p> {
  const node = await createLibp2p({
    privateKey: await generateKeyPair('Ed25519'),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    streamMuxers: [yamux()],
    connectionEncrypters,
  })
  running.push(node)
  await node.handle(PROTOCOL, (stream) => {
    stream.addEventListener('message', ({ data }) => void stream.send(data))
  })
  return node
}

/** Sends bytes in pieces of all sizes and waits until as many are back. */
async function echo(stream: Stream, bytes: Buffer): Promise<Buffer> {
  const back: Uint8Array[] = []
  let got = 0
  const done = new Promise<void>((resolve) => {
    stream.addEventListener('message', ({ data }) => {
      back.push(data.subarray())
      got += data.byteLength
      if (got === bytes.length) resolve()
    })
  })
  for (let at = 0, size = 1; at < bytes.length; at += size, size = Math.min(60_000, size * 3)) {
    if (!stream.send(bytes.subarray(at, at + size))) {
      await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
    }
  }
  await done
  return Buffer.concat(back)
}

it.each([
  ['each other', () => [nativeTls(), noise()], '/tls/1.0.0'],
  ["the library's TLS", () => [tls()], '/tls/1.0.0'],
  ['a node that knows noise only', () => [noise()], '/noise'],
])('nodes talk to %s, whoever dials, and every byte arrives', async (_, others, encryption) => {
  const [own, other] = await Promise.all([open(), open(others())])
  const bytes = randomBytes(3_000_000)
  for (const [from, to] of [
    [own, other],
    [other, own],
  ] as const) {
    const connection = await from.dial(to.getMultiaddrs())
    expect(connection.encryption).toBe(encryption)
    expect(connection.remotePeer.equals(to.peerId)).toBe(true)
    expect((await echo(await connection.newStream(PROTOCOL), bytes)).equals(bytes)).toBe(true)
    await connection.close()
    await vi.waitFor(() => expect([...own.getConnections(), ...other.getConnections()]).toEqual([]), 20_000)
  }
})

it('who is not the peer that was dialled is refused', async () => {
  const [own, other] = await Promise.all([open([nativeTls()]), open([nativeTls()])])
  const stranger = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  const [address] = other.getMultiaddrs()
  const wrong = multiaddr(`${address!.toString().replace(/\/p2p\/.*$/, '')}/p2p/${stranger.toString()}`)
  await expect(own.dial(wrong)).rejects.toThrow()
  expect(own.getConnections()).toEqual([])
})

it.each([
  ['closed', (connection: Connection) => connection.close()],
  [
    'cut',
    async (connection: Connection): Promise<void> => {
      await Promise.resolve()
      connection.abort(new Error('cut'))
    },
  ],
])('a connection that is %s on one side is gone on both', async (_, end) => {
  for (const side of ['dialler', 'dialled'] as const) {
    const [own, other] = await Promise.all([open(), open()])
    const connection = await own.dial(other.getMultiaddrs())
    await vi.waitFor(() => expect(other.getConnections()).toHaveLength(1), 20_000)
    await end(side === 'dialler' ? connection : other.getConnections()[0]!)
    await vi.waitFor(() => expect([...own.getConnections(), ...other.getConnections()]).toEqual([]), 20_000)
  }
})
