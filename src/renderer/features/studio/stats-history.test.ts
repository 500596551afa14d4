import { expect, test } from 'vitest'
import { growth, sparkline } from './stats-history'

const BOX = { width: 100, height: 20, slots: 11, top: 30 }

test('the newest value is at the right edge, and the scale goes from 0 to its top', () => {
  expect(sparkline([0, 15, 30], BOX)).toBe('M80 20L90 10L100 0')
})

test('a value above the top stretches the scale, one below 0 too', () => {
  expect(sparkline([60, 30], BOX)).toBe('M90 0L100 10')
  expect(sparkline([-30, 30], BOX)).toBe('M90 20L100 0')
})

test('nothing known is no line, and all the same is a flat one', () => {
  expect(sparkline([], BOX)).toBe('')
  expect(sparkline([0, 0], { ...BOX, top: 0 })).toBe('M90 20L100 20')
})

test('a counter shows what was added in each second; a new source begins anew', () => {
  expect(growth([5, 5, 8, 0, 2])).toEqual([0, 0, 3, 0, 2])
})
