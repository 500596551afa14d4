import { describe, expect, test } from 'vitest'
import { ViewTimeline } from './view-timeline'

const play = (seq: number) => ({ kind: 'play', seq })
const skip = (seq: number) => ({ kind: 'skip', seq })

describe('the order of play', () => {
  test('nothing before the start is chosen', () => {
    const timeline = new ViewTimeline(3000)
    timeline.arrive(4, 0)
    expect(timeline.advance(10_000)).toEqual([])
  })

  test('by number, whatever the order of arrival', () => {
    const timeline = new ViewTimeline(3000)
    timeline.startAt(4)
    timeline.arrive(6, 0)
    timeline.arrive(5, 10)
    timeline.arrive(3, 10) // before the start
    expect(timeline.advance(20)).toEqual([])
    timeline.arrive(4, 30)
    expect(timeline.advance(30)).toEqual([play(4), play(5), play(6)])
    expect(timeline.next).toBe(7)
  })

  test('a hole is waited for, then skipped', () => {
    const timeline = new ViewTimeline(3000)
    timeline.startAt(0)
    timeline.arrive(2, 1000)
    expect(timeline.advance(3999)).toEqual([])
    expect(timeline.advance(4000)).toEqual([skip(0), skip(1), play(2)])
    timeline.arrive(1, 4100) // too late
    expect(timeline.advance(9000)).toEqual([])
    expect(timeline.next).toBe(3)
  })

  test('a later hole has its own time', () => {
    const timeline = new ViewTimeline(3000)
    timeline.startAt(0)
    timeline.arrive(1, 0)
    timeline.arrive(3, 2000)
    expect(timeline.advance(3000)).toEqual([skip(0), play(1)])
    expect(timeline.advance(4999)).toEqual([])
    expect(timeline.advance(5000)).toEqual([skip(2), play(3)])
  })
})
