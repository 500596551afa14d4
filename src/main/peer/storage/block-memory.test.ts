import { expect, test } from 'vitest'
import { BlockMemory, LentBlock } from './block-memory'

const MIB = 1024 * 1024

test('memory of a block is used again, but not before the last who reads it is done', () => {
  const memory = new BlockMemory()
  const first = memory.take(MIB)
  const block = new LentBlock(first, memory).hold()
  block.drop()
  expect(memory.take(MIB).buffer).not.toBe(first.buffer)
  block.drop()
  const again = memory.take(MIB - 20_000)
  expect(again.buffer).toBe(first.buffer)
  expect(again.length).toBe(MIB - 20_000)
  block.drop() // once too often
  expect(memory.take(MIB).buffer).not.toBe(first.buffer)
})

test('what is kept for later is bounded, and makes room for blocks of another size', () => {
  const memory = new BlockMemory()
  const blocks = Array.from({ length: 40 }, () => memory.take(MIB))
  for (const one of blocks) memory.give(one)
  const known = new Set(blocks.map(({ buffer }) => buffer))
  const reused = blocks.map(() => memory.take(MIB)).filter(({ buffer }) => known.has(buffer))
  expect(reused).toHaveLength(24)
  for (const one of reused) memory.give(one)
  const small = memory.take(256 * 1024)
  memory.give(small)
  expect(memory.take(256 * 1024).buffer).toBe(small.buffer)
})
