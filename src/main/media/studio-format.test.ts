import { expect, it } from 'vitest'
import { fitInside, samplesOfFrames } from './studio-format'

const frame = { width: 1280, height: 720 }

it.each([
  [1280, 720, { x: 0, y: 0, width: 1280, height: 720 }],
  [1920, 1080, { x: 0, y: 0, width: 1280, height: 720 }],
  [640, 480, { x: 160, y: 0, width: 960, height: 720 }],
  [720, 1280, { x: 436, y: 0, width: 406, height: 720 }],
  [321, 243, { x: 164, y: 0, width: 952, height: 720 }],
  [5000, 2, { x: 0, y: 358, width: 1280, height: 2 }],
  [1, 1, { x: 280, y: 0, width: 720, height: 720 }],
])('fits %i x %i', (width, height, expected) => {
  const placement = fitInside(width, height, frame)
  expect(placement).toEqual(expected)
  for (const value of Object.values(placement)) expect(value % 2).toBe(0)
})

it('counts samples without drift', () => {
  expect(samplesOfFrames(30, 30, 48000)).toBe(48000)
  expect(samplesOfFrames(1, 29.97, 48000)).toBe(1602)
  expect(samplesOfFrames(2997, 29.97, 48000)).toBe(4_800_000)
})
