import { describe, expect, test } from 'vitest'
import type { ShowRecord } from '@shared/live/segment-record'
import { ShowChain } from './show-chain'

/** The chain looks at the place of a record only, so the rest is left out; the CID of record n is `rn`. */
function at(seq: number, prev: string | null = seq === 0 ? null : `r${seq - 1}`, final = false): ShowRecord {
  return { seq, prev, ...(final ? { final: true } : {}) } as ShowRecord
}

describe('the sequence of a show', () => {
  test('takes each number once, in any order, from any start', () => {
    const chain = new ShowChain()
    expect([12, 10, 11, 13].map((seq) => chain.accept(at(seq), `r${seq}`))).toEqual(['new', 'new', 'new', 'new'])
    expect(chain.newest).toBe(13)
    expect(chain.accept(at(11), 'r11')).toBe('known')
  })

  test('a second record for a number is a fork', () => {
    const chain = new ShowChain()
    chain.accept(at(5), 'r5')
    expect(chain.accept(at(5), 'another')).toBe('fork')
    expect(chain.accept(at(5), 'r5')).toBe('known')
  })

  test('a record that does not continue its predecessor, or is not continued by its successor, is a fork', () => {
    const chain = new ShowChain()
    chain.accept(at(5), 'r5')
    expect(chain.accept(at(6, 'another'), 'r6')).toBe('fork')
    chain.accept(at(8), 'r8')
    expect(chain.accept(at(7), 'another')).toBe('fork')
    expect(chain.accept(at(7), 'r7')).toBe('new')
  })

  test('what is older than its memory is refused, and the memory is bounded', () => {
    const chain = new ShowChain()
    for (let seq = 0; seq < 5000; seq++) expect(chain.accept(at(seq), `r${seq}`)).toBe('new')
    expect(chain.accept(at(0), 'r0')).toBe('rolled-back')
    expect(chain.accept(at(4487), 'r4487')).toBe('rolled-back')
    expect(chain.accept(at(4488), 'r4488')).toBe('known')
  })

  test('nothing comes after the final record', () => {
    const chain = new ShowChain()
    chain.accept(at(1), 'r1')
    expect(chain.accept(at(2, 'r1', true), 'r2')).toBe('new')
    expect(chain.finalSeq).toBe(2)
    expect(chain.accept(at(3), 'r3')).toBe('after-end')
    expect(chain.accept(at(0), 'r0')).toBe('new') // an older one may still be repaired
  })

  test('an end before what is already known is a fork', () => {
    const chain = new ShowChain()
    chain.accept(at(9), 'r9')
    expect(chain.accept(at(4, 'r3', true), 'r4')).toBe('fork')
    expect(chain.finalSeq).toBeNull()
  })
})
