import { expect, it } from 'vitest'
import { effortFor } from './overload'

it('does everything with an empty queue and less with each frame that waits', () => {
  expect([0, 1, 2, 3, 4, 7].map((waiting) => effortFor(waiting))).toEqual([
    { track: true, beauty: 'full' },
    { track: true, beauty: 'full' },
    { track: false, beauty: 'full' },
    { track: false, beauty: 'no-warp' },
    { track: false, beauty: 'none' },
    { track: false, beauty: 'none' },
  ])
})
