import { describe, expect, test } from 'vitest'
import { ChunkAssembler } from './chunk-assembler'
import { parityOf } from './erasure-code'
import { pieceLength, pieceSize, type ChunkHead, type Piece } from './piece'

function pieces(
  chunk: number,
  flags: Partial<ChunkHead> = {},
  bytes = Uint8Array.of(chunk, 1, 2, 3, 4, 5, 6),
): Piece[] {
  const head = {
    chunk,
    timeMs: chunk * 33,
    length: bytes.length,
    k: 2,
    n: 3,
    start: true,
    end: true,
    key: false,
    ...flags,
  }
  const size = pieceSize(head)
  const data = [0, 1].map((stripe) => bytes.slice(stripe * size, stripe * size + pieceLength(head, stripe)))
  return [...data, ...parityOf(data, 3, size)].map((part, stripe) => ({ ...head, stripe, data: part }))
}

describe('chunks out of pieces', () => {
  test('begin at the first complete key chunk and come in their order, whatever the order of the pieces', () => {
    const assembler = new ChunkAssembler()
    for (const piece of pieces(4)) assembler.add(piece)
    expect(assembler.take()).toBeNull()
    const [a, b] = pieces(5, { key: true })
    for (const piece of pieces(6)) assembler.add(piece)
    assembler.add(b!)
    expect(assembler.take()).toBeNull()
    assembler.add(a!)
    expect(assembler.take()).toMatchObject({ chunk: 5, bytes: Uint8Array.of(5, 1, 2, 3, 4, 5, 6) })
    expect(assembler.take()?.chunk).toBe(6)
    expect(assembler.take()).toBeNull()
  })

  test('are made with parity in the place of a lost piece', () => {
    const assembler = new ChunkAssembler()
    const [, b, parity] = pieces(9, { key: true })
    assembler.add(parity!)
    assembler.add(b!)
    expect(assembler.take()?.bytes).toEqual(Uint8Array.of(9, 1, 2, 3, 4, 5, 6))
  })

  test('tell duplicates from first copies, before and after a chunk was handed out', () => {
    const assembler = new ChunkAssembler()
    const [a, b, parity] = pieces(0, { key: true })
    expect([assembler.add(a!), assembler.add(a!), assembler.add(b!)]).toEqual(['first', 'duplicate', 'first'])
    expect(assembler.take()?.chunk).toBe(0)
    expect([assembler.add(b!), assembler.add(parity!), assembler.add(parity!)]).toEqual([
      'duplicate',
      'spare',
      'duplicate',
    ])
  })

  test('a hole is waited for until it is skipped', () => {
    const assembler = new ChunkAssembler()
    for (const chunk of [0, 2, 3]) for (const piece of pieces(chunk, { key: chunk === 0 })) assembler.add(piece)
    expect(assembler.take()?.chunk).toBe(0)
    expect(assembler.take()).toBeNull()
    expect(assembler.nextStart()).toBe(2)
    assembler.skipTo(2)
    expect([assembler.take()?.chunk, assembler.take()?.chunk]).toEqual([2, 3])
  })

  test('pieces far ahead are not kept', () => {
    const assembler = new ChunkAssembler()
    for (const piece of pieces(0, { key: true })) assembler.add(piece)
    assembler.take()
    expect(assembler.add(pieces(100_000)[0]!)).toBe('late')
    expect(assembler.newest).toBe(0)
  })
})
