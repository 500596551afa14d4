/** Pixels of wheel that are a gesture; a touch of the pad is less. */
const WHEEL_STEP = 24
/** Stillness after which a gesture is over, ms. */
const QUIET_MS = 160
/** A new push in the middle of a glide: so much faster than what came just before. */
const PUSH = 2.2
/** No two steps within this, ms: as long as a step is shown. */
const LEAST_MS = 320
/** Of the height, and pixels per ms: what makes a swipe a step. */
const SWIPE_PART = 0.18
const SWIPE_SPEED = 0.45

export type Step = -1 | 0 | 1

/**
 * Turns wheels and pads into one step per gesture: a pad goes on telling of a glide for a second, and a wheel of one turn
 * tells several notches.
 */
export class WheelSteps {
  #sum = 0
  #lastAt = -Infinity
  #lastSize = 0
  #steppedAt = -Infinity
  #spent = false

  /** @param deltaY pixels, down is positive; `now` in ms */
  wheel(deltaY: number, now: number): Step {
    const size = Math.abs(deltaY)
    const isNew = now - this.#lastAt > QUIET_MS || Math.sign(deltaY) * this.#sum < 0
    const isPush = this.#spent && size > WHEEL_STEP && size > this.#lastSize * PUSH
    if (isNew || isPush) {
      this.#sum = 0
      this.#spent = false
    }
    this.#lastAt = now
    this.#lastSize = size
    this.#sum += deltaY
    if (this.#spent || Math.abs(this.#sum) < WHEEL_STEP || now - this.#steppedAt < LEAST_MS) return 0
    this.#spent = true
    this.#steppedAt = now
    return this.#sum > 0 ? 1 : -1
  }
}

/**
 * What a swipe means when the finger is lifted. @param moved pixels, up is negative @param ms how long it took
 * @param height of the player
 */
export function swipeStep(moved: number, ms: number, height: number): Step {
  const isFar = Math.abs(moved) > height * SWIPE_PART
  const isFast = Math.abs(moved) > 30 && Math.abs(moved) / Math.max(1, ms) > SWIPE_SPEED
  if (!isFar && !isFast) return 0
  return moved < 0 ? 1 : -1
}
