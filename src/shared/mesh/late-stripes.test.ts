import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../sim/seeded-random'
import { LateStripes } from './late-stripes'

const STRIPES = 8
const FORGET_MS = 2_000

describe('what a member remembers of late stripes', () => {
  it('is what an array of times for every stripe would say, as far back as rules look', () => {
    const random = seededRandom(5)
    const late = new LateStripes(FORGET_MS)
    const [since, repaired, waiting] = [0, -Infinity, 0].map((none) => new Array<number>(STRIPES).fill(none))
    for (let now = 1; now < 200_000; now += Math.ceil(random() * 900)) {
      const stripe = Math.floor(random() * STRIPES)
      const what = Math.floor(random() * 4)
      if (what === 0) {
        late.begin(now, stripe)
        since![stripe] = now
      } else if (what === 1) {
        late.wait(now, stripe, now + 400)
        waiting![stripe] = now + 400
      } else if (what === 2) {
        late.end(now, stripe)
        if (since![stripe]! > 0) repaired![stripe] = now
        since![stripe] = waiting![stripe] = 0
      } else {
        late.clear(stripe)
        since![stripe] = waiting![stripe] = 0
      }
      expect(late.count).toBe(since!.filter((at) => at > 0).length)
      for (let other = 0; other < STRIPES; other++) {
        expect(late.since(other)).toBe(since![other])
        const isRecent = (at: number): boolean => at > now - FORGET_MS
        expect(isRecent(late.repairedAt(other))).toBe(isRecent(repaired![other]!))
        expect(isRecent(late.waitingUntil(other))).toBe(isRecent(waiting![other]!))
        if (isRecent(repaired![other]!)) expect(late.repairedAt(other)).toBe(repaired![other])
        if (isRecent(waiting![other]!)) expect(late.waitingUntil(other)).toBe(waiting![other])
      }
    }
  })
})
