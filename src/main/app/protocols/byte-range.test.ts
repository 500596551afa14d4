import { expect, it } from 'vitest'
import { parseRangeHeader } from './byte-range'

it.each([
  ['bytes=0-', { start: 0, end: 1000 }],
  ['bytes=200-299', { start: 200, end: 300 }],
  ['bytes=200-9999', { start: 200, end: 1000 }],
  ['bytes=-100', { start: 900, end: 1000 }],
  ['bytes=-5000', { start: 0, end: 1000 }],
  ['bytes=1000-', 'outside'],
  ['bytes=-0', 'outside'],
  ['bytes=300-200', null],
  ['bytes=0-1,5-6', null],
  ['items=0-5', null],
  ['bytes=-', null],
  [null, null],
] as const)('a player asking %s of 1000 bytes is understood', (header, range) => {
  expect(parseRangeHeader(header, 1000)).toEqual(range)
})
