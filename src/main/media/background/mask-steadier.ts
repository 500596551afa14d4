/** Share of a new mask where nothing moves: noise of the sensor averages out over about four frames. */
const STILL = 0.28
/** Change of light, in levels, from which a place counts as moved, and where it has wholly. */
const MOVED_FROM = 2.5
const MOVED_TO = 9
/** A mask that differs by this much says that somebody has come or gone, whatever the light. */
const CHANGED_FROM = 0.25
const CHANGED_TO = 0.6

/**
 * Steadies the mask over time: each place takes the more of the new mask the more its light or the mask itself has
 * changed, so that still edges do not shimmer and moving ones leave no trail.
 */
export class MaskSteadier {
  readonly #mask: Float32Array
  readonly #light: Float32Array
  #first = true

  constructor(cells: number) {
    this.#mask = new Float32Array(cells)
    this.#light = new Float32Array(cells)
  }

  /** The next mask belongs to another picture. */
  reset(): void {
    this.#first = true
  }

  /**
   * @param mask 0..1, @param light one channel of the picture it was found in, 0..1
   * @returns the steady mask, valid until the next call
   */
  steady(mask: Float32Array, light: Float32Array): Float32Array {
    const [kept, before] = [this.#mask, this.#light]
    if (this.#first) kept.set(mask)
    else {
      const scale = 1 / (MOVED_TO - MOVED_FROM)
      const levels = 255 * scale
      const start = MOVED_FROM * scale
      for (let i = 0; i < kept.length; i++) {
        const change = mask[i]! - kept[i]!
        const moved = Math.abs(light[i]! - before[i]!) * levels - start
        const changed = (Math.abs(change) - CHANGED_FROM) / (CHANGED_TO - CHANGED_FROM)
        const share = Math.min(Math.max(moved, changed, STILL), 1)
        kept[i] = kept[i]! + change * share
      }
    }
    before.set(light.subarray(0, before.length))
    this.#first = false
    return kept
  }
}
