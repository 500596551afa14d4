/** Deepest level that is looked at; whoever hangs deeper is found as of this level. */
const LEVELS = 24
const CLASSES = 6

/** Strengths are compared by powers of four. */
export function classOf(slots: number): number {
  return slots <= 0 ? 0 : Math.min(CLASSES - 1, 1 + Math.floor(Math.log2(slots) / 2))
}

/** A list of members, each at most once. */
class Bag {
  readonly members: number[] = []
  readonly #in = new Set<number>()

  add(member: number): void {
    if (this.#in.has(member)) return
    this.#in.add(member)
    this.members.push(member)
  }

  removeAt(i: number): void {
    this.#in.delete(this.members[i]!)
    const last = this.members.pop()!
    if (i < this.members.length) this.members[i] = last
  }
}

/**
 * Who may have room, by stripe and level; who is placed where, by stripe, level and strength; who forwards each stripe. Entries
 * may be out of date: whoever reads them checks, and takes out what no longer holds.
 */
export class OpenLists {
  readonly #open: (Bag | undefined)[] = []
  readonly #placed: (Bag | undefined)[] = []
  readonly #forwarders: (Bag | undefined)[] = []
  readonly #spare = new Bag()
  /** Somebody may have room who had none before; reset by whoever looked. */
  news = false

  constructor(readonly stripes: number) {}

  open(member: number, stripe: number, level: number): void {
    ;(this.#open[stripe * LEVELS + Math.min(level, LEVELS - 1)] ??= new Bag()).add(member)
    this.news = true
  }

  placed(member: number, stripe: number, level: number, slots: number): void {
    ;(this.#placed[this.#placedAt(stripe, level, classOf(slots))] ??= new Bag()).add(member)
  }

  #placedAt(stripe: number, level: number, strength: number): number {
    return (stripe * LEVELS + Math.min(level, LEVELS - 1)) * CLASSES + strength
  }

  forwarder(member: number, stripe: number): void {
    ;(this.#forwarders[stripe] ??= new Bag()).add(member)
  }

  spare(member: number): void {
    this.#spare.add(member)
    this.news = true
  }

  /** See `sample`. */
  sampleOpen(stripe: number, level: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#open[stripe * LEVELS + level], random, most, judge)
  }

  samplePlaced(stripe: number, level: number, strength: number, random: () => number, judge: Judge): number[] {
    return sample(this.#placed[this.#placedAt(stripe, level, strength)], random, 1, judge)
  }

  /** The deepest level below `most` that somebody may be placed at in this stripe; 0: none. */
  deepest(stripe: number, most: number): number {
    for (let level = Math.min(most, LEVELS) - 1; level > 0; level--) {
      for (let strength = 0; strength < CLASSES; strength++) {
        if ((this.#placed[this.#placedAt(stripe, level, strength)]?.members.length ?? 0) > 0) return level
      }
    }
    return 0
  }

  /** Up to `most` of the members at this level that fit. */
  placedAt(
    stripe: number,
    level: number,
    random: () => number,
    most: number,
    judge: (member: number, strength: number) => ReturnType<Judge>,
  ): number[] {
    const found: number[] = []
    for (let strength = CLASSES - 1; strength >= 0 && found.length < most; strength--) {
      const bag = this.#placed[this.#placedAt(stripe, level, strength)]
      found.push(...sample(bag, random, most - found.length, (member) => judge(member, strength)))
    }
    return found
  }

  sampleForwarders(stripe: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#forwarders[stripe], random, most, judge)
  }

  sampleSpare(random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#spare, random, most, judge)
  }

  get levels(): number {
    return LEVELS
  }
}

/** `stale`: no longer true, to be taken out. */
export type Judge = (member: number) => 'fits' | 'unfit' | 'stale'

const MOST_UNFIT = 12

/** Up to `most` members that fit, from a random place on; gives up after a dozen that do not. */
function sample(bag: Bag | undefined, random: () => number, most: number, judge: Judge): number[] {
  const found: number[] = []
  if (!bag || bag.members.length === 0) return found
  const { members } = bag
  let i = Math.floor(random() * members.length)
  let unfit = 0
  for (let left = members.length; left > 0 && found.length < most && unfit < MOST_UNFIT && members.length > 0; left--) {
    if (i >= members.length) i = 0
    const verdict = judge(members[i]!)
    if (verdict === 'stale') bag.removeAt(i)
    else {
      if (verdict === 'fits') found.push(members[i]!)
      else unfit++
      i++
    }
  }
  return found
}
