import { expect, it } from 'vitest'
import { readCaptions } from './read-captions'
import { writeCaptions } from './write-captions'

it('what is written as WebVTT reads as it was, signs of markup and lines at the top too', () => {
  const cues = [
    { startMs: 0, endMs: 1, text: 'a', top: false },
    { startMs: 1_001, endMs: 62_003, text: 'x --> y & <b>not bold</b> &amp;\n{\\an8} second line', top: true },
    { startMs: 359_999_999, endMs: 360_000_000, text: '你好 "quoted"', top: false },
  ]
  const text = writeCaptions(cues)
  expect(text.startsWith('WEBVTT\n\n00:00:00.000 --> 00:00:00.001\na\n\n')).toBe(true)
  expect(readCaptions(text).cues).toEqual(cues)
  expect(readCaptions(writeCaptions([])).cues).toEqual([])
})
