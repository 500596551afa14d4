import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ByteReader, MeshFault } from '@shared/mesh/byte-reader'
import { ChunkAssembler } from '@shared/mesh/chunk-assembler'
import { decodeItems, encodeItems, type MeshItem } from '@shared/mesh/mesh-item'
import { decodeStripeFrame, frameBody, MAX_STRIPE_FRAME_BYTES, StripeFrameReader } from '@shared/mesh/piece'
import { recordCid } from '../content-id'
import { ed25519Signer } from '../../platform/ed25519'
import { ChunkSealer, type ChunkLayout, type SealedChunk } from './chunk-sealer'
import { PieceGate } from './piece-gate'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const raw = (key: typeof privateKey, field: 'd' | 'x'): Buffer =>
  Buffer.from(key.export({ format: 'jwk' })[field]!, 'base64url')
const PUBLIC = new Uint8Array(raw(publicKey, 'x'))
const sign = ed25519Signer(Buffer.concat([raw(privateKey, 'd'), PUBLIC]))
const SHOW = recordCid(Uint8Array.of(1)).toString()
const OTHER_SHOW = recordCid(Uint8Array.of(2)).toString()
const never = (): boolean => false

function picture(bytes: number, slot = 0): MeshItem {
  const data = Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + slot) & 0xff)
  return {
    t: 'unit',
    unit: { track: 'picture', configId: 0, slot, key: slot === 0, data, capturedAt: 1e12 + slot * 33 },
  }
}

function sealed(bytes: number, layout: ChunkLayout, show = SHOW): SealedChunk[] {
  return new ChunkSealer(show, sign, layout).seal([picture(bytes)], 5, true)
}

const LAYOUTS: [string, ChunkLayout][] = [
  ['signed, 1 stripe', { k: 1, n: 1, listed: false }],
  ['signed, 4 of 5', { k: 4, n: 5, listed: false }],
  ['listed, 16 of 20', { k: 16, n: 20, listed: true }],
]

describe.each(LAYOUTS)('pieces, %s', (_, layout) => {
  test('give back what was sealed, a large picture too', () => {
    for (const bytes of [10, 5_000, 300_000]) {
      const gate = new PieceGate(SHOW, PUBLIC)
      const assembler = new ChunkAssembler()
      const parts: Uint8Array[] = []
      for (const { frames, list } of sealed(bytes, layout)) {
        for (const frame of list === null ? frames : [list, ...frames]) {
          expect(frame.length).toBeLessThanOrEqual(MAX_STRIPE_FRAME_BYTES + 2)
          const opened = gate.open(frame, never)
          if (opened.type === 'piece') assembler.add(opened.piece)
        }
        parts.push(assembler.take()!.bytes)
      }
      expect(decodeItems(new Uint8Array(Buffer.concat(parts)))).toEqual(decodeItems(encodeItems([picture(bytes)])))
    }
  })

  test('any changed byte is refused before it is played or passed on', () => {
    const [{ frames, list }] = sealed(2_000, layout) as [SealedChunk]
    const frame = frames[0]!
    const untouched = list === null ? -1 : 1 + 4 // number and stripe of a listed piece only say where to look it up
    for (let at = 2; at < frame.length; at += at < 100 ? 1 : 37) {
      if (at - 2 >= 1 && at - 2 <= untouched) continue
      const gate = new PieceGate(SHOW, PUBLIC)
      if (list !== null) gate.open(list, never)
      const forged = frame.slice()
      forged[at]! ^= 1
      expect(() => gate.open(forged, never), `byte ${at}`).toThrow(MeshFault)
    }
    if (list === null) return
    for (let at = 3; at < list.length; at += at < 40 ? 1 : 13) {
      const forged = list.slice()
      forged[at]! ^= 1
      expect(() => new PieceGate(SHOW, PUBLIC).open(forged, never), `list byte ${at}`).toThrow(MeshFault)
    }
  })

  test('a piece of another show of the same broadcaster is refused', () => {
    const [{ frames, list }] = sealed(2_000, layout, OTHER_SHOW) as [SealedChunk]
    const gate = new PieceGate(SHOW, PUBLIC)
    expect(() => {
      for (const frame of list === null ? frames : [list, ...frames]) gate.open(frame, never)
    }).toThrow(MeshFault)
  })
})

test('a listed piece in the place of another is refused; before its list it is neither', () => {
  const [{ frames, list }] = sealed(2_000, { k: 4, n: 4, listed: true }) as [SealedChunk]
  const gate = new PieceGate(SHOW, PUBLIC)
  expect(gate.open(frames[1]!, never)).toEqual({ type: 'unlisted', chunk: 0, stripe: 1 })
  gate.open(list!, never)
  const moved = frames[1]!.slice()
  moved[2 + 1 + 4] = 2
  expect(() => gate.open(moved, never)).toThrow('not the listed one')
  expect(gate.open(frames[1]!, never).type).toBe('piece')
})

test('what is here already costs no hash and no signature', () => {
  const [{ frames }] = sealed(2_000, { k: 1, n: 1, listed: false }) as [SealedChunk]
  const forged = frames[0]!.slice()
  forged[200]! ^= 1
  expect(new PieceGate(SHOW, PUBLIC).open(forged, () => true)).toMatchObject({ type: 'known', chunk: 0, stripe: 0 })
})

