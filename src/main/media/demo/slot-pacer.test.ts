import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MOST_SLOTS_BEHIND, SlotPacer } from './slot-pacer'

describe('SlotPacer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('makes each slot at its time for ten minutes, without drift', async () => {
    const late: number[] = []
    const pacer = new SlotPacer(30, {
      make(index, dueMs) {
        late[index] = performance.now() - dueMs
        return true
      },
      skip: () => expect.fail('nothing is late'),
    })
    pacer.start()
    await vi.advanceTimersByTimeAsync(600_000)
    pacer.stop()
    expect(late.length).toBe(18_001)
    expect(Math.max(...late.slice(-100))).toBeLessThan(2)
    expect(Math.min(...late)).toBeGreaterThan(-0.01)
  })

  it('delivers late what found no room, in order and without skipping', async () => {
    const made: number[] = []
    let room = true
    const pacer = new SlotPacer(30, {
      make(index) {
        if (room) made.push(index)
        return room
      },
      skip: () => expect.fail('not late enough'),
    })
    pacer.start()
    await vi.advanceTimersByTimeAsync(1000)
    room = false
    await vi.advanceTimersByTimeAsync(250)
    const stalled = made.length
    room = true
    await vi.advanceTimersByTimeAsync(750)
    pacer.stop()
    expect(stalled).toBeLessThan(33)
    expect(made).toEqual(Array.from({ length: 61 }, (_, i) => i))
  })

  it('gives up what is more than ten slots late and goes on with the present one', async () => {
    const seen: string[] = []
    let room = false
    const pacer = new SlotPacer(30, {
      make(index) {
        if (room) seen.push(`made ${index}`)
        return room
      },
      skip: (first, count) => seen.push(`skipped ${first} to ${first + count - 1}`),
    })
    pacer.start()
    await vi.advanceTimersByTimeAsync(((MOST_SLOTS_BEHIND + 1) * 1000) / 30 + 5)
    room = true
    await vi.advanceTimersByTimeAsync(40)
    pacer.stop()
    expect(seen.slice(0, 3)).toEqual(['skipped 0 to 10', 'made 11', 'made 12'])
  })

  it('goes on where it stopped after the computer slept', async () => {
    const made: number[] = []
    const fakeNow = performance.now.bind(performance)
    let slept = 0
    vi.spyOn(performance, 'now').mockImplementation(() => fakeNow() + slept)
    const pacer = new SlotPacer(30, {
      make(index) {
        made.push(index)
        return true
      },
      skip: () => expect.fail('an hour of sleep is not an hour of lost frames'),
    })
    pacer.start()
    await vi.advanceTimersByTimeAsync(1000)
    slept = 3_600_000
    await vi.advanceTimersByTimeAsync(1000)
    pacer.stop()
    expect(made).toEqual(Array.from({ length: made.length }, (_, i) => i))
    expect(made.length).toBeGreaterThanOrEqual(60)
    expect(made.length).toBeLessThanOrEqual(63)
  })
})
