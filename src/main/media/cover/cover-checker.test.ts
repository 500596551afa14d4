import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { COVER_SIDE, coverLabel } from '@shared/media/cover-verdict'
import { CoverChecker } from './cover-checker'

const MODELS_DIR = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const checker = new CoverChecker(MODELS_DIR)
afterAll(() => checker.close())

/** What @tensorflow/tfjs 4.22.0 gives for the same pictures with the model of nsfwjs 4.4.0. */
const REFERENCE = [
  [
    (x: number, y: number) => [(x * 7 + y * 3) % 256, (x * x + y) % 256, (x + y * y) % 256],
    [0.745829, 0.026385, 0.197296, 0.024857, 0.005633],
  ],
] as const

it('a cover is judged as by the library that the model is from', async () => {
  for (const [colour, expected] of REFERENCE) {
    const rgba = new Uint8Array(COVER_SIDE * COVER_SIDE * 4)
    for (let i = 0; i < COVER_SIDE * COVER_SIDE; i++) {
      rgba.set(colour(i % COVER_SIDE, Math.floor(i / COVER_SIDE)), i * 4)
    }
    const classes = await checker.check(rgba)
    const { drawing, hentai, neutral, porn, sexy } = classes
    ;[drawing, hentai, neutral, porn, sexy].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3))
    expect(coverLabel(classes)).toBeNull()
  }
})

it('only what is rather sure is veiled', () => {
  const none = { drawing: 0, hentai: 0, neutral: 0, porn: 0, sexy: 0 }
  expect(coverLabel({ ...none, porn: 0.5, hentai: 0.25, neutral: 0.25 })).toBe('nudity')
  expect(coverLabel({ ...none, porn: 0.4, sexy: 0.45, neutral: 0.15 })).toBe('sexual')
  expect(coverLabel({ ...none, sexy: 0.75, neutral: 0.25 })).toBeNull()
})
