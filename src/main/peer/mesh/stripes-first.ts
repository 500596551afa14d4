/** Bytes of segments wait no longer for those of stripes: who asked for them must not starve. */
const LONGEST_MS = 1_000
const AGAIN_MS = 20

/** Lets what a node sends of segments wait while pieces of the mesh wait: these are played at once, segments later or never. */
export class StripesFirst {
  #since: number | null = null

  /**
   * How long the next bytes of a segment have to wait, milliseconds.
   * @param waiting bytes of stripes that wait @param now milliseconds of one clock
   */
  wait(waiting: number, now: number): number {
    if (waiting === 0) {
      this.#since = null
      return 0
    }
    this.#since ??= now
    if (now - this.#since < LONGEST_MS) return AGAIN_MS
    this.#since = null
    return 0
  }
}
