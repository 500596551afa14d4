import { expect, it } from 'vitest'
import { h264Level } from './video-output'

it.each([
  [320, 180, 25, '3.1'],
  [1280, 720, 30, '3.1'],
  [1280, 720, 60, '3.2'],
  [1920, 1080, 30, '4.1'],
  [1920, 1080, 60, '4.2'],
  [3840, 2160, 30, '5.1'],
  [3840, 2160, 60, '5.2'],
  [7680, 4320, 60, '6.2'],
  [640, 360, 0, '3.1'],
])('%i x %i at %i is level %s', (width, height, fps, level) => {
  expect(h264Level({ width, height, fps })).toBe(level)
})
