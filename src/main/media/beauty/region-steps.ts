/** Face widths in pixels above which a step of 4 and of 8 is taken. */
const STEP_4 = 240
const STEP_8 = 640
/** A followed face keeps its step until its width is so much on the other side. */
const LAG = 1.06
/** From one frame to the next a followed face moves less than this share of its width, and grows by less. */
const SAME_PLACE = 0.5
const SAME_WIDTH = 1.25

/** Pixels that one sample of the working grid stands for, by the width of the face. */
export function stepFor(faceWidth: number): number {
  return faceWidth > STEP_8 ? 8 : faceWidth > STEP_4 ? 4 : 2
}

interface Seen {
  x: number
  y: number
  width: number
  step: number
}

/**
 * The steps of the faces of a running picture: one whose width sways around a limit keeps its step, so that the
 * retouch does not flicker. Faces are known again by where they were in the frame before; a face that was not there,
 * as in a still picture, has the step of its width.
 */
export class RegionSteps {
  #before: Seen[] = []
  #now: Seen[] = []

  /** What follows belongs to the next frame. */
  next(): void {
    const free = this.#before
    this.#before = this.#now
    this.#now = free
    free.length = 0
  }

  /** The step for a face whose middle and width are given in pixels. */
  choose([x, y]: readonly [number, number], width: number): number {
    let step = stepFor(width)
    for (const seen of this.#before) {
      if (Math.hypot(seen.x - x, seen.y - y) > SAME_PLACE * width) continue
      if (Math.max(seen.width / width, width / seen.width) > SAME_WIDTH) continue
      if (stepFor(width * LAG) === seen.step || stepFor(width / LAG) === seen.step) step = seen.step
      break
    }
    this.#now.push({ x, y, width, step })
    return step
  }
}
