import { expect, it } from 'vitest'
import { parseBitRate, parseByteSize, parseRange } from './byte-size'

it('sizes and rates are read as people write them', () => {
  expect(parseByteSize('space', '20GB')).toBe(20e9)
  expect(parseByteSize('space', '500 MiB')).toBe(500 * 2 ** 20)
  expect(parseByteSize('space', '1.5g')).toBe(1.5e9)
  expect(parseBitRate('uplink', '10Mbit')).toBe(10_000)
  expect(parseBitRate('uplink', '800kbit/s')).toBe(800)
  expect(parseBitRate('uplink', '0')).toBe(0)
})

it.each(['', 'much', '-5GB', '1..5GB'])('"%s" is no size', (text) => {
  expect(() => parseByteSize('space', text)).toThrow(expect.objectContaining({ code: 'usage' }) as Error)
})

it('ranges are those of HTTP', () => {
  expect(parseRange('0-99', 1000)).toEqual({ start: 0, end: 100 })
  expect(parseRange('900-', 1000)).toEqual({ start: 900, end: 1000 })
  expect(parseRange('-10', 1000)).toEqual({ start: 990, end: 1000 })
  expect(() => parseRange('1000-', 1000)).toThrow(expect.objectContaining({ code: 'bad-range' }) as Error)
  expect(() => parseRange('a-b', 1000)).toThrow(expect.objectContaining({ code: 'usage' }) as Error)
})
