/** The model is sure of a person here; a place of less counts only where it hangs together with such a one. */
const CORE = 0.8

/**
 * Hysteresis as in Canny's edge detector: doubtful places stay when they touch a person, as hair and hands do, and go
 * when they stand alone, as lamps and coats do. Works in memory made once.
 */
export class AttachedMask {
  readonly #open: Int32Array
  readonly #kept: Uint8Array

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.#open = new Int32Array(width * height)
    this.#kept = new Uint8Array(width * height)
  }

  /** Clears what is not attached, from `least` on, in place. */
  keep(mask: Float32Array, least: number): void {
    const [open, kept] = [this.#open, this.#kept]
    let count = 0
    for (let at = 0; at < mask.length; at++) {
      const core = mask[at]! > CORE
      kept[at] = core ? 1 : 0
      if (core) open[count++] = at
    }
    const { width, height } = this
    const last = width * (height - 1)
    while (count > 0) {
      const at = open[--count]!
      const x = at % width
      // Each place is opened once, so that the list never holds more than there are.
      const visit = (next: number): void => {
        if (kept[next] === 1 || mask[next]! <= least) return
        kept[next] = 1
        open[count++] = next
      }
      if (x > 0) visit(at - 1)
      if (x < width - 1) visit(at + 1)
      if (at >= width) visit(at - width)
      if (at < last) visit(at + width)
    }
    for (let at = 0; at < mask.length; at++) if (kept[at] === 0) mask[at] = 0
  }
}
