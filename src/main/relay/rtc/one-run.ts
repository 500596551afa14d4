/** A program that ended, or no longer fits what comes, is begun anew at most so often, milliseconds. */
const AGAIN_MS = 2_000

/** At most one run of a program at a time, until `close`. */
export class OneRun<Run extends { end: () => void }> {
  private run: Run | null = null
  private notBefore = 0
  private isClosed = false

  get closed(): boolean {
    return this.isClosed
  }

  get current(): Run | null {
    return this.run
  }

  /** A run in place of none; null while it is too early for another one. */
  begin(start: () => Run): Run | null {
    if (performance.now() < this.notBefore) return null
    this.notBefore = performance.now() + AGAIN_MS
    return (this.run = start())
  }

  end(): void {
    this.run?.end()
    this.run = null
  }

  close(): void {
    this.isClosed = true
    this.end()
  }
}
