import type { MeshSettings } from './mesh-settings'

/** Viewers that found no place this long, again and again, cannot serve each other. */
const LACKING_MS = 2_000
const FORGOTTEN_MS = 4_000

/**
 * What the broadcaster gives to the mesh: the show once, so that viewers serve each other; more only while these cannot
 * (nobody uploads), up to what its line and its owner allow. Pure.
 */
export class SourceBudget {
  readonly #settings: MeshSettings
  readonly #limitBps: number
  #stripes: number
  #since: number | null = null
  #lastAt = 0

  constructor(settings: MeshSettings, limitBps: number) {
    this.#settings = settings
    this.#limitBps = limitBps
    // so many that, without the part kept for repairs, each stripe has its place (`UplinkSlots.lasting`)
    this.#stripes = settings.stripes
    while (this.#stripes - Math.floor(this.#stripes * settings.repairShare) < settings.stripes) this.#stripes++
  }

  get bps(): number {
    return Math.min(this.#limitBps, this.#stripes * this.#settings.stripeBps)
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
    if (this.bps > before) return true
    this.#stripes -= this.#settings.stripes
    return false
  }
}
