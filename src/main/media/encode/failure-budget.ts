/** How many failures are made good in silence, and within which time. */
const LIMIT = 3
const WINDOW_MS = 30_000

/** Counts failures of a program that is replaced each time: three within half a minute are too many. */
export class FailureBudget {
  private times: number[] = []

  /** @param now milliseconds; returns false when it shall not be tried again. */
  spend(now: number): boolean {
    this.times = [...this.times.filter((time) => now - time < WINDOW_MS), now]
    return this.times.length < LIMIT
  }
}
