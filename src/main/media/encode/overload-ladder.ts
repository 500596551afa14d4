import { MOST_OVERLOAD } from './encode-plan'

/** Too slow without a pause for so long: then the whole is too much, not a moment. */
const BUSY_MS = 3_000
/** How long everything must have been in time before one step is taken back. */
const CALM_MS = 30_000
/** A step that was taken back too early is tried again only after so much longer, at most. */
const LONGEST_CALM_MS = 480_000

/**
 * The slow ladder beside that of `overload.ts`, which helps for a frame: when frames have been late or reduced for
 * three seconds on end the encoder gets less to do, step by step, and gets it back after 30 calm seconds, later each
 * time that it was too early. Pure: times are arguments.
 */
export class OverloadLadder {
  /** As `EncodePlan.overload`. */
  step = 0
  private busySince: number | null = null
  private calmSince: number | null = null
  private lowered = -Infinity
  private calmMs = CALM_MS

  /**
   * @param now milliseconds
   * @param slow whether frames since the last call were late, reduced or lost
   * @param lightest the first step changes nothing: the preset is the lightest already
   */
  take(now: number, slow: boolean, lightest: boolean): number {
    if (slow) {
      this.calmSince = null
      this.busySince ??= now
      if (now - this.busySince >= BUSY_MS && this.step < MOST_OVERLOAD) {
        this.busySince = now
        if (now - this.lowered < 2 * this.calmMs) this.calmMs = Math.min(LONGEST_CALM_MS, this.calmMs * 2)
        this.step = this.step === 0 && lightest ? 2 : this.step + 1
      }
    } else {
      this.busySince = null
      this.calmSince ??= now
      if (now - this.calmSince >= this.calmMs && this.step > 0) {
        this.calmSince = now
        this.lowered = now
        this.step = this.step === 2 && lightest ? 0 : this.step - 1
      }
    }
    return this.step
  }
}
