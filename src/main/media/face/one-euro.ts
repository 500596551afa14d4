/** How the filter trades calm for speed. */
export interface OneEuroOptions {
  /** Cut-off of a coordinate that stands still, in Hz: lower is calmer. */
  calmHz: number
  /** Hz that the cut-off gains for a speed of one face width in a second: higher follows faster. */
  gain: number
}

/** Cut-off of the speed estimate, in Hz: the value of the paper. */
const SPEED_HZ = 1

/**
 * One-Euro filter (Casiez, Roussel, Vogel: "1€ Filter", CHI 2012) over many coordinates at once. Speeds are measured
 * in face widths, so that a face near the camera and one far away are smoothed alike.
 */
export class OneEuroFilter {
  readonly #fps: number
  readonly #options: OneEuroOptions
  readonly #values: Float32Array
  readonly #speeds: Float32Array
  #started = false

  /** @param count number of coordinates */
  constructor(count: number, fps: number, options: OneEuroOptions) {
    this.#fps = fps
    this.#options = options
    this.#values = new Float32Array(count)
    this.#speeds = new Float32Array(count)
  }

  /**
   * Smooths one frame of coordinates in place.
   *
   * @param coordinates in pixels
   * @param unit face width in pixels
   */
  apply(coordinates: Float32Array, unit: number): void {
    const values = this.#values
    const speeds = this.#speeds
    if (!this.#started) {
      this.#started = true
      values.set(coordinates)
      return
    }
    const { calmHz, gain } = this.#options
    const perWidth = this.#fps / Math.max(unit, 1)
    const speedShare = this.#share(SPEED_HZ)
    for (let i = 0; i < coordinates.length; i++) {
      const value = values[i]!
      const speed = speeds[i]! + speedShare * ((coordinates[i]! - value) * perWidth - speeds[i]!)
      speeds[i] = speed
      const next = value + this.#share(calmHz + gain * Math.abs(speed)) * (coordinates[i]! - value)
      values[i] = next
      coordinates[i] = next
    }
  }

  /** Share of a new sample in a low-pass of the given cut-off. */
  #share(cutOffHz: number): number {
    return 1 / (1 + this.#fps / (2 * Math.PI * cutOffHz))
  }
}
