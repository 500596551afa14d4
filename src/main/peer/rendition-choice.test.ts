import { describe, expect, test } from 'vitest'
import { RenditionChoice } from './rendition-choice'

/** A viewer behind a line of so many kilobits a second, half a second of show after the other. */
class Viewer {
  readonly choice = new RenditionChoice()
  readonly seen: string[] = []
  now = 1_000

  watch(seconds: number, kbps: number): void {
    for (let i = 0; i < seconds * 2; i++) {
      const isSource = this.choice.id === 'source'
      this.seen.push(this.choice.id)
      const bytes = isSource ? 225_000 : 52_000
      const tookMs = (bytes * 8) / kbps
      // What takes longer than it lasts is overdue at some time.
      this.now += Math.max(500, tookMs)
      this.choice.took({ tookMs, durationMs: 500, bytes, sourceBytes: 225_000 }, this.now)
    }
  }

  get changes(): number {
    return this.seen.filter((id, i) => i > 0 && id !== this.seen[i - 1]).length
  }
}

describe('the quality that chooses itself', () => {
  test('stays at the source on a line that carries it', () => {
    const viewer = new Viewer()
    viewer.watch(120, 10_000)
    expect(viewer.changes).toBe(0)
    expect(viewer.choice.id).toBe('source')
  })

  test('falls to the small picture within two segments on a line that does not', () => {
    const viewer = new Viewer()
    viewer.watch(20, 10_000)
    const at = viewer.seen.length
    viewer.watch(10, 1_500)
    expect(viewer.seen.slice(at).indexOf('small')).toBeLessThanOrEqual(2)
    expect(viewer.choice.id).toBe('small')
  })

  test('does not wait for a segment that never comes', () => {
    const { choice } = new Viewer()
    choice.waits(900, 500, 5_000)
    choice.waits(1_400, 500, 5_400)
    expect(choice.id).toBe('source')
    choice.waits(1_600, 500, 5_600)
    expect(choice.id).toBe('small')
  })

  test('goes back when there is room again, not at once', () => {
    const viewer = new Viewer()
    viewer.watch(2, 1_500)
    const at = viewer.now
    viewer.watch(5, 20_000)
    expect(viewer.choice.id).toBe('small')
    viewer.watch(20, 20_000)
    expect(viewer.choice.id).toBe('source')
    expect(viewer.now).toBeGreaterThan(at)
  })

  test('tries less and less often on a line that promises what it does not hold', () => {
    const { choice } = new Viewer()
    let now = 1_000
    const tries: number[] = []
    while (now < 600_000) {
      now += 500
      const isSource = choice.id === 'source'
      choice.took(
        { tookMs: isSource ? 700 : 30, durationMs: 500, bytes: isSource ? 225_000 : 52_000, sourceBytes: 225_000 },
        now,
      )
      if (!isSource && choice.id === 'source') tries.push(now)
    }
    const gaps = tries.slice(1).map((at, i) => at - tries[i]!)
    expect(gaps.length).toBeLessThan(10)
    expect(gaps[1]!).toBeGreaterThan(1.5 * gaps[0]!)
    expect(gaps.at(-1)!).toBeGreaterThan(150_000)
  })
})
