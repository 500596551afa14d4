import { expect, it } from 'vitest'
import { FrameRing } from './frame-ring'

it('lends each frame once and counts when it has none', () => {
  const ring = new FrameRing(4, 2, 2)
  const first = ring.acquire()
  const second = ring.acquire()
  expect(first).not.toBe(second)
  expect(first?.data.length).toBe(12)
  expect(ring.acquire()).toBeNull()
  expect(ring.stalls).toBe(1)
})

it('frees a frame after its last holder and wakes those who wait', () => {
  const ring = new FrameRing(4, 2, 1)
  const frame = ring.acquire()!
  let woken = 0
  ring.onFree(() => woken++)
  ring.hold(frame)
  ring.release(frame)
  expect([ring.freeSlots, woken]).toEqual([0, 0])
  ring.release(frame)
  expect([ring.freeSlots, woken]).toEqual([1, 1])
  expect(ring.acquire()).toBe(frame)
  expect(woken).toBe(1)
})

it('refuses a second release and holding a free frame', () => {
  const ring = new FrameRing(4, 2, 1)
  const frame = ring.acquire()!
  ring.release(frame)
  expect(() => ring.release(frame)).toThrow('released twice')
  expect(() => ring.hold(frame)).toThrow('free frame')
})