describe('bytes that are neither picture nor sound', () => {
  /** Share of integrity (signatures, hashes) and of all framing in what travels to one viewer. */
  function overhead(kbps: number, chunkMs: number, layout: ChunkLayout): { integrity: number; all: number } {
    const bytes = Math.round((kbps * chunkMs) / 8)
    const sealer = new ChunkSealer(SHOW, sign, layout)
    const signatures = layout.listed ? 64 + 16 * layout.n : 64 * layout.n
    const chunks = Array.from({ length: 30 }, (_, slot) =>
      sealer.seal([picture(bytes, slot + 1)], slot * chunkMs, false),
    )
    let total = 0
    let parity = 0
    let seals = 0
    for (const { head, frames, list } of chunks.flat()) {
      for (const [stripe, frame] of frames.entries()) {
        total += frame.length
        if (stripe >= head.k) parity += Math.ceil(head.length / head.k)
      }
      if (list !== null && head.start) total += list.length
      seals++
    }
    const useful = 30 * bytes + parity
    return { integrity: (signatures * seals) / useful, all: (total - useful) / useful }
  }

  test('are at most 1 % with pieces of 6.4 KB or more, and at most 2.5 % with many stripes in a large room', () => {
    const rows: [string, number, number, ChunkLayout, number][] = [
      ['6.4 KB pieces (1.55 Mbit/s, 1 stripe, 33 ms)', 1_550, 33.4, { k: 1, n: 1, listed: false }, 0.01],
      ['10.3 KB pieces (2.5 Mbit/s, 1 stripe, 33 ms)', 2_500, 33.4, { k: 1, n: 1, listed: false }, 0.01],
      ['2.5 Mbit/s, 4 stripes, 33 ms, listed', 2_500, 33.4, { k: 4, n: 4, listed: true }, 0.025],
      ['2.5 Mbit/s, 8 of 10, 66 ms, listed', 2_500, 66.7, { k: 8, n: 10, listed: true }, 0.025],
      ['3 Mbit/s, 16 of 20, 100 ms, listed', 3_000, 100, { k: 16, n: 20, listed: true }, 0.025],
    ]
    for (const [name, kbps, chunkMs, layout, limit] of rows) {
      const { integrity, all } = overhead(kbps, chunkMs, layout)
      console.log(`${name}: integrity ${(integrity * 100).toFixed(2)} %, with all framing ${(all * 100).toFixed(2)} %`)
      expect(integrity).toBeLessThanOrEqual(limit)
      expect(all).toBeLessThanOrEqual(limit === 0.01 ? 0.018 : 0.025)
    }
  })
})

describe('decoders of what comes from peers', () => {
  const inputs = Number(process.env['WE_FUZZ_INPUTS'] ?? 1_000_000)

  test(`take ${inputs} mutated inputs without anything but a refusal`, { timeout: 600_000 }, () => {
    const seeds: Uint8Array[] = []
    for (const [, layout] of LAYOUTS) {
      const [{ frames, list }] = sealed(600, layout) as [SealedChunk]
      seeds.push(frameBody(frames[0]!), ...(list === null ? [] : [frameBody(list)]))
    }
    const items = encodeItems([
      {
        t: 'config',
        config: { id: 1, width: 8, height: 8, fps: 30, avcC: Uint8Array.of(1, 2), asc: Uint8Array.of(3) },
      },
      picture(40),
      { t: 'unit', unit: { track: 'sound', configId: 1, frame: 2, data: new Uint8Array(9) } },
    ])
    let state = 12_345
    const random = (below: number): number => (state = (state * 16_807) % 2_147_483_647) % below
    const outcomes = { taken: 0, refused: 0 }
    const attempt = (decode: () => unknown): void => {
      try {
        decode()
        outcomes.taken++
      } catch (error) {
        if (!(error instanceof MeshFault)) throw error
        outcomes.refused++
      }
    }
    for (let round = 0; round < inputs; round++) {
      const isItem = round % 3 === 0
      const seed = isItem ? items : seeds[random(seeds.length)]!
      const bytes = seed.slice(0, random(4) === 0 ? random(seed.length + 1) : seed.length)
      for (let flips = random(4); flips >= 0 && bytes.length > 0; flips--) {
        bytes[random(2) === 0 ? random(Math.min(40, bytes.length)) : random(bytes.length)] = random(256)
      }
      if (isItem) attempt(() => decodeItems(bytes))
      else if (round % 50 === 1) attempt(() => new StripeFrameReader().push(bytes))
      else attempt(() => decodeStripeFrame(bytes))
    }
    expect(outcomes.taken + outcomes.refused).toBe(inputs)
    expect(Math.min(outcomes.taken, outcomes.refused)).toBeGreaterThan(inputs / 50)
  })

  test('hold at most one frame of a stream, wherever it is cut', () => {
    const [{ frames }] = sealed(20_000, { k: 4, n: 5, listed: false }) as [SealedChunk]
    const bytes = Buffer.concat(frames)
    for (const step of [1, 7, 1000, 50_000]) {
      const reader = new StripeFrameReader()
      const out: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += step) out.push(...reader.push(bytes.subarray(at, at + step)))
      expect(out.map((frame) => Buffer.from(frame))).toEqual(frames.map((frame) => Buffer.from(frame)))
    }
    expect(() => new StripeFrameReader().push(Uint8Array.of(0xff, 0xff, 1))).toThrow(MeshFault)
  })

  test('read nothing past the end', () => {
    expect(() => new ByteReader(new Uint8Array(3)).u32()).toThrow(MeshFault)
  })
})
