import { describe, expect, it } from 'vitest'
import { JitterBuffer, MAX_DELAY_MS, MIN_DELAY_MS, playRate } from './jitter-buffer'

const FRAME = 1000 / 30

/** Arrivals of a live: each unit `lateMs(n)` after it was made, from 7000 on another clock. */
function play(buffer: JitterBuffer, count: number, lateMs: (n: number) => number, from = 0): number {
  let now = 0
  for (let n = from; n < from + count; n++) {
    now = 7000 + n * FRAME + lateMs(n)
    buffer.arrive(now, n * FRAME)
  }
  buffer.update(now)
  return now
}

describe('jitter buffer', () => {
  it('asks for little when the live comes evenly', () => {
    const buffer = new JitterBuffer()
    play(buffer, 300, () => 12)
    expect(buffer.targetMs).toBe(MIN_DELAY_MS)
    expect(buffer.base).toBeCloseTo(7012)
  })

  it('covers how segments arrive: half a second at once', () => {
    const buffer = new JitterBuffer()
    play(buffer, 300, (n) => (14 - (n % 15)) * FRAME)
    expect(buffer.targetMs).toBeGreaterThan(14 * FRAME)
    expect(buffer.targetMs).toBeLessThan(14 * FRAME + 40)
  })

  it('grows at once with the first late ones, is not moved by one in two hundred, and forgets after 10 s', () => {
    const buffer = new JitterBuffer()
    play(buffer, 300, () => 5)
    play(buffer, 60, (n) => (n % 3 === 0 ? 155 : 5), 300)
    expect(buffer.targetMs).toBeGreaterThan(150)
    play(buffer, 400, () => 5, 360)
    expect(buffer.targetMs).toBe(MIN_DELAY_MS)
    play(buffer, 300, (n) => (n % 200 === 0 ? 905 : 5), 760)
    expect(buffer.targetMs).toBe(MIN_DELAY_MS)
  })

  it('does not take what was there before us for the way in which the live arrives', () => {
    const buffer = new JitterBuffer()
    const opened = 7000 + 15 * FRAME
    for (let n = 0; n < 15; n++) buffer.arrive(opened, n * FRAME)
    buffer.update(opened)
    expect(buffer.targetMs).toBeGreaterThan(400)
    for (let n = 16; n < 62; n++) buffer.arrive(7000 + n * FRAME + 4, n * FRAME)
    buffer.update(7000 + 62 * FRAME)
    expect(buffer.targetMs).toBe(MIN_DELAY_MS)
  })

  it('never asks for more than two seconds', () => {
    const buffer = new JitterBuffer()
    play(buffer, 300, (n) => (n % 2) * 9000)
    expect(buffer.targetMs).toBe(MAX_DELAY_MS)
  })
})

describe('speed of playing', () => {
  it('is 1 where it should be, 1 % for little, and never beyond 0.95 and 1.1', () => {
    expect(playRate(100, 100)).toBe(1)
    expect(playRate(140, 100)).toBe(1.01)
    expect(playRate(90, 100)).toBe(0.99)
    for (let delay = 0; delay < 5000; delay += 7) {
      expect(playRate(delay, 500)).toBeGreaterThanOrEqual(0.95)
      expect(playRate(delay, 500)).toBeLessThanOrEqual(1.1)
    }
    expect(playRate(5000, 100)).toBe(1.1)
  })

  it('brings any delay to what is asked for, without going past it', () => {
    for (const start of [0, 60, 400, 3000]) {
      let delay = start
      const sign = Math.sign(start - 200)
      for (let at = 0; at < 60_000; at += 250) {
        delay -= 250 * (playRate(delay, 200) - 1)
        expect(sign * (delay - 200)).toBeGreaterThan(-8)
      }
      expect(Math.abs(delay - 200)).toBeLessThanOrEqual(8)
    }
  })
})
