import { expect, test } from 'vitest'
import { carriedWords, minutesWords } from './minutes-words'

const base = {
  minutes: 600,
  carriedMs: 0,
  priceWei: 1n,
  leftMs: null,
  phase: 'running',
  graceLeftMs: 0,
  isFree: false,
} as const

test('minutes are told in hours, minutes, seconds, and what is left of the grace time', () => {
  expect(minutesWords(base)).toBe('10 h left')
  expect(minutesWords({ ...base, minutes: 0, isFree: true })).toBe('minutes are free')
  expect(minutesWords({ ...base, minutes: 45 })).toBe('45 min left')
  expect(minutesWords({ ...base, leftMs: 90 * 60_000 })).toBe('90 min left')
  expect(minutesWords({ ...base, leftMs: 65_000, phase: 'five-minutes' })).toBe('1:05 left')
  expect(minutesWords({ ...base, leftMs: 0, phase: 'grace', graceLeftMs: 61_000 })).toBe('ends in 1:01')
})

test('what a live has left of its minutes is told, and counts', () => {
  expect(carriedWords(base)).toBeNull()
  expect(carriedWords({ carriedMs: 450_000 })).toBe(
    '7:30 min of those that your last live began are kept: your next live uses them first.',
  )
  expect(minutesWords({ ...base, minutes: 20, carriedMs: 450_000 })).toBe('27 min left')
})
