import { expect, test } from 'vitest'
import { swipeStep, WheelSteps } from './step-gesture'

function steps(wheel: WheelSteps, from: number, deltas: readonly number[], everyMs: number): number {
  return deltas.reduce((sum, delta, at) => sum + wheel.wheel(delta, from + at * everyMs), 0)
}

test('one glide of a pad, however long, is one step; the next push is the next', () => {
  const wheel = new WheelSteps()
  const glide = [4, 18, 60, 90, 80, 66, 50, 40, 30, 22, 16, 11, 8, 5, 3, 2, 1, 1]
  expect(steps(wheel, 0, glide, 16)).toBe(1)
  expect(steps(wheel, 1_000, glide, 16)).toBe(1)
  expect(
    steps(
      wheel,
      2_000,
      glide.map((delta) => -delta),
      16,
    ),
  ).toBe(-1)
})

test('a push into a glide that has not ended counts', () => {
  const wheel = new WheelSteps()
  expect(steps(wheel, 0, [60, 90, 70, 50, 36, 26, 18, 12, 8, 6, 5, 4, 4, 3, 3, 3, 2, 2, 2, 2, 2, 80, 95, 60], 16)).toBe(
    2,
  )
})

test('notches of a wheel turned at once are one step, with a rest between them each is one', () => {
  expect(steps(new WheelSteps(), 0, [100, 100, 100], 60)).toBe(1)
  expect(steps(new WheelSteps(), 0, [100, 100, 100], 500)).toBe(3)
  expect(steps(new WheelSteps(), 0, [2, 3, 2], 16)).toBe(0)
})

test('a swipe needs a distance or a speed', () => {
  expect(swipeStep(-40, 400, 800)).toBe(0)
  expect(swipeStep(-200, 900, 800)).toBe(1)
  expect(swipeStep(80, 90, 800)).toBe(-1)
})
