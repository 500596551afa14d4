import type { Blame } from './mesh-message'
import { send, type MeshState } from './mesh-state'
import { ROOT, type Register } from './register'

/** A blamed member is not given to others before it has answered; without an answer in this time it is gone. */
const AUDIT_MS = 600
/** Full or without the stripe: others are sent elsewhere for a moment. */
const HOLD_MS = 300
/** A pair that did not work is not tried again so soon. */
const SHUN_MS = 20_000
const REFUSED_SHUN_MS = 1_000
const MOST_SHUNNED = 8
const MOST_SHUNNING = 16_384
/** Doubt fades by one slot in this time. */
const FADE_MS = 15_000
/** Whoever blames more than this many parents within the same time is believed no longer. */
const MOST_COMPLAINTS = 6

/** What a registrar thinks of its members, from what children say of parents: nobody is condemned by one voice. */
export class Trust<P extends string | number> {
  readonly #state: MeshState<P>
  readonly #register: Register<P>
  readonly #gone: (member: number) => void
  readonly #audits = new Map<number, number>()
  /** By member: parents that did not work, oldest first. */
  readonly #shunned = new Map<number, { parent: number; until: number }[]>()
  #nextAt = Infinity

  constructor(state: MeshState<P>, register: Register<P>, gone: (member: number) => void) {
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
      this.#audit(now, parent, stripe)
      return
    }
    if (++register.complaints[member]! > MOST_COMPLAINTS) return
    this.#fade(parent, now)
    if (register.doubt[parent]! < register.slots[parent]!) register.doubt[parent]! += why === 'liar' ? 2 : 1
    this.#audit(now, parent, stripe)
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
    this.#register.heldUntil[member] = now
    this.#register.announceAll(member)
  }

  forget(member: number): void {
    this.#audits.delete(member)
    this.#shunned.delete(member)
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
    for (const [member, shunned] of this.#shunned) {
      const left = shunned.filter(({ until }) => until > now)
      if (left.length === 0) this.#shunned.delete(member)
      else this.#shunned.set(member, left)
    }
    if (this.#shunned.size > 0) this.#wakeAt(now + REFUSED_SHUN_MS)
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
