import { describe, expect, test } from 'vitest'
import { Standing } from './standing'

const STRIPES = 4
/** Looks until `ms`, ten times a second; children hold what is granted, at most `most`. */
function serve(standing: Standing, member: number, claimed: number, from: number, ms: number, most = Infinity): number {
  let granted = standing.granted(from, member, claimed)
  for (let now = from; now < from + ms; now += 100) {
    const used = Math.min(granted, most)
    standing.look(now, () => ({ claimed, used }))
    granted = standing.granted(now, member, claimed)
  }
  return granted
}

describe('what a registrar lends', () => {
  test('a large line comes into full use within seconds of serving in peace', () => {
    const standing = new Standing(STRIPES)
    expect(standing.granted(0, 7, 200)).toBe(32)
    expect(serve(standing, 7, 200, 0, 10_000)).toBe(200)
    expect(standing.isProven(7)).toBe(true)
  })

  test('a large line that nobody uses is not lent more', () => {
    const standing = new Standing(STRIPES)
    expect(serve(standing, 7, 200, 0, 10_000, 1)).toBe(32)
    expect(standing.isProven(7)).toBe(false)
  })

  test('who sends nothing is lent nothing once two of its four children say so, then one slot, then nothing for longer', () => {
    const standing = new Standing(STRIPES)
    standing.granted(0, 7, 200)
    expect(standing.complained(100, 7, 1, 3, 1)).toBeNull()
    expect(standing.complained(150, 7, 1, 3, 1)).toBeNull()
    expect(standing.complained(200, 7, 2, 2, 1)).toEqual([1, 2])
    expect(serve(standing, 7, 200, 300, 29_000)).toBe(0)
    expect(serve(standing, 7, 200, 29_300, 1_500)).toBe(1)
    standing.complained(31_000, 7, 3, 0, 1)
    expect(standing.complained(31_100, 7, 4, 0, 1)).toEqual([3, 4])
    expect(serve(standing, 7, 200, 31_200, 58_000)).toBe(0)
  })

  test('three of ten children that lie about it cost an honest member nothing', () => {
    const standing = new Standing(STRIPES)
    standing.granted(0, 7, 40)
    for (const [i, child] of [1, 2, 3].entries()) expect(standing.complained(i * 100, 7, child, 9 - i, 1)).toBeNull()
    expect(serve(standing, 7, 40, 400, 6_000)).toBe(40)
  })

  test('one credible word of forged pieces holds a member back for ten seconds only', () => {
    const standing = new Standing(STRIPES)
    standing.granted(0, 7, 10)
    standing.suspend(0, 7)
    expect(serve(standing, 7, 10, 0, 9_000)).toBe(0)
    expect(serve(standing, 7, 10, 9_000, 3_000)).toBeGreaterThan(0)
  })
})
