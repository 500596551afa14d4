import { expect, test } from 'vitest'
import { accountPattern, initialsOf } from './account-pattern'

test('an account without a picture looks the same to everybody, and unlike its neighbour', () => {
  const one = accountPattern('0x00000000000000000000000000000000000000a1')
  expect(accountPattern('0x00000000000000000000000000000000000000a1')).toEqual(one)
  expect(accountPattern('0x00000000000000000000000000000000000000a2')).not.toEqual(one)
  const rows = [0, 5, 10, 15, 20].map((at) => one.cells.slice(at, at + 5))
  expect(rows.map((row) => [...row].reverse())).toEqual(rows)
})

test('initials are of the first and last word, and one sign of names that are not in letters', () => {
  expect(['Anna', 'anna von Berg', '  ', '小明 王', '🦊 fox'].map(initialsOf)).toEqual(['A', 'AB', '', '小', '🦊'])
})
