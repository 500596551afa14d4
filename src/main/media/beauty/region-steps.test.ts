import { describe, expect, it } from 'vitest'
import { RegionSteps, stepFor } from './region-steps'

/** The steps of a face whose width is another one in each frame. */
function stepsOf(widths: readonly number[]): number[] {
  const steps = new RegionSteps()
  return widths.map((width, i) => {
    steps.next()
    return steps.choose([320 + i, 240], width)
  })
}

describe('RegionSteps', () => {
  it('keeps the step of a face whose width sways around a limit', () => {
    expect(stepsOf([238, 242, 239, 245, 237, 250])).toEqual([2, 2, 2, 2, 2, 2])
    expect(stepsOf([250, 238, 242, 230, 245])).toEqual([4, 4, 4, 4, 4])
    expect(stepsOf([655, 630, 645, 610])).toEqual([8, 8, 8, 8])
  })

  it('changes it once when the face really comes nearer or goes away', () => {
    expect(stepsOf([220, 235, 250, 260, 270, 260, 250])).toEqual([2, 2, 2, 4, 4, 4, 4])
    expect(stepsOf([700, 620, 580, 620, 650])).toEqual([8, 8, 4, 4, 4])
  })

  it('takes the step of its width for a face that was not there before', () => {
    const steps = new RegionSteps()
    steps.next()
    expect(steps.choose([100, 100], 250)).toBe(4)
    steps.next()
    expect(steps.choose([900, 100], 238)).toBe(2)
    steps.next()
    expect(steps.choose([900, 100], 500)).toBe(stepFor(500))
  })

  it('keeps two faces apart', () => {
    const steps = new RegionSteps()
    for (const widths of [
      [250, 230],
      [238, 242],
      [236, 244],
    ] as const) {
      steps.next()
      expect([steps.choose([200, 200], widths[0]), steps.choose([700, 200], widths[1])]).toEqual([4, 2])
    }
  })
})
