import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p, Stream } from '@libp2p/interface'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import type { AccessConfig } from '@shared/media/access-unit'
import { decodeItems, type MeshItem } from '@shared/mesh/mesh-item'
import { recordCid } from '../content-id'
import { ed25519Signer } from '../../platform/ed25519'
import { libp2pSettings } from '../node-settings'
import { ChunkSealer, type ChunkLayout, type SealedChunk } from './chunk-sealer'
import { LinkShaper, type LineShape } from './link-shaper'
import { PiecePlane } from './piece-plane'
import { awaitGreeting, STRIPE_PROTOCOL } from './stripe-greeting'
import { limitFor, measureIdle } from '../../../../tests/integration/idle-share'

const SHOW = recordCid(Uint8Array.of(1)).toString()
const CONFIG: AccessConfig = { id: 0, width: 640, height: 360, fps: 30, avcC: Uint8Array.of(1), asc: Uint8Array.of(2) }

interface Member {
  id: string
  libp2p: Libp2p
  plane: PiecePlane
  slots: number[]
  delays: number[]
  gaps: number
  liars: { peerId: string; fault: string }[]
}

const running: Member[] = []
afterEach(async () => {
  for (const { plane } of running) plane.stop()
  for (const { libp2p } of running.splice(0)) await libp2p.stop()
})

/** Nodes on loopback, each connected to the one before; the first is the broadcaster. */
async function chain(
  count: number,
  layout: ChunkLayout,
  lines: (LineShape | null)[] = [],
): Promise<{ members: Member[]; sealer: ChunkSealer }> {
  const key = await generateKeyPair('Ed25519')
  const members: Member[] = []
  for (let index = 0; index < count; index++) {
    const line = lines[index]
    const settings = libp2pSettings({
      privateKey: index === 0 ? key : await generateKeyPair('Ed25519'),
      profile: 'test',
      listen: undefined,
      iceServers: [],
      denies: () => false,
      found: () => undefined,
      publicNetwork: null,
      line: line ? new LinkShaper(line) : undefined,
    })
    const libp2p = await createLibp2p(settings)
    const member: Member = {
      id: libp2p.peerId.toString(),
      libp2p,
      plane: null!,
      slots: [],
      delays: [],
      gaps: 0,
      liars: [],
    }
    const openStripe = (peerId: string, signal: AbortSignal): Promise<Stream> => {
      const peer = libp2p.getPeers().find((id) => id.toString() === peerId)!
      return libp2p.dialProtocol(peer, STRIPE_PROTOCOL, { signal, maxOutboundStreams: 64 })
    }
    member.plane = new PiecePlane(
      { showCid: SHOW, publicKey: key.publicKey.raw, stripes: layout.n, openStripe },
      {
        onItems: (items) => {
          for (const item of items) {
            if (item.t !== 'unit' || item.unit.track !== 'picture') continue
            member.slots.push(item.unit.slot)
            member.delays.push(performance.timeOrigin + performance.now() - item.unit.capturedAt)
          }
        },
        onGap: () => member.gaps++,
        onLiar: (peerId, fault) => {
          member.liars.push({ peerId, fault })
          member.plane.drop(peerId)
        },
        onBroken: () => undefined,
      },
    )
    await libp2p.handle(
      STRIPE_PROTOCOL,
      (stream, connection) =>
        awaitGreeting(stream, ({ stripe }, rest) =>
          member.plane.links.accept(stream, connection.remotePeer.toString(), stripe, rest),
        ),
      { maxInboundStreams: 64 },
    )
    if (index > 0) await libp2p.dial(members[index - 1]!.libp2p.getMultiaddrs())
    members.push(member)
    running.push(member)
  }
  return { members, sealer: new ChunkSealer(SHOW, ed25519Signer(key.raw), layout) }
}

function link(from: Member, to: Member, stripes: number): void {
  for (let stripe = 0; stripe < stripes; stripe++) from.plane.forward(stripe, to.id, -1)
}

