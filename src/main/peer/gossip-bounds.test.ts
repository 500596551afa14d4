import type { GossipSub } from '@libp2p/gossipsub'
import { expect, it } from 'vitest'
import { boundGossip } from './gossip-bounds'
import { PeerFault } from './peer-fault'

interface Fake {
  seenCache: { entries: Map<string, unknown>; put: (key: string) => boolean }
  handled: number
  faults: Error[]
  lost: number
  read: (frames: readonly Uint8Array[]) => Promise<void>
}

function router(): Fake {
  const entries = new Map<string, unknown>()
  const fake: Fake = {
    seenCache: { entries, put: (key) => !entries.has(key) && entries.set(key, 0).size < 0 },
    ...{ handled: 0, faults: [], lost: 0, read: () => Promise.resolve() },
  }
  const pubsub = {
    seenCache: fake.seenCache,
    pipePeerReadStream: (): unknown => null,
    decodeRpc: (bytes: Uint8Array): unknown => {
      if (bytes[0] === 1) throw new Error('nonsense')
      return { messages: Array.from({ length: bytes[1] ?? 0 }) }
    },
    handleReceivedRpc: (): Promise<void> => Promise.resolve(void (fake.handled += 1)),
    handlePeerReadStreamError: (): void => void (fake.lost += 1),
    components: { connectionManager: { getConnections: () => [{ abort: (error: Error) => fake.faults.push(error) }] } },
  }
  boundGossip(pubsub as unknown as GossipSub, () => 0)
  const read = pubsub.pipePeerReadStream as (peer: unknown, source: AsyncIterable<unknown>) => Promise<void>
  fake.read = (frames) => read({}, iterate(frames))
  return fake
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream that has all at once
async function* iterate(frames: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* frames
}

const many = (count: number, ...bytes: number[]): Uint8Array[] =>
  Array.from({ length: count }, () => Uint8Array.from(bytes))

it('who gossips nonsense, too much or too often loses its connections; a lively room does not', async () => {
  const calm = router()
  await calm.read([...many(300, 0, 5), ...many(5, 1)])
  expect(calm).toMatchObject({ handled: 300, faults: [], lost: 0 })
  for (const [frames, handled] of [
    [many(100, 1), 0],
    [many(50, 0, 250), 15],
    [Array.from({ length: 40 }, () => new Uint8Array(100_000)), 20],
  ] as const) {
    const loud = router()
    await loud.read(frames)
    expect(loud).toMatchObject({ handled, lost: 1 })
    expect(loud.faults).toEqual([expect.any(PeerFault)])
  }
})

it('messages that were seen are not remembered without end', () => {
  const { seenCache } = router()
  for (let at = 0; at < 25_000; at++) seenCache.put(String(at))
  expect(seenCache.entries.size).toBe(20_000)
  expect(seenCache.entries.has('24999')).toBe(true)
})
