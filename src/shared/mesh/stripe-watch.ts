import type { ChunkAssembler } from './chunk-assembler'

/** A stripe whose pieces `from` to `until` are late, or all is well with it again. */
export type StripeNews =
  { type: 'late'; stripe: number; from: number; until: number } | { type: 'flowing'; stripe: number }

/** Told again at most so often while it lasts. */
const AGAIN_MS = 50
/** A piece is not late before: timers and sockets of a busy machine wander so much. */
const LEAST_GRACE_MS = 25
/** How long nothing at all may come before all stripes are late, at least. */
const LEAST_SILENCE_MS = 120
const MOST_REMEMBERED = 600

interface Stripe {
  /** Mean of arrival minus time of capture, and its mean deviation (as RFC 3550, 6.4.1), milliseconds. */
  delay: number | null
  jitter: number
  toldAt: number
  late: boolean
}

/** Sees which pieces are late. Pure: all times are given, milliseconds of one clock. */
export class StripeWatch {
  readonly #stripes: Stripe[]
  readonly #firstSeen = new Map<number, number>()
  #newest = -1
  #lastAt = 0
  #lastTimeMs = 0
  #chunkMs = 33

  constructor(stripes: number) {
    this.#stripes = Array.from({ length: stripes }, () => ({ delay: null, jitter: 10, toldAt: 0, late: false }))
  }

  /** A first copy came. @param timeMs of the chunk, on the clock of the show */
  arrived(chunk: number, stripe: number, timeMs: number, now: number): void {
    if (!this.#firstSeen.has(chunk)) {
      this.#firstSeen.set(chunk, now)
      const oldest = this.#firstSeen.keys().next()
      if (this.#firstSeen.size > MOST_REMEMBERED && !oldest.done) this.#firstSeen.delete(oldest.value)
    }
    const state = this.#stripes[stripe]
    if (state === undefined) return
    if (chunk > this.#newest) {
      if (this.#newest >= 0 && timeMs > this.#lastTimeMs && timeMs - this.#lastTimeMs < 1000) {
        this.#chunkMs += ((timeMs - this.#lastTimeMs) / (chunk - this.#newest) - this.#chunkMs) / 16
      }
      this.#newest = chunk
      this.#lastTimeMs = timeMs
      this.#lastAt = now
    }
    const delay = now - timeMs
    if (state.delay === null) state.delay = delay
    state.jitter += (Math.abs(delay - state.delay) - state.jitter) / 16
    state.delay += (delay - state.delay) / 32
  }

  /** How much earlier than now a chunk was first seen; 0 for an unknown one. */
  age(chunk: number, now: number): number {
    return now - (this.#firstSeen.get(chunk) ?? now)
  }

  /**
   * What is late now and was not told just before, and what flows again.
   * @param wanted true for a stripe whose pieces are needed even when the chunk is whole (there are children)
   */
  look(assembler: ChunkAssembler, wanted: (stripe: number) => boolean, now: number): StripeNews[] {
    const { next, newest } = assembler
    if (next === null) return []
    const silence = Math.max(LEAST_SILENCE_MS, 3 * this.#chunkMs + 2 * this.#worstJitter())
    const silent = now - this.#lastAt > silence
    const news: StripeNews[] = []
    for (const [stripe, state] of this.#stripes.entries()) {
      const missing = this.#missing(assembler, stripe, wanted(stripe), now)
      const from = missing ?? (silent ? newest + 1 : null)
      if (from === null) {
        if (state.late) news.push({ type: 'flowing', stripe })
        state.late = false
      } else if (now - state.toldAt >= AGAIN_MS) {
        state.toldAt = now
        state.late = true
        news.push({ type: 'late', stripe, from, until: Math.max(from, newest) })
      }
    }
    return news
  }

  #missing(assembler: ChunkAssembler, stripe: number, wanted: boolean, now: number): number | null {
    const grace = Math.max(LEAST_GRACE_MS, 2 * this.#stripes[stripe]!.jitter)
    // the newest ones need not be looked at: they are not late yet
    for (let chunk = assembler.next!; chunk <= assembler.newest; chunk++) {
      if (assembler.has(chunk, stripe) || (!wanted && assembler.isWhole(chunk))) continue
      const seen = this.#seenSince(chunk)
      if (seen !== null && now - seen > grace) return chunk
    }
    return null
  }

  /** When this chunk or one behind it was first seen. */
  #seenSince(chunk: number): number | null {
    let seen: number | null = null
    for (let later = chunk; later <= chunk + 2; later++) {
      const at = this.#firstSeen.get(later)
      if (at !== undefined && (seen === null || at < seen)) seen = at
    }
    return seen
  }

  #worstJitter(): number {
    return this.#stripes.reduce((worst, { jitter }) => Math.max(worst, jitter), 0)
  }
}
