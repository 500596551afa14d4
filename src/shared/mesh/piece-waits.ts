import { NONE, ROOT, type Register } from './register'

/**
 * How long pieces wait for their turn at the members of a room, hops not counted: a parent sends its copies one after the other,
 * those for who forwards itself first. As of when each was hung where it is; good enough to compare places.
 */
export class PieceWaits<P extends string | number> {
  /** By member and stripe, milliseconds at its parent. */
  #waits = new Float32Array(0)

  constructor(readonly register: Register<P>) {}

  /** This member has its parent now. */
  hung(member: number, stripe: number): void {
    const at = this.register.at(member, stripe)
    if (at >= this.#waits.length) {
      const longer = new Float32Array(Math.max(2 * this.#waits.length, at + 1, 64 * this.register.stripes))
      longer.set(this.#waits)
      this.#waits = longer
    }
    this.#waits[at] = this.#turnOf(member, stripe)
  }

  #turnOf(member: number, stripe: number): number {
    const { register } = this
    const parent = register.parent[register.at(member, stripe)]!
    const copyMs = this.#copyMs(parent)
    if (parent === ROOT) return copyMs * register.childCount(ROOT, stripe)
    const strength = register.strength(member, stripe)
    if (strength === 0) return copyMs * register.used[parent]!
    let before = 1
    for (let c = register.firstChild(parent, stripe); c !== NONE; c = register.nextChild(c, stripe)) {
      if (register.strength(c, stripe) > strength) before++
    }
    return copyMs * before
  }

  #copyMs(member: number): number {
    const { stripes, slots, settings } = this.register
    // The root sends the pieces of all stripes in turn.
    return (member === ROOT ? settings.pieceMs * stripes : settings.pieceMs) / Math.max(1, slots[member]!)
  }

  /** How long a piece waits on the way to a next child of `parent`, milliseconds. */
  below(parent: number, stripe: number): number {
    const { register } = this
    const sent = parent === ROOT ? register.childCount(ROOT, stripe) : register.used[parent]!
    let wait = this.#copyMs(parent) * (sent + 1)
    let here = parent
    for (let steps = 0; steps < 64 && here > ROOT; steps++) {
      const at = register.at(here, stripe)
      wait += this.#waits[at] ?? 0
      here = register.parent[at]!
    }
    return wait
  }
}
