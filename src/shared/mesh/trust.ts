import type { Blame } from './mesh-message'
import { send, type MeshState } from './mesh-state'
import { NONE, ROOT, type Register } from './register'

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
/** Who is said to have forged a piece serves nobody so long; for good when several say so. */
const CONDEMNED_MS = 120_000
/** Whoever blames more than this many parents within the same time is believed no longer. */
const MOST_COMPLAINTS = 6

/** What a registrar thinks of its members, from what children say of parents: nobody is condemned by one voice. */
export class Trust<P extends string | number> {
  readonly #state: MeshState<P>
  readonly #register: Register<P>
  readonly #gone: (member: number) => void
  readonly #onCondemned: (member: number) => void
  readonly #audits = new Map<number, number>()
  /** Who found a member absent that is asked whether it is there. */
  readonly #missedBy = new Map<number, number[]>()
  /** Members that are said to have forged pieces, who said so last, and until when that is believed. */
  readonly #condemned = new Map<number, { by: number; until: number }>()
  /** By member: parents that did not work, oldest first. */
  readonly #shunned = new Map<number, { parent: number; until: number }[]>()
  readonly #doubted = new Set<number>()
  #nextAt = Infinity

  constructor(
    state: MeshState<P>,
    register: Register<P>,
    gone: (member: number) => void,
    onCondemned: (member: number) => void,
  ) {
    this.#onCondemned = onCondemned
    this.#state = state
    this.#register = register
    this.#gone = gone
  }

  get nextAt(): number {
    return this.#nextAt
  }

  isShunned(member: number, parent: number): boolean {
    if (this.#shunned.size === 0) return false
    return this.#shunned.get(member)?.some((shunned) => shunned.parent === parent) ?? false
  }

  blamed(now: number, member: number, stripe: number, peer: P, why: Blame): void {
    const register = this.#register
    const parent = register.find(peer)
    if (parent < ROOT || parent === member || stripe >= register.stripes) return
    this.#shun(member, parent, now + (why === 'refused' ? REFUSED_SHUN_MS : SHUN_MS))
    if (parent === ROOT) return
    if (why === 'refused') {
      register.heldUntil[parent] = Math.max(register.heldUntil[parent]!, now + HOLD_MS)
      this.#wakeAt(now + HOLD_MS)
      return
    }
    if (why === 'absent') {
      const missedBy = this.#missedBy.get(parent)
      if (missedBy === undefined) this.#missedBy.set(parent, [member])
      else if (missedBy.length < MOST_SHUNNED) missedBy.push(member)
      this.#audit(now, parent, stripe)
      return
    }
    if (++register.complaints[member]! > MOST_COMPLAINTS) return
    this.#fade(parent, now)
    if (why === 'liar') this.#condemn(parent, member, now)
    else if (register.parent[register.at(parent, stripe)] !== NONE) {
      // Who lacks the stripe itself cannot pass it on.
      this.#doubted.add(parent)
      if (register.doubt[parent]! < register.slots[parent]!) register.doubt[parent]!++
    }
    this.#audit(now, parent, stripe)
  }

  /** Said to have forged pieces: it counts as one that uploads nothing. */
  isCondemned(member: number): boolean {
    return this.#condemned.has(member)
  }

  #condemn(member: number, by: number, now: number): void {
    const known = this.#condemned.get(member)
    const until = known === undefined || known.by === by ? now + CONDEMNED_MS : Infinity
    this.#condemned.set(member, { by, until })
    const peer = this.#register.peers[member]!
    const { children } = this.#state
    // Of our own children it is the first to make room.
    for (let at = 0; at < children.peers.length; at++) if (children.peers[at] === peer) children.capacities[at] = 0
    this.#onCondemned(member)
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
    this.#register.announceAll(member)
  }

  forget(member: number): void {
    this.#condemned.delete(member)
    this.#audits.delete(member)
    this.#missedBy.delete(member)
    this.#shunned.delete(member)
    this.#doubted.delete(member)
  }

  onTime(now: number): void {
    if (this.#nextAt > now) return
    this.#nextAt = Infinity
    for (const [member, until] of this.#audits) {
      if (until <= now) {
        this.#audits.delete(member)
        this.#gone(member)
      } else this.#wakeAt(until)
    }
    for (const [member, { until }] of this.#condemned) if (until <= now) this.#condemned.delete(member)
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
    this.#register.lists.news = true
  }

  #audit(now: number, member: number, stripe: number): void {
    if (this.#audits.has(member)) return
    this.#audits.set(member, now + AUDIT_MS)
    this.#register.heldUntil[member] = Math.max(this.#register.heldUntil[member]!, now + AUDIT_MS)
    this.#wakeAt(now + AUDIT_MS)
    send(this.#state, this.#register.peers[member]!, { type: 'audit', stripe })
  }

  #fade(member: number, now: number): void {
    const { doubt, doubtAt, complaints } = this.#register
    if (doubt[member] === 0) doubtAt[member] = now
    const faded = Math.floor((now - doubtAt[member]!) / FADE_MS)
    if (faded <= 0) return
    doubt[member] = Math.max(0, doubt[member]! - faded)
    complaints[member] = Math.max(0, complaints[member]! - faded)
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
