import { expect, test } from 'vitest'
import { INIT, SyntheticShow, CONFIG } from './testing/synthetic-show'
import type { AccessUnit, SegmentBorders } from '@shared/media/access-unit'
import { SegmentMaker } from '@shared/media/segment-maker'

test('a viewer makes the very bytes of each segment out of its units, and none where one is missing', async () => {
  const maker = new SegmentMaker()
  const lacking = new SegmentMaker()
  const whole: boolean[] = []
  const withHole: boolean[] = []
  const lost = (unit: AccessUnit): boolean => unit.track === 'sound' && unit.frame === 30
  const show = new SyntheticShow(800, {
    config: (config) => [maker, lacking].map((one) => one.config(config)),
    unit: (unit) => {
      maker.unit(unit)
      if (!lost(unit)) lacking.unit(unit)
    },
    segment: (bytes: Uint8Array, borders: SegmentBorders) => {
      const made = maker.make(borders)
      whole.push(made !== null && Buffer.compare(made.segment, bytes) === 0 && Buffer.compare(made.init, INIT) === 0)
      withHole.push(lacking.make(borders) !== null)
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 1_700))
  show.stop()
  expect(CONFIG.fps).toBe(30)
  expect(whole.slice(0, 3)).toEqual([true, true, true])
  expect(withHole.slice(0, 3)).toEqual([true, false, true])
})
