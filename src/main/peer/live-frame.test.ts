import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { rawCid, recordCid } from './content-id'
import {
  decodeFrame,
  encodeFrame,
  FrameFault,
  FrameReader,
  latestFrames,
  MAX_BLOCK_DATA,
  MAX_FRAME_BYTES,
  type LiveFrame,
} from './live-frame'

const held = (length: number, holds: number) => ({ record: new Uint8Array(randomBytes(length)), holds })

const frames: LiveFrame[] = [
  { type: 'hello', version: 1, role: 'broadcaster', show: recordCid(Uint8Array.of(1)) },
  { type: 'manifest', bytes: new Uint8Array(randomBytes(400)) },
  { type: 'latest', records: [held(330, 3), held(331, 0)] },
  { type: 'latest', records: [] },
  { type: 'announce', ...held(330, 255) },
  { type: 'want', id: 0xffff_ffff, cid: rawCid(Uint8Array.of(2)) },
  { type: 'block', id: 3, offset: 16_000, data: new Uint8Array(randomBytes(MAX_BLOCK_DATA)) },
  { type: 'no', id: 3, reason: 'busy' },
  { type: 'cancel', id: 3 },
  { type: 'peers', addresses: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'] },
  { type: 'bye', reason: 'full' },
]

/** CIDs compare by their text; their objects cache things. */
function plain(frame: LiveFrame): unknown {
  return JSON.parse(JSON.stringify(frame, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)))
}

describe('live frames', () => {
  test.each(frames.map((frame) => [frame.type, frame] as const))('%s comes back', (_, frame) => {
    const [back, ...more] = new FrameReader().push(encodeFrame(frame))
    expect(plain(back!)).toEqual(plain(frame))
    expect(more).toEqual([])
  })

  test('come back however the bytes are cut', () => {
    const stream = Buffer.concat(frames.map(encodeFrame))
    for (let round = 0; round < 50; round++) {
      const reader = new FrameReader()
      const back: LiveFrame[] = []
      for (let at = 0; at < stream.length;) {
        const length = randomInt(1, round < 10 ? 20 : 20_000)
        back.push(...reader.push(new Uint8Array(stream.subarray(at, at + length))))
        at += length
      }
      expect(back.map(plain)).toEqual(frames.map(plain))
      expect(reader.pending).toBe(0)
    }
  })

  test('a cut stream is not taken for a whole one', () => {
    const reader = new FrameReader()
    expect(reader.push(encodeFrame(frames[1]!).subarray(0, 100))).toEqual([])
    expect(reader.pending).toBe(100)
  })

  test('no frame is larger than the limit, and the length is judged before the rest is here', () => {
    for (const frame of frames) expect(encodeFrame(frame).length).toBeLessThanOrEqual(MAX_FRAME_BYTES)
    expect(() => encodeFrame({ type: 'block', id: 0, offset: 0, data: new Uint8Array(MAX_BLOCK_DATA + 1) })).toThrow(
      RangeError,
    )
    for (const length of [0, MAX_FRAME_BYTES, 0x7fff_ffff, 0xffff_ffff]) {
      const head = new Uint8Array(4)
      new DataView(head.buffer).setUint32(0, length)
      expect(() => new FrameReader().push(head)).toThrow(FrameFault)
    }
  })

  test.each([
    ['nothing', []],
    ['an unknown type', [99]],
    ['a HELLO of another length', [1, 1, 0]],
    ['a HELLO with an unknown role', [1, 1, 7, ...recordCid(Uint8Array.of(1)).bytes]],
    ['a HELLO with a CID of media', [1, 1, 0, ...rawCid(Uint8Array.of(1)).bytes]],
    ['a WANT of a record', [5, 0, 0, 0, 1, ...recordCid(Uint8Array.of(1)).bytes]],
    ['a WANT without a CID', [5, 0, 0, 0, 1, ...new Uint8Array(36)]],
    ['a BLOCK without data', [6, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['a list cut in its length', [3, 0]],
    ['a list cut in its entry', [3, 0, 9, 1]],
    ['a list with an empty entry', [3, 0, 0]],
    ['a list with an entry without a record', [3, 0, 1, 3]],
    ['a record larger than any', [4, 1, ...new Uint8Array(1025)]],
    ['an announcement of nothing', [4, 1]],
    ['a manifest larger than any', [2, ...new Uint8Array(2049)]],
    ['more peers than allowed', [9, ...Array.from({ length: 17 }, () => [0, 1, 65]).flat()]],
    ['peers that are no text', [9, 0, 1, 0xff]],
    ['an unknown goodbye', [10, 99]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeFrame(Uint8Array.from(bytes))).toThrow(FrameFault)
  })

  test('a window of records is packed into few frames, in order', () => {
    const records = Array.from({ length: 120 }, (_, index) => ({
      record: new Uint8Array(330).fill(index),
      holds: index % 4,
    }))
    const packed = latestFrames(records)
    expect(packed.length).toBe(3)
    expect(packed.flatMap((frame) => (frame.type === 'latest' ? frame.records : []))).toEqual(records)
    for (const frame of packed) expect(encodeFrame(frame).length).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  })
})
