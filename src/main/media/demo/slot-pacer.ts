/** What a pacer drives. */
export interface PacedWork {
  /**
   * Makes slot `index`. False while there is no room for it: it is asked for again and delivered late.
   * @param dueMs when the slot was due, on the clock of `performance.now()`
   */
  make(index: number, dueMs: number): boolean
  /** Slots that are given up because the work is too far behind; their numbers are skipped. */
  skip(first: number, count: number): void
}

/** A slot this many slots late is given up together with all that are due. */
export const MOST_SLOTS_BEHIND = 10
/** Being this far behind means that the computer slept, not that it was slow: time then goes on where it stopped. */
const ASLEEP_MS = 10_000
/** How soon to ask again when there was no room. */
const RETRY_MS = 2

/** Calls for one slot every 1/fps seconds by an absolute clock: waiting errors never add up, so there is no drift. */
export class SlotPacer {
  private next = 0
  private startMs = 0
  private timer: NodeJS.Timeout | undefined
  private immediate: NodeJS.Immediate | undefined
  private stopped = false

  constructor(
    private readonly fps: number,
    private readonly work: PacedWork,
  ) {}

  start(): void {
    this.startMs = performance.now()
    this.tick()
  }

  /** Also from within `make`. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    clearImmediate(this.immediate)
  }

  private dueMs(index: number): number {
    return this.startMs + (index * 1000) / this.fps
  }

  private tick(): void {
    const now = performance.now()
    const behindMs = now - this.dueMs(this.next)
    if (behindMs > ASLEEP_MS) this.startMs += behindMs
    const behind = Math.floor(((now - this.dueMs(this.next)) * this.fps) / 1000 + 1e-6)
    if (behind > MOST_SLOTS_BEHIND) {
      this.work.skip(this.next, behind)
      this.next += behind
    }
    if (behind >= 0) {
      if (!this.work.make(this.next, this.dueMs(this.next))) {
        this.timer = setTimeout(() => this.tick(), RETRY_MS)
        return
      }
      this.next++
    }
    if (this.stopped) return
    const wait = this.dueMs(this.next) - performance.now()
    if (wait <= 0) this.immediate = setImmediate(() => this.tick())
    else this.timer = setTimeout(() => this.tick(), wait)
  }
}
