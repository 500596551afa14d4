import type { Blame } from './mesh-message'
import { send, type MeshState } from './mesh-state'
import { NONE, ROOT, type Register } from './register'
import { Standing, type Holder } from './standing'

/** A blamed member is not given to others before it has answered; without an answer in this time it is gone. */
const AUDIT_MS = 400
/** Full or without the stripe: others are sent elsewhere for a moment. */
const HOLD_MS = 300
/** A pair that did not work is not tried again so soon. */
const SHUN_MS = 20_000
const REFUSED_SHUN_MS = 1_000
const MOST_SHUNNED = 8
const MOST_SHUNNING = 16_384
/** Doubt fades by one slot in this time. */
const FADE_MS = 15_000
/** Whoever blames so many parents more than it has stripes, and is not borne out by others, is believed no longer. */
const MOST_COMPLAINTS = 6
/** Forging is a graver charge: one that nobody bears out counts as so many. */
const FORGING_WEIGHT = 3
/** Who has not said more than this without being borne out is believed alone when it speaks of forging, for a while. */
const CREDIBLE = 3 * FORGING_WEIGHT
/** A complaint is forgotten after so long. */
const FORGIVE_MS = 20_000

/** What a registrar thinks of its members, from what children say of parents: nobody is condemned by one voice. */
export class Trust<P extends string | number> {
  readonly #state: MeshState<P>
  readonly #register: Register<P>
  readonly #gone: (member: number) => void
  readonly #onChanged: (member: number) => void
  readonly #claimed: (member: number) => number
  readonly #standing: Standing
  readonly #audits = new Map<number, number>()
  /** Who found a member absent that is asked whether it is there. */
  readonly #missedBy = new Map<number, number[]>()
  /** By member: parents that did not work, oldest first. */
  readonly #shunned = new Map<number, { parent: number; until: number }[]>()
  readonly #doubted = new Set<number>()
  #nextAt = Infinity

  constructor(
    state: MeshState<P>,
    register: Register<P>,
    gone: (member: number) => void,
    claimed: (member: number) => number,
    onChanged: (member: number) => void,
  ) {
    this.#claimed = claimed
    this.#onChanged = onChanged
    this.#standing = new Standing(register.stripes)
    this.#state = state
    this.#register = register
    this.#gone = gone
  }

