import { expect, it } from 'vitest'
import { FrameQueue } from './frame-queue'

const size = { width: 4, height: 2 }

/** Fills and hands in frame `index`. */
function add(queue: FrameQueue, index: number, ready = true): boolean {
  const frame = queue.acquire()
  if (!frame) return false
  frame.data.fill(index)
  queue.commit(frame, index, ready)
  return true
}

it('a live source is shown frame by frame, and its last again when it is late', () => {
  const queue = new FrameQueue(size, true)
  add(queue, 0)
  expect([queue.advance(), queue.shownIndex]).toEqual([true, 0])
  expect([queue.advance(), queue.shownIndex]).toEqual([false, 0])
  add(queue, 1)
  add(queue, 2)
  expect([queue.advance(), queue.shownIndex]).toEqual([true, 1])
  expect([queue.advance(), queue.shown!.data[0]]).toEqual([true, 2])
})

it('a live source never waits, and its newest frames are kept', () => {
  const queue = new FrameQueue(size, true)
  for (let i = 0; i < 50; i++) expect(add(queue, i)).toBe(true)
  queue.advance()
  expect(queue.shownIndex).toBeGreaterThanOrEqual(47)
})

it('a file waits, and loses nothing', () => {
  const queue = new FrameQueue(size, false)
  let next = 0
  while (add(queue, next)) next++
  expect(next).toBe(3)
  let woken = false
  queue.onFree(() => (woken = true))
  const shown: number[] = []
  for (let slot = 0; slot < 20; slot++) {
    queue.advance()
    shown.push(queue.shownIndex)
    while (add(queue, next)) next++
  }
  expect(woken).toBe(true)
  expect(shown).toEqual(shown.map((_, i) => i))
})

it('work that is slower than the source still lets a finished frame be seen each time', () => {
  const queue = new FrameQueue(size, true)
  const shown: number[] = []
  let index = 0
  for (let round = 0; round < 20; round++) {
    add(queue, index++, false)
    const work = queue.takeWork()!
    // Five more frames come while one is worked on, and three before the next slot.
    for (let i = 0; i < 5; i++) add(queue, index++, false)
    work.ready = true
    for (let i = 0; i < 3; i++) add(queue, index++, false)
    queue.advance()
    shown.push(queue.shownIndex)
  }
  expect(new Set(shown).size).toBe(20)
  expect(shown).toEqual(shown.toSorted((a, b) => a - b))
  expect(index - shown.at(-1)!).toBeLessThan(30)
})

it('a late picture is held back by as many frames as asked', () => {
  const queue = new FrameQueue(size, true)
  queue.lag = 5
  const shown: number[] = []
  for (let i = 0; i < 60; i++) {
    add(queue, i)
    queue.advance()
    shown.push(queue.shownIndex)
  }
  expect(shown.slice(10)).toEqual(shown.slice(10).map((_, i) => i + 5))
})

it('a delay that has grown is given up after a second', () => {
  const queue = new FrameQueue(size, true)
  add(queue, 0)
  add(queue, 1)
  for (let i = 2; i < 100; i++) {
    add(queue, i)
    queue.advance()
  }
  expect(queue.shownIndex).toBe(99)
})
