import { expect, it } from 'vitest'
import { byteWords } from './byte-words'

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [1_440_000_000, '1.4 GB'],
  [20e9, '20 GB'],
  [999_700, '1.0 MB'],
])('%i bytes read %s', (bytes, words) => {
  expect(byteWords(bytes)).toBe(words)
})
