import { describe, expect, it } from 'vitest'
import { OneEuroFilter } from './one-euro'

/** Feeds one coordinate and returns what comes out. */
function filtered(inputs: number[], unit = 100, fps = 30): number[] {
  const filter = new OneEuroFilter(1, fps, { calmHz: 1, gain: 40 })
  return inputs.map((value) => {
    const coordinates = new Float32Array([value])
    filter.apply(coordinates, unit)
    return coordinates[0]!
  })
}

describe('OneEuroFilter', () => {
  it('passes the first frame and a constant unchanged', () => {
    expect(filtered([5, 5, 5])).toEqual([5, 5, 5])
  })

  it('follows the formula of the paper', () => {
    // Speed 3 px * 30 / 100 = 0.9 widths/s; share at 1 Hz is a = 1 / (1 + 30 / 2pi); the cut-off is 1 + 40 * a * 0.9.
    const a = 1 / (1 + 30 / (2 * Math.PI))
    const share = 1 / (1 + 30 / (2 * Math.PI * (1 + 40 * a * 0.9)))
    expect(filtered([0, 3])[1]).toBeCloseTo(3 * share, 5)
  })

  it('follows fast movement more closely than slow', () => {
    const lag = (step: number): number => {
      const inputs = Array.from({ length: 60 }, (_, i) => i * step)
      return (inputs.at(-1)! - filtered(inputs).at(-1)!) / step
    }
    expect(lag(10)).toBeLessThan(0.1)
    expect(lag(0.1)).toBeGreaterThan(1)
  })

  it('smooths a near and a far face alike', () => {
    const inputs = [0, 1, -1, 2, 0, 3]
    const far = filtered(inputs, 100)
    const near = filtered(
      inputs.map((value) => value * 4),
      400,
    )
    near.forEach((value, i) => expect(value / 4).toBeCloseTo(far[i]!, 5))
  })
})
