import type { Stream } from '@libp2p/interface'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { rawCid } from '../content-id'
import { BlockFrameReader, encodeBlockFrame } from './block-frame'
import { BlockServer, type ServedMemory } from './block-server'
import { UplinkBucket } from './uplink-bucket'

const MIB = 1024 * 1024

/** A stream to a peer that reads when it likes. */
class FakeStream extends EventTarget {
  writeStatus = 'writable'
  writableNeedsDrain = false
  reads = true
  readonly got = new Map<number, Uint8Array>()
  readonly #reader = new BlockFrameReader({
    onFrame: () => undefined,
    onData: (id, total, offset, data) => {
      const block = this.got.get(id) ?? new Uint8Array(total)
      block.set(data, offset)
      this.got.set(id, block)
    },
  })

  send(bytes: { subarray: () => Uint8Array }): boolean {
    this.#reader.push(bytes.subarray())
    this.writableNeedsDrain = !this.reads
    return this.reads
  }

  wants(id: number): void {
    const frame = encodeBlockFrame({ type: 'want', id, cid: rawCid(Uint8Array.of(id)) })
    this.dispatchEvent(Object.assign(new Event('message'), { data: frame }))
  }

  drain(): void {
    this.writableNeedsDrain = false
    this.dispatchEvent(new Event('drain'))
  }
}

const block = (id: number): Uint8Array => new Uint8Array(MIB).map((_, at) => at * id)

function served(memory: ServedMemory, reads: number[]): FakeStream {
  const stream = new FakeStream()
  const read = (cid: { multihash: unknown }): Promise<Uint8Array> => {
    const id = [1, 2, 3, 4].find((one) => rawCid(Uint8Array.of(one)).equals(cid))!
    reads.push(id)
    return Promise.resolve(block(id))
  }
  const source = { holds: () => 'all' as const, block: read, served: () => undefined }
  new BlockServer(stream as unknown as Stream, 'peer', source, new UplinkBucket(), 60_000, memory)
  return stream
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('a peer that takes nothing of what it asked for holds two blocks, on however many streams, and soon none; later it gets every byte', async () => {
  const memory: ServedMemory = new Map()
  const reads: number[] = []
  const streams = [1, 2, 3].map(() => served(memory, reads))
  for (const stream of streams) {
    stream.reads = false
    for (const id of [1, 2, 3, 4]) stream.wants(id)
  }
  await vi.advanceTimersByTimeAsync(1_000)
  expect(reads.length).toBe(2)
  expect(memory.get('peer')).toBeLessThanOrEqual(2 * MIB)
  const [first] = streams as [FakeStream]
  await vi.advanceTimersByTimeAsync(20_000)
  // each in turn is tried, and let go of
  expect(memory.get('peer') ?? 0).toBe(0)
  for (const stream of streams) stream.reads = true
  for (const stream of streams) stream.drain()
  await vi.advanceTimersByTimeAsync(2_000)
  for (const id of [1, 2, 3, 4]) {
    const whole = block(id)
    for (const { got } of streams) expect(Buffer.compare(got.get(id)!, whole)).toBe(0)
  }
  expect(memory.size).toBe(0)
  first.dispatchEvent(new Event('close'))
  expect(memory.size).toBe(0)
})

it('a peer that goes takes what was kept for it with it', async () => {
  const memory: ServedMemory = new Map()
  const stream = served(memory, [])
  stream.reads = false
  for (const id of [1, 2, 3]) stream.wants(id)
  await vi.advanceTimersByTimeAsync(500)
  expect(memory.get('peer')).toBe(2 * MIB)
  stream.dispatchEvent(new Event('close'))
  await vi.advanceTimersByTimeAsync(500)
  expect(memory.size).toBe(0)
})
