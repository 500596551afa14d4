/** A member's credit is looked at so often; children that get nothing have complained by then. */
const LOOK_MS = 700
/** What is lent at first, as streams of the show: less of it would keep a crowd waiting that has good lines. */
const START_STREAMS = 8
/** So many children in peace show that something true comes. */
const PROOF_CHILDREN = 4
/** Who says so about one member within this time is counted together. */
const VOICES_MS = 15_000
/** So many children must say so, and this part of all that a member has and had. */
const LEAST_VOICES = 2
const VOICES_SHARE = 0.4
/** Not given to anybody so long; doubled each time. */
const FIRST_SENTENCE_MS = 30_000
const SUSPENDED_MS = 10_000
const LONGEST_SENTENCE_MS = 640_000
/** A child that complained of its parent lacks the stripe itself: its own children's complaints say nothing about it so long. */
const HUNGRY_MS = 1_500

/** What `Standing` has to know of a member. */
export interface Holder {
  /** Slots that it says it has, and those that children hold. */
  claimed: number
  used: number
}

/**
 * What a registrar lends to each member: as many slots as the stream takes at first, twice as many each time that children
 * have held half of them in peace for a while, nothing for a time once children agree that nothing (true) comes. So a line
 * that is only claimed disturbs a few, once, and a good one is in full use within seconds. Pure: times are milliseconds of
 * one clock.
 */
export class Standing {
  readonly #start: number
  readonly #credit: number[] = []
  /** Children were there in peace: since the last look, and ever. */
  readonly #peaceful: boolean[] = []
  readonly #proven: boolean[] = []
  readonly #voices = new Map<number, { by: number[]; at: number }>()
  readonly #sentences = new Map<number, { until: number; nextMs: number }>()
  /** By place (member and stripe): until when its own lack excuses it. */
  readonly #hungry = new Map<number, number>()
  readonly #limited = new Set<number>()
  #lookAt = Infinity

  /** @param stripes of the show: who takes so many slots is lent so many */
  constructor(stripes: number) {
    this.#start = START_STREAMS * stripes
  }

  /** When `look` has something to do. */
  get nextAt(): number {
    return this.#lookAt
  }

  /** Slots that may be given away of those that a member claims. */
  granted(now: number, member: number, claimed: number): number {
    if (this.isSentenced(member)) return 0
    const credit = (this.#credit[member] ??= this.#start)
    if (claimed > 0 && (claimed > credit || !this.isProven(member))) {
      this.#limited.add(member)
      this.#lookAt = Math.min(this.#lookAt, now + LOOK_MS)
    }
    return Math.min(claimed, credit)
  }

  /** Has it served anybody for a while, without a complaint? */
  isProven(member: number): boolean {
    return this.#proven[member] === true
  }

  isSentenced(member: number): boolean {
    return (this.#sentences.get(member)?.until ?? -Infinity) !== -Infinity
  }

  /** Members whose credit grew, or whose sentence is over, since the last look. */
  look(now: number, holder: (member: number) => Holder): number[] {
    if (this.#lookAt > now) return []
    const changed: number[] = []
    for (const member of this.#limited) {
      const credit = this.#credit[member]!
      const { claimed, used } = holder(member)
      if ((claimed <= credit && this.isProven(member)) || claimed === 0 || this.isSentenced(member)) {
        this.#limited.delete(member)
        continue
      }
      const serves = used >= Math.min(PROOF_CHILDREN, claimed)
      if (serves && this.#peaceful[member] === true) {
        const isFull = claimed > credit && 2 * used >= credit
        if (isFull) this.#credit[member] = 2 * credit
        if (isFull || !this.isProven(member)) changed.push(member)
        this.#proven[member] = true
      }
      this.#peaceful[member] = serves
    }
    for (const [member, sentence] of this.#sentences) {
      if (sentence.until > now) continue
      sentence.until = -Infinity
      this.#credit[member] = 1
      changed.push(member)
    }
    for (const [place, until] of this.#hungry) if (until <= now) this.#hungry.delete(place)
    for (const [member, { at }] of this.#voices) if (now - at > VOICES_MS) this.#voices.delete(member)
    const isBusy = this.#limited.size + this.#hungry.size + this.#voices.size > 0
    this.#lookAt = isBusy ? now + LOOK_MS : this.#nextRelease()
    return changed
  }

  #nextRelease(): number {
    let next = Infinity
    for (const { until } of this.#sentences.values()) if (until > 0) next = Math.min(next, until)
    return next
  }

  /** The member of this place says that nothing comes. */
  hungry(now: number, place: number): void {
    this.#hungry.set(place, now + HUNGRY_MS)
    this.#lookAt = Math.min(this.#lookAt, now + LOOK_MS)
  }

  isHungry(now: number, place: number): boolean {
    return (this.#hungry.get(place) ?? 0) > now
  }

  /**
   * A child says that nothing (true) comes from this member. Who said so when enough did: it is lent nothing for a while; else null.
   * @param used slots that children hold now @param weight of the charge: what is sent forged on purpose counts longer
   */
  complained(now: number, member: number, by: number, used: number, weight: number): readonly number[] | null {
    this.#peaceful[member] = false
    this.#lookAt = Math.min(this.#lookAt, now + LOOK_MS)
    let voices = this.#voices.get(member)
    if (voices === undefined) this.#voices.set(member, (voices = { by: [], at: now }))
    voices.at = now
    if (voices.by.includes(by)) return null
    voices.by.push(by)
    if (voices.by.length < Math.max(LEAST_VOICES, VOICES_SHARE * (used + voices.by.length))) return null
    this.#sentence(now, member, weight)
    return voices.by
  }

  /** One that is credible says alone that forged pieces come: nothing is lent for a moment. */
  suspend(now: number, member: number): void {
    const known = this.#sentences.get(member)
    const until = Math.max(known?.until ?? 0, now + SUSPENDED_MS)
    this.#sentences.set(member, { until, nextMs: known?.nextMs ?? FIRST_SENTENCE_MS })
    this.#lookAt = Math.min(this.#lookAt, now + LOOK_MS)
  }

  #sentence(now: number, member: number, weight: number): void {
    this.#voices.delete(member)
    const known = this.#sentences.get(member)
    const ms = weight * (known?.nextMs ?? FIRST_SENTENCE_MS)
    this.#sentences.set(member, { until: now + ms, nextMs: Math.min(LONGEST_SENTENCE_MS, 2 * ms) })
    this.#proven[member] = false
  }

  /** Its number may be given to somebody else. */
  forget(member: number): void {
    this.#credit[member] = this.#start
    this.#peaceful[member] = this.#proven[member] = false
    this.#voices.delete(member)
    this.#sentences.delete(member)
    this.#limited.delete(member)
  }
}
