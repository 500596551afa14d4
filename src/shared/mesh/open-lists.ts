/** Deepest level that is told apart; whoever hangs deeper is found as of this level. */
const LEVELS = 24
const CLASSES = 6
const NOWHERE = -1
/** The list of those that help out in a stripe that is not theirs: behind the lists of the levels. */
const HELPING = LEVELS

/** Strengths are compared by powers of four. */
export function classOf(slots: number): number {
  return slots <= 0 ? 0 : Math.min(CLASSES - 1, 1 + Math.floor(Math.log2(slots) / 2))
}

/** Lists of members, by stripe; a member is in one list of a stripe at most. Whatever is done costs the same in the largest room. */
class Lists {
  readonly #members: (number[] | undefined)[] = []
  /** By member and stripe: the list it is in plus one, and where in it. */
  #list = new Uint8Array(0)
  #at = new Int32Array(0)

  /** @param each lists of a stripe, at most 254 */
  constructor(
    readonly stripes: number,
    readonly each: number,
  ) {}

  of(stripe: number, list: number): readonly number[] | undefined {
    return this.#members[stripe * this.each + list]
  }

  /** Puts it into this list (NOWHERE: into none) instead of where it was. True when that is another one. */
  put(member: number, stripe: number, list: number): boolean {
    const key = member * this.stripes + stripe
    if (key >= this.#list.length) this.#grow(key)
    const former = this.#list[key]! - 1
    if (former === list) return false
    if (former >= 0) this.#take(stripe, former, key)
    this.#list[key] = list + 1
    if (list < 0) return true
    const members = (this.#members[stripe * this.each + list] ??= [])
    this.#at[key] = members.length
    members.push(member)
    return true
  }

  #take(stripe: number, list: number, key: number): void {
    const members = this.#members[stripe * this.each + list]!
    const last = members.pop()!
    const at = this.#at[key]!
    if (at >= members.length) return
    members[at] = last
    this.#at[last * this.stripes + stripe] = at
  }

  #grow(key: number): void {
    const length = Math.max(2 * this.#list.length, key + 1, 64 * this.stripes)
    const [list, at] = [new Uint8Array(length), new Int32Array(length)]
    list.set(this.#list)
    at.set(this.#at)
    this.#list = list
    this.#at = at
  }
}

/** Who has room, by stripe and level; who is placed where, by stripe, level and strength; who forwards each stripe. */
export class OpenLists {
  readonly #open: Lists
  readonly #placed: Lists
  readonly #forwarders: Lists
  readonly #spare = new Lists(1, 1)
  /** By stripe: somebody may have room who had none before; reset by whoever looked. */
  readonly news: Uint8Array

  constructor(readonly stripes: number) {
    this.#open = new Lists(stripes, LEVELS + 1)
    this.#placed = new Lists(stripes, LEVELS * CLASSES)
    this.#forwarders = new Lists(stripes, 1 + stripes + 1)
    this.news = new Uint8Array(stripes)
  }

  /** Has room at this level; `helping`: in a stripe that is not its own. Null: has none. */
  open(member: number, stripe: number, level: number | null, helping: boolean): void {
    const list = level === null ? NOWHERE : helping ? HELPING : Math.min(level, LEVELS - 1)
    if (this.#open.put(member, stripe, list) && level !== null) this.news[stripe] = 1
  }

  /** Hangs at this level; null: nowhere. */
  placed(member: number, stripe: number, level: number | null, slots: number): void {
    const list = level === null ? NOWHERE : Math.min(level, LEVELS - 1) * CLASSES + classOf(slots)
    this.#placed.put(member, stripe, list)
  }

  /**
   * Who forwards a stripe.
   * @param home the stripe that is its own, -1 for none @param forwards false: not this one, or no longer
   */
  forwarder(member: number, stripe: number, home: number, forwards: boolean): void {
    this.#forwarders.put(member, stripe, !forwards ? NOWHERE : home === stripe ? 0 : 2 + home)
  }

  spare(member: number, has: boolean): void {
    if (this.#spare.put(member, 0, has ? 0 : NOWHERE) && has) this.news.fill(1)
  }

  /** Has anybody room who is at home in this stripe? */
  hasOpen(stripe: number): boolean {
    for (let level = 0; level < LEVELS; level++) if ((this.#open.of(stripe, level)?.length ?? 0) > 0) return true
    return false
  }

  /** See `sample`. */
  sampleOpen(stripe: number, level: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#open.of(stripe, level), random, most, judge)
  }

  /** Of those that help out in this stripe and have room. */
  sampleHelping(stripe: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#open.of(stripe, HELPING), random, most, judge)
  }

  samplePlaced(
    stripe: number,
    level: number,
    strength: number,
    random: () => number,
    judge: Judge,
    most = 1,
  ): number[] {
    return sample(this.#placed.of(stripe, level * CLASSES + strength), random, most, judge)
  }

  /** How many of this class of strength are placed at a level. */
  placedCount(stripe: number, level: number, strength: number): number {
    return this.#placed.of(stripe, level * CLASSES + strength)?.length ?? 0
  }

  /** The deepest level below `most` that somebody is placed at in this stripe; 0: none. */
  deepest(stripe: number, most: number): number {
    for (let level = Math.min(most, LEVELS) - 1; level > 0; level--) {
      for (let strength = 0; strength < CLASSES; strength++) {
        if (this.placedCount(stripe, level, strength) > 0) return level
      }
    }
    return 0
  }

  /** Up to `most` of the members at this level that fit, the strongest first, down to `weakest` class. */
  placedAt(stripe: number, level: number, random: () => number, most: number, judge: Judge, weakest = 0): number[] {
    const found: number[] = []
    for (let strength = CLASSES - 1; strength >= weakest && found.length < most; strength--) {
      found.push(...sample(this.#placed.of(stripe, level * CLASSES + strength), random, most - found.length, judge))
    }
    return found
  }

  sampleForwarders(stripe: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#forwarders.of(stripe, 0), random, most, judge)
  }

  /** Of those that forward this stripe though theirs is `home` (-1: none). */
  sampleHelpers(stripe: number, home: number, random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#forwarders.of(stripe, 2 + home), random, most, judge)
  }

  sampleSpare(random: () => number, most: number, judge: Judge): number[] {
    return sample(this.#spare.of(0, 0), random, most, judge)
  }

  get levels(): number {
    return LEVELS
  }

  get classes(): number {
    return CLASSES
  }
}

export type Judge = (member: number) => boolean

const MOST_UNFIT = 12

/** Up to `most` members that fit, from a random place on; gives up after a dozen that do not. */
function sample(members: readonly number[] | undefined, random: () => number, most: number, judge: Judge): number[] {
  const found: number[] = []
  if (members === undefined || members.length === 0) return found
  let i = Math.floor(random() * members.length)
  let unfit = 0
  for (let left = members.length; left > 0 && found.length < most && unfit < MOST_UNFIT; left--) {
    if (i >= members.length) i = 0
    if (judge(members[i]!)) found.push(members[i]!)
    else unfit++
    i++
  }
  return found
}
