import { slotsOf, type MeshSettings } from './mesh-settings'

/** A round of confirmations is judged after so long, milliseconds: longer than a round trip with its jitter. */
const ROUND_MS = 250
/** More late pieces than this in a round are too many for the uplink; single losses are not. */
const LATE_SHARE = 0.05
/** Slots taken in this part prove the rest: some children are always just changing. */
const FULL_SHARE = 0.7
/** How soon a limit that was hit is tried again; doubled each time it holds. */
const FIRST_RETRY_MS = 20_000
const LONGEST_RETRY_MS = 600_000

/**
 * How many stripe children an uplink is good for: as many as the stream itself has at first, so that whoever comes brings
 * the room that it takes; raised by half by each round that children confirm in full while all slots are taken, lowered at
 * once to what arrived in time when deadlines are missed, and probed by single slots above that (as TCP does, RFC 5681).
 * Never more than the owner's limit.
 */
export class UplinkSlots {
  #proven: number
  #ceiling = Infinity
  #limit: number
  #roundAt = 0
  #pieces = 0
  #late = 0
  #retryMs = FIRST_RETRY_MS
  #retryAt = Infinity

  constructor(
    private readonly settings: MeshSettings,
    limitBps: number,
  ) {
    this.#limit = slotsOf(limitBps, settings)
    this.#proven = Math.max(2, settings.stripes)
  }

  /** Slots that may be taken, repairs and changes of place included. */
  get total(): number {
    return Math.min(this.#proven, this.#limit)
  }

  /** Slots for children that stay: without what is kept for repairs. */
  get lasting(): number {
    const { total } = this
    return total - Math.floor(total * this.settings.repairShare)
  }

  /** Could more be proven? */
  get mayGrow(): boolean {
    return this.#proven < this.#limit && this.#proven < this.#ceiling
  }

  limit(limitBps: number): void {
    this.#limit = slotsOf(limitBps, this.settings)
  }

  /**
   * A measurement of the line or an earlier show tells more than the start value.
   * @param atLeast it may carry more: nothing known so far is lowered by it
   */
  proved(now: number, uplinkBps: number, atLeast = false): void {
    if (atLeast) {
      // what was found out here by missed deadlines is newer
      this.#proven = Math.max(this.#proven, Math.min(slotsOf(uplinkBps, this.settings), this.#ceiling))
      return
    }
    this.#proven = slotsOf(uplinkBps, this.settings)
    this.#ceiling = Math.max(1, this.#proven)
    this.#retryAt = now + this.#retryMs
  }

  /** The broadcaster's uplink is measured by the encoder's own control, not proven by children. */
  measured(uplinkBps: number): void {
    this.#proven = slotsOf(uplinkBps, this.settings)
    this.#ceiling = this.#proven
  }

  /** Children acknowledged pieces while `used` slots were taken; `wanted`: somebody waits for one more. True when the slots changed. */
  confirmed(now: number, pieces: number, late: number, used: number, wanted: boolean): boolean {
    this.#pieces += pieces
    this.#late += late
    if (now - this.#roundAt < ROUND_MS) return false
    const missed = this.#late > LATE_SHARE * (this.#pieces + this.#late)
    const inTime = this.#pieces / Math.max(1, this.#pieces + this.#late)
    this.#roundAt = now
    this.#pieces = 0
    this.#late = 0
    return missed ? this.#lower(now, used, inTime) : wanted && this.#raise(now, used)
  }

  /** Down to the part that arrived in time, at most by half at once: a queue makes even what the line carries late. */
  #lower(now: number, used: number, inTime: number): boolean {
    const taken = Math.min(this.#proven, used)
    this.#ceiling = Math.max(1, Math.min(taken - 1, Math.max(taken >> 1, Math.floor(taken * inTime))))
    this.#proven = this.#ceiling
    this.#retryAt = now + this.#retryMs
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2)
    return true
  }

  #raise(now: number, used: number): boolean {
    if (used < FULL_SHARE * this.#proven) return false
    if (this.#proven < this.#ceiling) {
      this.#proven = Math.min(this.#ceiling, Math.ceil(this.#proven * 1.5), Math.max(1, this.#limit))
      return true
    }
    if (now < this.#retryAt) return false
    this.#ceiling++
    this.#proven = Math.min(this.#ceiling, Math.max(1, this.#limit))
    return true
  }
}
