import { expect, it } from 'vitest'
import { BitrateController } from './bitrate-controller'

it('keeps within a new quality, and goes on at its top where nothing was wrong', () => {
  const controller = new BitrateController({ floorKbps: 400, maxKbps: 3500 })
  controller.setMax(6000)
  expect(controller.targetKbps).toBe(6000)
  controller.take({ atMs: 0, queuedMs: 1500, carriedKbps: 2140, links: 1 })
  expect(controller.targetKbps).toBe(1200)
  controller.setMax(1500)
  expect(controller.targetKbps).toBe(1200)
})
