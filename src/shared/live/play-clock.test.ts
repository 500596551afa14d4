import { expect, test } from 'vitest'
import { PlayClock } from './play-clock'

test('runs by the wall clock where there is no sound, at the speed that is asked for', () => {
  const clock = new PlayClock()
  clock.start(1000, 40)
  expect(clock.position(1500)).toBe(540)
  clock.setRate(1500, 1.1)
  expect(clock.position(2500)).toBeCloseTo(1640)
})

test('stands still, also before the moment that is not there yet, and goes on from the same place', () => {
  const clock = new PlayClock()
  clock.start(0, 0)
  clock.hold(120, 100)
  expect(clock.position(900)).toBe(100)
  clock.start(900, clock.position(900))
  expect(clock.position(950)).toBe(150)
})

test('follows a sound card that runs 200 ppm fast, to within a millisecond over ten minutes', () => {
  const clock = new PlayClock()
  clock.start(0, 0)
  for (let now = 0; now < 600_000; now += 43) {
    expect(clock.follow(now, now * 1.0002 + 5)).toBe(true)
    if (now > 5000) expect(Math.abs(clock.position(now) - (now * 1.0002 + 5))).toBeLessThan(1)
  }
})

test('a sound that is far away is to be brought here, and does not move the picture', () => {
  const clock = new PlayClock()
  clock.start(0, 0)
  expect(clock.follow(100, 900)).toBe(false)
  expect(clock.position(100)).toBe(100)
})