  get nextAt(): number {
    return Math.min(this.#nextAt, this.#standing.nextAt)
  }

  /** Slots that may be given away of those that a member claims. */
  granted(now: number, member: number, claimed: number): number {
    return this.#standing.granted(now, member, claimed)
  }

  /** May it take the place of others? Not before it has served somebody. */
  isProven(member: number): boolean {
    return this.#standing.isProven(member)
  }

  /** Is `peer` one that this member was told to turn to, so that it can know something of it? */
  isNear(member: number, peer: P): boolean {
    const other = this.#register.find(peer)
    if (other < ROOT) return false
    for (let stripe = 0; stripe < this.#register.stripes; stripe++) {
      const at = this.#register.at(member, stripe)
      if (this.#register.parent[at] === other || this.#register.second[at] === other) return true
    }
    return false
  }

  isShunned(member: number, parent: number): boolean {
    if (this.#shunned.size === 0) return false
    return this.#shunned.get(member)?.some((shunned) => shunned.parent === parent) ?? false
  }

  /** @param isNear it was told to turn to that peer: else it can know nothing of it */
  blamed(now: number, member: number, stripe: number, peer: P, why: Blame, isNear: boolean): void {
    const register = this.#register
    const parent = register.find(peer)
    if (parent < ROOT || parent === member || stripe >= register.stripes) return
    this.#shun(member, parent, now + (why === 'refused' ? REFUSED_SHUN_MS : SHUN_MS))
    if (why === 'silent') this.#standing.hungry(now, register.at(member, stripe))
    if (parent === ROOT) return
    if (why === 'refused') {
      this.#hold(parent, now + HOLD_MS)
      return
    }
    if (why === 'absent') {
      const missedBy = this.#missedBy.get(parent)
      if (missedBy === undefined) this.#missedBy.set(parent, [member])
      else if (missedBy.length < MOST_SHUNNED) missedBy.push(member)
      this.#audit(now, parent, stripe)
      return
    }
    const isExcused = why === 'silent' && this.#lacksItself(now, parent, stripe)
    if (!isNear || isExcused) return
    const weight = why === 'liar' ? FORGING_WEIGHT : 1
    const isBelieved = this.#standing.isSentenced(parent)
    if (!isBelieved && !this.#charge(now, member, weight)) return
    this.#fade(parent, now)
    if (why === 'silent') {
      this.#doubted.add(parent)
      if (register.doubt[parent]! < register.slots[parent]!) register.doubt[parent]!++
    }
    const voices = this.#standing.complained(now, parent, member, register.used[parent]!, weight)
    if (voices !== null) this.#believe(parent, voices, weight)
    else if (why === 'liar' && register.complaints[member]! <= CREDIBLE) {
      this.#standing.suspend(now, parent)
      this.#onChanged(parent)
    }
    this.#audit(now, parent, stripe)
  }

  /** False for who has complained of too many already. */
  #charge(now: number, member: number, weight: number): boolean {
    const { complaints, complainedAt, stripes } = this.#register
    const forgiven = Math.floor((now - complainedAt[member]!) / FORGIVE_MS)
    complaints[member] = Math.max(0, complaints[member]! - forgiven)
    complainedAt[member] = complaints[member] === 0 ? now : complainedAt[member]! + forgiven * FORGIVE_MS
    if (complaints[member] > MOST_COMPLAINTS + stripes) return false
    complaints[member] += weight
    return true
  }

  /** Who lacks the stripe itself, or is below one that does, cannot pass it on. */
  #lacksItself(now: number, member: number, stripe: number): boolean {
    const register = this.#register
    let here = member
    for (let steps = 0; steps < 64 && here > ROOT; steps++) {
      const at = register.at(here, stripe)
      if (this.#standing.isHungry(now, at) || register.parent[at] === NONE) return true
      here = register.parent[at]!
    }
    return false
  }

  /** Several say the same of a member: none of them is held to have complained without reason. */
  #believe(member: number, voices: readonly number[], weight: number): void {
    const { complaints, peers } = this.#register
    for (const voice of voices) complaints[voice] = Math.max(0, complaints[voice]! - weight)
    const { children } = this.#state
    // Of our own children it is the first to make room.
    for (const [at, peer] of children.peers.entries()) if (peer === peers[member]) children.capacities[at] = 0
    this.#onChanged(member)
  }

  /** A link to a member broke: it is asked whether it is there, by a new one. */
  linkDown(now: number, member: number): void {
    if (this.#audits.has(member)) {
      this.#audits.delete(member)
      this.#gone(member)
    } else this.#audit(now, member, 0)
  }

  vouched(now: number, member: number): void {
    if (!this.#audits.delete(member)) return
    const { apart, heldUntil } = this.#register
    for (const other of this.#missedBy.get(member) ?? []) {
      apart[member]!++
      apart[other]!++
    }
    this.#missedBy.delete(member)
    heldUntil[member] = now
    this.#register.relist(member)
    this.#register.lists.news.fill(1)
  }

  forget(member: number): void {
    this.#standing.forget(member)
    this.#audits.delete(member)
    this.#missedBy.delete(member)
    this.#shunned.delete(member)
    this.#doubted.delete(member)
  }

  onTime(now: number): void {
    const holder = (member: number): Holder => ({
      claimed: this.#claimed(member),
      used: this.#register.used[member]!,
    })
    for (const member of this.#standing.look(now, holder)) this.#onChanged(member)
    if (this.#nextAt > now) return
    this.#nextAt = Infinity
    for (const [member, until] of this.#audits) {
      if (until <= now) {
        this.#audits.delete(member)
        this.#gone(member)
      } else this.#wakeAt(until)
    }
    for (const [member, shunned] of this.#shunned) {
      const left = shunned.filter(({ until }) => until > now)
      if (left.length === 0) this.#shunned.delete(member)
      else this.#shunned.set(member, left)
    }
    if (this.#shunned.size > 0) this.#wakeAt(now + REFUSED_SHUN_MS)
    for (const member of this.#doubted) {
      this.#fade(member, now)
      if (this.#register.doubt[member] === 0) this.#doubted.delete(member)
    }
    if (this.#doubted.size > 0) this.#wakeAt(now + FADE_MS / 4)
    this.#register.lists.news.fill(1)
  }

  #audit(now: number, member: number, stripe: number): void {
    if (this.#audits.has(member)) return
    this.#audits.set(member, now + AUDIT_MS)
    this.#hold(member, now + AUDIT_MS)
    send(this.#state, this.#register.peers[member]!, { type: 'audit', stripe })
  }

  #hold(member: number, until: number): void {
    const { heldUntil } = this.#register
    heldUntil[member] = Math.max(heldUntil[member]!, until)
    this.#wakeAt(until)
  }

  #fade(member: number, now: number): void {
    const { doubt, doubtAt } = this.#register
    if (doubt[member] === 0) doubtAt[member] = now
    const faded = Math.floor((now - doubtAt[member]!) / FADE_MS)
    if (faded <= 0) return
    doubt[member] = Math.max(0, doubt[member]! - faded)
    doubtAt[member] = now
  }

  #shun(member: number, parent: number, until: number): void {
    const shunned = this.#shunned.get(member) ?? []
    shunned.push({ parent, until })
    if (shunned.length > MOST_SHUNNED) shunned.shift()
    if (this.#shunned.size < MOST_SHUNNING) this.#shunned.set(member, shunned)
    this.#wakeAt(until)
  }

  #wakeAt(at: number): void {
    this.#nextAt = Math.min(this.#nextAt, at)
  }
}
