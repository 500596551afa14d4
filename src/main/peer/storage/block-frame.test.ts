import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import {
  BlockFrameFault,
  BlockFrameReader,
  encodeBlockFrame,
  encodeBlockHead,
  TCP_DATA_BYTES,
  WEBRTC_DATA_BYTES,
  type BlockFrame,
} from './block-frame'
import { MAX_BLOCK_BYTES } from './disk-blocks'

const cid = CID.parse('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4')
const v0 = CID.parse('QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o')
const frames: BlockFrame[] = [
  { type: 'have', id: 1, cid },
  { type: 'has', id: 1, holding: 'part' },
  { type: 'want', id: 4_000_000_000, cid: v0 },
  { type: 'no', id: 3, reason: 'busy' },
  { type: 'cancel', id: 4 },
]

function read(bytes: Uint8Array, piece: number) {
  const seen: unknown[] = []
  let data = 0
  const reader = new BlockFrameReader({
    onFrame: (frame) => seen.push('cid' in frame ? { ...frame, cid: frame.cid.toString() } : frame),
    onData: (_id, total, offset, part) => {
      expect(offset + part.length).toBeLessThanOrEqual(total)
      data += part.length
    },
  })
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece))
  return { seen, data }
}

test.each([1, 3, 7, 64, 100_000])('frames are found in pieces of %i bytes', (piece) => {
  const data = new Uint8Array(300).fill(7)
  const bytes = Buffer.concat([
    ...frames.map(encodeBlockFrame),
    encodeBlockHead(9, 1000, 200, data.length),
    data,
    ...frames.map(encodeBlockFrame),
  ])
  const words = frames.map((frame) => ('cid' in frame ? { ...frame, cid: frame.cid.toString() } : frame))
  expect(read(bytes, piece)).toEqual({ seen: [...words, ...words], data: 300 })
})

test('a frame fits one message of WebRTC, and one of noise', () => {
  const head = encodeBlockHead(1, 1, 0, 1).length
  expect(head + WEBRTC_DATA_BYTES).toBeLessThan(16 * 1024 - 64)
  expect(head + TCP_DATA_BYTES).toBeLessThan(65_519 - 12)
})

test('lengths are checked before anything is kept', () => {
  const huge = encodeBlockHead(1, MAX_BLOCK_BYTES + 1, 0, 10)
  const outside = encodeBlockHead(1, 100, 95, 10)
  const wrongHash = Buffer.from(encodeBlockFrame({ type: 'want', id: 1, cid }))
  wrongHash[11] = 0x13
  for (const bytes of [
    huge,
    outside,
    wrongHash,
    Buffer.from([255, 255, 255, 255, 3, 0, 0, 0, 1]),
    Buffer.from([0, 0, 0, 1, 9]),
  ]) {
    expect(() => read(Buffer.concat([bytes, Buffer.alloc(200)]), 1000)).toThrow(BlockFrameFault)
  }
})

test('twenty thousand random streams end in frames or a fault, never in anything else', () => {
  let seed = 7
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff
  let faults = 0
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(encodeBlockFrame(frames[Math.floor(random() * frames.length)]!))
    const changes = 1 + Math.floor(random() * 4)
    for (let change = 0; change < changes; change++)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    try {
      read(bytes, 1 + Math.floor(random() * 40))
    } catch (error) {
      if (!(error instanceof BlockFrameFault)) throw error
      faults += 1
    }
  }
  expect(faults).toBeGreaterThan(1000)
})
