import { describe, expect, it } from 'vitest'
import { StreamClock } from './stream-clock'

describe('the clock of a live', () => {
  it('goes on where a publisher’s 32 bits wrap', () => {
    const clock = new StreamClock()
    const start = 2 ** 32 - 100
    const times = Array.from({ length: 10 }, (_, i) => clock.timeOf('picture', (start + i * 33) % 2 ** 32))
    expect(times).toEqual(Array.from({ length: 10 }, (_, i) => i * 33))
  })

  it('goes on without a hole when the publisher jumps, and when another one begins at 0', () => {
    const clock = new StreamClock()
    clock.timeOf('picture', 1_000)
    expect(clock.timeOf('picture', 1_033)).toBe(33)
    expect(clock.timeOf('picture', 900_000)).toBe(33)
    expect(clock.timeOf('picture', 900_033)).toBe(66)
    clock.restart()
    expect(clock.timeOf('sound', 0)).toBe(99)
    expect(clock.timeOf('picture', 40)).toBe(139)
  })

  it('lets another encoding begin when the last frames of the one before are over, sound and picture', () => {
    const clock = new StreamClock()
    const sound = (frame: number): number => clock.timeOf('sound', (frame * 1024) / 48)
    const picture = (slot: number): number => clock.timeOf('picture', (slot * 1000) / 30)
    ;[0, 1, 12].forEach(picture) // with a hole
    const last = [0, 1, 2, 18, 19].map(sound).at(-1)!
    clock.restart()
    expect(sound(0)).toBeGreaterThanOrEqual(last + 1024 / 48 - 0.001)
    expect(picture(0)).toBeCloseTo(Math.max((12 * 1000) / 30 + 100, last + 1024 / 48), 6)
  })

  it('never falls within a track, whatever is sent', () => {
    const clock = new StreamClock()
    let last = 0
    for (const stamp of [0, 33, 20, 4_000_000_000, 5, 66, 2 ** 31, 100]) {
      const time = clock.timeOf('picture', stamp)
      expect(time).toBeGreaterThanOrEqual(last)
      last = time
    }
  })

  it('keeps slots of our own encoder exact', () => {
    const clock = new StreamClock()
    const times = Array.from({ length: 4 }, (_, slot) => clock.timeOf('picture', (slot * 1000) / 30))
    times.forEach((time, slot) => expect(time).toBeCloseTo((slot * 1000) / 30, 6))
  })

  it('counts sound by samples, and puts it right where some is missing or too much', () => {
    const clock = new StreamClock()
    const at = (frame: number): number => (frame * 1024 * 1000) / 48_000
    expect([0, 1, 2].map((frame) => clock.samplesOf(Math.round(at(frame)), 48_000))).toEqual([0, 1024, 2048])
    expect(clock.samplesOf(at(50), 48_000)).toBe(51_200) // 47 frames are missing
    expect(clock.samplesOf(at(40), 48_000)).toBeNull() // far in the past
  })
})