/** 30 pictures a second of `bytes`, key pictures of four times that each half second. */
function batch(slot: number, bytes: number): { items: MeshItem[]; key: boolean } {
  const key = slot % 15 === 0
  const data = new Uint8Array(key ? bytes * 4 : bytes).fill(slot)
  const capturedAt = performance.timeOrigin + performance.now()
  const items: MeshItem[] = [{ t: 'unit', unit: { track: 'picture', configId: 0, slot, key, data, capturedAt } }]
  return { items: key ? [{ t: 'config', config: CONFIG }, ...items] : items, key }
}

async function broadcast(
  source: Member,
  sealer: ChunkSealer,
  slots: number,
  bytes: number,
  each?: (slot: number) => void,
): Promise<void> {
  const began = performance.now()
  for (let slot = 0; slot < slots; slot++) {
    const { items, key } = batch(slot, bytes)
    for (const chunk of sealer.seal(items, slot * 33, key)) source.plane.publish(chunk)
    each?.(slot)
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, began + ((slot + 1) * 1000) / 30 - performance.now())),
    )
  }
}

async function until(done: () => boolean, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!done() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

describe('pictures through a chain of three viewers, over sockets', () => {
  test.each<[string, ChunkLayout]>([
    ['one stripe', { k: 1, n: 1, listed: false }],
    ['four stripes and one of parity', { k: 4, n: 5, listed: false }],
    ['four stripes with hash lists', { k: 4, n: 4, listed: true }],
  ])('%s: every picture reaches everybody, quickly, and leaves the broadcaster once', async (_, layout) => {
    const { members, sealer } = await chain(4, layout)
    const [source, a, b, c] = members as [Member, Member, Member, Member]
    link(source, a, layout.n)
    link(a, b, layout.n)
    link(b, c, layout.n)
    const idle = measureIdle()
    await broadcast(source, sealer, 60, 5_000)
    await until(() => c.slots.length === 60)
    for (const viewer of [a, b, c]) {
      expect(viewer.slots).toEqual(Array.from({ length: 60 }, (__, slot) => slot))
      expect([viewer.gaps, viewer.liars]).toEqual([0, []])
    }
    const delays = [a, b, c].map((viewer) => median(viewer.delays.slice(10)))
    console.log(`capture to picture after 1, 2, 3 hops: ${delays.map((ms) => ms.toFixed(1)).join(', ')} ms`)
    const stream = 60 * 5_000 * 1.2 * (layout.n / layout.k)
    expect(source.plane.bytesSent / stream).toBeLessThan(1.1)
    expect(a.plane.received.get(source.id)!.duplicate).toBe(0)
    expect(c.plane.received.get(b.id)!.first / stream).toBeGreaterThan(1)
    expect(delays[2]).toBeLessThan(limitFor(idle(), 100, 2000))
  })

  test('who comes later begins with the current group of pictures, at once', async () => {
    const { members, sealer } = await chain(3, { k: 2, n: 2, listed: true })
    const [source, a, b] = members as [Member, Member, Member]
    link(source, a, 2)
    let joinedAt = 0
    await broadcast(source, sealer, 45, 3_000, (slot) => {
      if (slot !== 25) return
      joinedAt = performance.now()
      link(a, b, 2)
      void until(() => b.slots.length > 0).then(() =>
        console.log(`first picture after ${(performance.now() - joinedAt).toFixed(0)} ms`),
      )
    })
    await until(() => b.slots.at(-1) === 44)
    expect(b.slots[0]).toBe(15)
    expect(b.slots).toEqual(Array.from({ length: 30 }, (_, index) => 15 + index))
  })

  test('a forged piece is neither shown nor passed on, and its sender is dropped', async () => {
    const { members, sealer } = await chain(3, { k: 1, n: 1, listed: false })
    const [source, liar, victim] = members as [Member, Member, Member]
    link(source, liar, 1)
    link(liar, victim, 1)
    const shown: number[] = []
    await broadcast(source, sealer, 20, 3_000, (slot) => {
      if (slot !== 12) return
      const writer = liar.plane.links.writer(victim.id, 0)
      const [{ frames }] = sealer.seal(batch(99, 3_000).items, 0, true) as [SealedChunk]
      const forged = frames[0]!.slice()
      forged[500]! ^= 1
      writer.sendLive(forged, true, 1e6, 1e6)
      shown.push(slot)
    })
    await until(() => victim.liars.length > 0)
    expect(victim.liars).toEqual([{ peerId: liar.id, fault: 'wrong-signature' }])
    expect(victim.slots.includes(99)).toBe(false)
    expect(victim.slots.at(-1)).toBeLessThan(14)
  })

  test('repair: a second parent sends the pieces that were missed', async () => {
    const { members, sealer } = await chain(3, { k: 1, n: 1, listed: false })
    const [source, a, b] = members as [Member, Member, Member]
    link(source, a, 1)
    link(a, b, 1)
    let asked = false
    await broadcast(source, sealer, 40, 3_000, (slot) => {
      if (slot === 10) a.plane.stopForwarding(0, b.id)
      if (slot < 12 || asked) return
      const news = b.plane.look(performance.now()).find(({ type }) => type === 'late')
      if (news?.type !== 'late') return
      asked = true
      a.plane.serve(b.id, 0, news.from, a.plane.newestOf(0))
      a.plane.forward(0, b.id, a.plane.newestOf(0))
    })
    expect(asked).toBe(true)
    await until(() => b.slots.length === 40)
    expect(b.slots).toEqual(Array.from({ length: 40 }, (_, slot) => slot))
  })

  test('a line too slow for the show loses pictures but gains no delay', async () => {
    const { members, sealer } = await chain(2, { k: 1, n: 1, listed: false }, [{ uplinkKbps: 900, delayMs: 10 }])
    const [source, viewer] = members as [Member, Member]
    link(source, viewer, 1)
    // 1.44 Mbit/s over 0.9
    const timer = setInterval(() => viewer.plane.look(performance.now()), 25)
    const idle = measureIdle()
    await broadcast(source, sealer, 150, 5_000)
    clearInterval(timer)
    expect(source.plane.piecesDropped).toBeGreaterThan(20)
    const late = viewer.delays.slice(-30)
    console.log(`after 5 s: ${Math.max(...late).toFixed(0)} ms at most, ${viewer.slots.length} of 150 pictures`)
    expect(Math.max(...late)).toBeLessThan(limitFor(idle(), 900, 3000))
    expect(viewer.slots.length).toBeGreaterThan(40)
  })
})

test('a piece goes first to the child that most others wait behind', async () => {
  const key = await generateKeyPair('Ed25519')
  const asked: string[] = []
  const plane = new PiecePlane(
    {
      ...{ showCid: SHOW, publicKey: key.publicKey.raw, stripes: 1 },
      openStripe: (peerId) => {
        asked.push(peerId)
        return new Promise<Stream>(() => undefined)
      },
    },
    { onItems: () => undefined, onGap: () => undefined, onLiar: () => undefined, onBroken: () => undefined },
  )
  plane.forward(0, 'leaf', -1, 0)
  plane.forward(0, 'strong', -1, 9)
  plane.forward(0, 'middling', -1, 3)
  plane.forward(0, 'another leaf', -1)
  const sealer = new ChunkSealer(SHOW, ed25519Signer(key.raw), { k: 1, n: 1, listed: false })
  const { items } = batch(0, 100)
  for (const chunk of sealer.seal(items, 0, true)) plane.publish(chunk)
  expect(asked).toEqual(['strong', 'middling', 'leaf', 'another leaf'])
  plane.stop()
})

test('items keep their bytes on the way', () => {
  const bytes = Uint8Array.of(3, 0, 7, 0, 0, 0, 9, 0, 2, 5, 6)
  expect(decodeItems(bytes)).toEqual([
    { t: 'unit', unit: { track: 'sound', configId: 7, frame: 9, data: Uint8Array.of(5, 6) } },
  ])
})
