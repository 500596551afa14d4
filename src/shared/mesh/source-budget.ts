import type { MeshSettings } from './mesh-settings'

/** Viewers that found no place this long, again and again, cannot serve each other. */
const LACKING_MS = 2_000
const FORGOTTEN_MS = 4_000
/** So long without such viewers, and one step is taken back; doubled each time that was too early. */
const QUIET_MS = 10_000
const LONGEST_QUIET_MS = 320_000

/**
 * What the broadcaster gives to the mesh: the show once, so that viewers serve each other; more only while these cannot
 * (nobody uploads), up to what its line and its owner allow. What was given more is taken back step by step once nobody
 * lacks a place; a step that had to be given again is kept for longer. Pure.
 */
export class SourceBudget {
  readonly #settings: MeshSettings
  #limitBps: number
  readonly #least: number
  #stripes: number
  #quietMs = QUIET_MS
  #changedAt = 0
  #fellAt: number | null = null
  #since: number | null = null
  #lastAt = 0

  constructor(settings: MeshSettings, limitBps: number) {
    this.#settings = settings
    this.#limitBps = limitBps
    // so many that, without the part kept for repairs, each stripe has its place (`UplinkSlots.lasting`)
    this.#stripes = settings.stripes
    while (this.#stripes - Math.floor(this.#stripes * settings.repairShare) < settings.stripes) this.#stripes++
    this.#least = this.#stripes
  }

  get bps(): number {
    return Math.min(this.#limitBps, this.#stripes * this.#settings.stripeBps)
  }

  /** What its line and its owner allow, from now on. */
  set limitBps(value: number) {
    this.#limitBps = value
  }

  /** Somebody found no place. True when there is more to give now. */
  noPlace(now: number): boolean {
    if (now - this.#lastAt > FORGOTTEN_MS) this.#since = now
    this.#lastAt = now
    this.#since ??= now
    const before = this.bps
    if (now - this.#since < LACKING_MS) return false
    this.#since = now
    this.#stripes += this.#settings.stripes
    if (this.bps <= before) {
      this.#stripes -= this.#settings.stripes
      return false
    }
    if (this.#fellAt !== null && now - this.#fellAt < this.#quietMs) {
      this.#quietMs = Math.min(LONGEST_QUIET_MS, this.#quietMs * 2)
    }
    this.#fellAt = null
    this.#changedAt = now
    return true
  }

  /** To be asked about once a second. True when there is less to give now. */
  quiet(now: number): boolean {
    if (this.#stripes === this.#least || now - Math.max(this.#lastAt, this.#changedAt) < this.#quietMs) return false
    const before = this.bps
    this.#stripes = Math.max(this.#least, this.#stripes - this.#settings.stripes)
    this.#changedAt = this.#fellAt = now
    return this.bps < before
  }
}
