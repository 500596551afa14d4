import { expect, test } from 'vitest'
import { liveAge } from './live-age'

const after = (minutes: number): string => liveAge(0, minutes * 60_000)

test('an age in words, also when the other clock is ahead', () => {
  expect(after(-3)).toBe('just started')
  expect(after(0.9)).toBe('just started')
  expect(after(12.5)).toBe('12 min')
  expect(after(60)).toBe('1 h')
  expect(after(125)).toBe('2 h 5 min')
})
