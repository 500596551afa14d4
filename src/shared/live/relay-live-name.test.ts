import { expect, test } from 'vitest'
import { relayLiveName } from './relay-live-name'

test('the address of a live reads like its title', () => {
  expect(relayLiveName('Cooking with Zoë: Crème brûlée!', [])).toBe('cooking-with-zoe-creme-brulee')
  expect(relayLiveName('晚安', [])).toBe('live')
  expect(relayLiveName('', [])).toBe('live')
})

test('it is always a valid name of at most 48 signs, and never that of somebody with a stream key', () => {
  const taken = ['show', 'show-2', 'live']
  expect(relayLiveName('Show', taken)).toBe('show-3')
  expect(relayLiveName('--', taken)).toBe('live-2')
  expect(relayLiveName('x '.repeat(60), [])).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
})
