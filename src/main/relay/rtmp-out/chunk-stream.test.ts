import { describe, expect, test } from 'vitest'
import { AmfFault, decodeAmf, encodeAmf, type AmfValue } from './amf0'
import { ChunkReader, chunksOf, MESSAGE, RtmpFault, type RtmpMessage } from './chunk-stream'

const ROUNDS = Number(process.env['WE_FUZZ'] ?? 1_000_000)

/** mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function chunkSizeOf(size: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(size)
  return Buffer.concat(chunksOf({ type: MESSAGE.setChunkSize, streamId: 0, timestamp: 0, payload }, 2, 128))
}

describe('messages in chunks', () => {
  test('come back whole, whatever their size, their time and the borders of the network', () => {
    const random = numbers(1)
    for (let round = 0; round < 60; round++) {
      const chunkSize = 1 + Math.floor(random() * 5000)
      const sent: RtmpMessage[] = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
        type: MESSAGE.command,
        streamId: Math.floor(random() * 3),
        // about half of them need the extended timestamp
        timestamp: Math.floor(random() * 2 * 0xffffff),
        payload: Buffer.from(Array.from({ length: Math.floor(random() * 9000) }, () => Math.floor(random() * 256))),
      }))
      const bytes = Buffer.concat([
        chunkSizeOf(chunkSize),
        ...sent.flatMap((message) => chunksOf(message, 3 + message.streamId, chunkSize)),
      ])
      const reader = new ChunkReader()
      const got: RtmpMessage[] = []
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + Math.floor(random() * 4000)
        got.push(...reader.push(bytes.subarray(at, end)))
        at = end
      }
      expect(got).toEqual(sent)
    }
  })

  test('of a size that no answer has are refused before they are held', () => {
    const head = Buffer.from([3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0])
    expect(() => new ChunkReader().push(head)).toThrow(RtmpFault)
  })

  test(`mutated ${ROUNDS} times end in messages, in patience or in a fault, never otherwise`, () => {
    const random = numbers(2)
    const answer = encodeAmf('_result', 1, { fmsVer: 'FMS/3,0,1,123' }, { level: 'status', list: [1, null, 'x'] })
    const good = Buffer.concat([
      chunkSizeOf(4096),
      ...chunksOf({ type: MESSAGE.command, streamId: 0, timestamp: 0, payload: answer }, 3, 4096),
    ])
    let faults = 0
    let messages = 0
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = Buffer.from(good)
      for (let change = 0; change <= round % 4; change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      }
      try {
        for (const { payload } of new ChunkReader().push(bytes)) {
          messages++
          decodeAmf(payload)
        }
      } catch (error) {
        if (!(error instanceof RtmpFault || error instanceof AmfFault)) throw error
        faults++
      }
    }
    expect(faults).toBeGreaterThan(ROUNDS / 100)
    expect(messages).toBeGreaterThan(ROUNDS / 100)
  })
})

test('values of commands come back as they were', () => {
  const values: AmfValue[] = [
    'connect',
    1,
    { app: 'live', n: -0.5, on: true, none: null, list: ['é', 2, {}] },
    undefined,
  ]
  expect(decodeAmf(encodeAmf(...values))).toEqual(values)
})

test('values that nest without end are refused', () => {
  const deep = Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from([10, 0, 0, 0, 1])))
  expect(() => decodeAmf(deep)).toThrow(AmfFault)
})
