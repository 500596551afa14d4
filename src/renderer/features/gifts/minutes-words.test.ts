import { expect, test } from 'vitest'
import { minutesWords } from './minutes-words'

const base = { minutes: 600, priceWei: 1n, leftMs: null, phase: 'running', graceLeftMs: 0, isFree: false } as const

test('minutes are told in hours, minutes, seconds, and what is left of the grace time', () => {
  expect(minutesWords(base)).toBe('10 h left')
  expect(minutesWords({ ...base, minutes: 0, isFree: true })).toBe('minutes are free')
  expect(minutesWords({ ...base, minutes: 45 })).toBe('45 min left')
  expect(minutesWords({ ...base, leftMs: 90 * 60_000 })).toBe('90 min left')
  expect(minutesWords({ ...base, leftMs: 65_000, phase: 'five-minutes' })).toBe('1:05 left')
  expect(minutesWords({ ...base, leftMs: 0, phase: 'grace', graceLeftMs: 61_000 })).toBe('ends in 1:01')
})
