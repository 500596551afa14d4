import { expect, test } from 'vitest'
import { leastWait, type Source } from './source-choice'

const source = (peerId: string, change: Partial<Source> = {}): Source => ({
  peerId,
  inFlight: 0,
  responseMs: 20,
  failures: 0,
  ...change,
})

test.each<[string, Source[], string]>([
  ['the quickest', [source('a', { responseMs: 90 }), source('b')], 'b'],
  ['the one that is less asked', [source('a', { inFlight: 2 }), source('b', { responseMs: 30 })], 'b'],
  ['the one that did not fail', [source('a', { failures: 3 }), source('b', { responseMs: 100 })], 'b'],
  ['an unknown one before a slow one', [source('a', { responseMs: 400 }), source('b', { responseMs: null })], 'b'],
  ['the first of equals', [source('a'), source('b')], 'a'],
])('chooses %s', (_, sources, chosen) => {
  expect(leastWait(sources).peerId).toBe(chosen)
})
