import { describe, expect, test } from 'vitest'
import { parityOf, recoverData } from './erasure-code'

/** Park and Miller, so that a failure can be repeated. */
function randomBytes(length: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => (state = (state * 16_807) % 2_147_483_647) & 0xff)
}

/** All ways to choose `count` of `of`. */
function choices(of: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]]
  return Array.from({ length: of - from }, (_, i) => from + i).flatMap((first) =>
    choices(of, count - 1, first + 1).map((rest) => [first, ...rest]),
  )
}

describe('erasure code', () => {
  test.each([
    [1, 2],
    [4, 5],
    [8, 10],
    [3, 6],
  ])('%i data pieces come back out of any so many of %i', (k, n) => {
    const data = Array.from({ length: k }, (_, index) => randomBytes(97, index + 1))
    const all = [...data, ...parityOf(data, n, 97)]
    for (const lost of choices(n, n - k)) {
      const left = new Map(all.flatMap((piece, index) => (lost.includes(index) ? [] : [[index, piece] as const])))
      expect(recoverData(left, k, 97)).toEqual(data)
    }
  })

  test('16 of 20: any four may be lost, at the beginning, at the end, all data or all parity', () => {
    const data = Array.from({ length: 16 }, (_, index) => randomBytes(641, index + 1))
    const all = [...data, ...parityOf(data, 20, 641)]
    for (const lost of [[0, 1, 2, 3], [12, 13, 14, 15], [16, 17, 18, 19], [0, 7, 15, 18], [3], []]) {
      const left = new Map(all.flatMap((piece, index) => (lost.includes(index) ? [] : [[index, piece] as const])))
      expect(recoverData(left, 16, 641)).toEqual(data)
    }
  })

  test('a last piece that is shorter counts as followed by zeros', () => {
    const data = [randomBytes(50, 1), randomBytes(50, 2), randomBytes(7, 3)]
    const [parity] = parityOf(data, 4, 50)
    const found = recoverData(
      new Map([
        [0, data[0]!],
        [1, data[1]!],
        [3, parity!],
      ]),
      3,
      50,
    )!
    expect(found[2]!.subarray(0, 7)).toEqual(data[2])
    expect(found[2]!.subarray(7).every((byte) => byte === 0)).toBe(true)
  })

  test('too few pieces give nothing', () => {
    const data = [randomBytes(10, 1), randomBytes(10, 2)]
    const [parity] = parityOf(data, 3, 10)
    expect(recoverData(new Map([[2, parity!]]), 2, 10)).toBeNull()
  })

  test('is quick enough for parity of every chunk', () => {
    const data = Array.from({ length: 16 }, (_, index) => randomBytes(1500, index + 1))
    parityOf(data, 20, 1500)
    const began = process.cpuUsage()
    for (let round = 0; round < 50; round++) parityOf(data, 20, 1500)
    const { user, system } = process.cpuUsage(began)
    const megabytesPerSecond = (50 * 16 * 1500) / (user + system)
    console.log(`parity 16 of 20: ${megabytesPerSecond.toFixed(0)} MB of data per CPU second`)
    // 3 Mbit/s is 0.375 MB/s; at 10 MB/s parity takes 4 % of a core
    expect(megabytesPerSecond).toBeGreaterThan(10)
  })
})
