import { LEAF_RANK } from './mesh-message'
import type { MeshSettings } from './mesh-settings'
import { OpenLists } from './open-lists'
import { PieceWaits } from './piece-waits'
import { LARGE_ROOM } from './rank-spread'

/** The root of a register: the broadcaster. */
export const ROOT = 0
export const NONE = -1
/** A parent that is in no picture of ours. */
export const ELSEWHERE = -2

/**
 * A registrar's picture of the room: who is there, with how many slots, and who hangs on whom in each stripe. Numbers of
 * members are indices of parallel arrays.
 */
export class Register<P extends string | number> {
  readonly stripes: number
  readonly peers: (P | null)[] = []
  readonly slots: number[] = []
  readonly used: number[] = []
  /** The stripe a member is meant to forward, NONE for who uploads nothing; and all it does forward, as bits. */
  readonly home: number[] = []
  readonly homes: number[] = []
  /** Not given to anybody until then, milliseconds; and slots that children have complained about. */
  readonly heldUntil: number[] = []
  readonly doubt: number[] = []
  readonly doubtAt: number[] = []
  readonly complaints: number[] = []
  readonly complainedAt: number[] = []
  /** How often no link to another could be made though both were there: such members are kept apart (two behind strict NATs). */
  readonly apart: number[] = []
  /** Slots of the members at home in each stripe. */
  readonly supply: number[]
  readonly lists: OpenLists
  readonly waits: PieceWaits<P>
  /** Second children that were sent to each. */
  readonly seconds: number[] = []
  /** By member and stripe (`at`). */
  parent: Int32Array
  /** The second parent that was named, NONE for none. */
  second: Int32Array
  assignedAt: Float64Array
  level: Uint8Array
  rank: Float64Array
  #first: Int32Array
  #next: Int32Array
  #previous: Int32Array
  readonly #index = new Map<P, number>()
  readonly #free: number[] = []
  #size = 0
  /** Of all stripes. */
  #supplied = 0

  constructor(
    readonly settings: MeshSettings,
    root: P,
    readonly random: () => number,
  ) {
    this.stripes = settings.stripes
    this.supply = new Array<number>(this.stripes).fill(0)
    const room = 64 * this.stripes
    this.parent = new Int32Array(room).fill(NONE)
    this.second = new Int32Array(room).fill(NONE)
    this.#first = new Int32Array(room).fill(NONE)
    this.#next = new Int32Array(room).fill(NONE)
    this.#previous = new Int32Array(room).fill(NONE)
    this.assignedAt = new Float64Array(room)
    this.rank = new Float64Array(room)
    this.level = new Uint8Array(room)
    this.lists = new OpenLists(this.stripes)
    this.waits = new PieceWaits(this)
    this.#append(root)
    this.#index.set(root, ROOT)
    this.#size = 0
    this.homes[ROOT] = -1
  }

  /** Members, the root not counted. */
  get size(): number {
    return this.#size
  }

  find(peer: P): number {
    return this.#index.get(peer) ?? NONE
  }

  at(member: number, stripe: number): number {
    return member * this.stripes + stripe
  }

  add(peer: P): number {
    const member = this.#free.pop() ?? this.#append(peer)
    this.peers[member] = peer
    this.#index.set(peer, member)
    this.#resize(1)
    return member
  }

  #resize(by: number): void {
    this.#size += by
    if (this.#size !== LARGE_ROOM - (by < 0 ? 1 : 0)) return
    // The lists of large rooms tell apart what those of small ones do not.
    for (let member = ROOT; member < this.peers.length; member++) {
      for (let stripe = 0; stripe < this.stripes; stripe++) this.#relist(member, stripe)
    }
  }

  #append(peer: P | null): number {
    const member = this.peers.length
    this.peers.push(peer)
    const { slots, used, homes, heldUntil, doubt, doubtAt, complaints, complainedAt, apart, seconds } = this
    for (const list of [slots, used, homes, heldUntil, doubt, doubtAt, complaints, complainedAt, apart, seconds]) {
      list.push(0)
    }
    this.home.push(NONE)
    if ((member + 1) * this.stripes > this.parent.length) this.#grow()
    return member
  }

  #grow(): void {
    const from = this.parent.length
    const wider = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(2 * from).fill(NONE, from)
      grown.set(old)
      return grown
    }
    this.parent = wider(this.parent)
    this.second = wider(this.second)
    this.#first = wider(this.#first)
    this.#next = wider(this.#next)
    this.#previous = wider(this.#previous)
    const [rank, assignedAt, level] = [new Float64Array(2 * from), new Float64Array(2 * from), new Uint8Array(2 * from)]
    rank.set(this.rank)
    assignedAt.set(this.assignedAt)
    level.set(this.level)
    this.rank = rank
    this.assignedAt = assignedAt
    this.level = level
  }

  /** Takes a member out; appends who hung on it, as pairs of member and stripe, to `orphans`. */
  remove(member: number, orphans: number[]): void {
    for (let stripe = 0; stripe < this.stripes; stripe++) {
      this.unlink(member, stripe)
      this.setSecond(member, stripe, NONE)
      for (let child = this.firstChild(member, stripe); child !== NONE; child = this.firstChild(member, stripe)) {
        this.unlink(child, stripe)
        orphans.push(child, stripe)
      }
    }
    this.homes[member] = 0
    this.setSlots(member, 0)
    this.seconds[member] = this.used[member] = this.apart[member] = 0
    this.heldUntil[member] = this.doubt[member] = this.complaints[member] = this.complainedAt[member] = 0
    this.#index.delete(this.peers[member]!)
    this.peers[member] = null
    for (let stripe = 0; stripe < this.stripes; stripe++) this.#relist(member, stripe)
    this.#free.push(member)
    this.#resize(-1)
  }

  isMember(member: number): boolean {
    return this.peers[member] !== null && member !== ROOT
  }

  setSlots(member: number, slots: number): void {
    const home = this.home[member]!
    if (home >= 0) {
      this.supply[home]! += slots - this.slots[member]!
      this.#supplied += slots - this.slots[member]!
    }
    this.slots[member] = slots
    if (slots === 0 && home >= 0) this.home[member] = NONE
    this.relist(member)
  }

  /**
   * Part of all slots that is kept for repairs. In a large room no more than the room can spare: what is kept while others wait
   * would be lent to them in the end, by members that forward a second stripe for it.
   */
  get keptShare(): number {
    const { repairShare } = this.settings
    if (this.#size < LARGE_ROOM) return repairShare
    const needed = this.#size * this.stripes - this.slots[ROOT]!
    return Math.max(0, Math.min(repairShare, 1 - needed / Math.max(1, this.#supplied)))
  }

  /** Slots that may be given to children that stay; with `urgent` also those kept for repairs, and doubtful ones. */
  freeOf(member: number, stripe: number, urgent: boolean): number {
    if (member === ROOT) return this.#freeOfRoot(stripe)
    const all = this.slots[member]!
    if (urgent) return all - this.used[member]!
    return all - this.doubt[member]! - Math.floor(all * this.keptShare) - this.used[member]!
  }

  #freeOfRoot(stripe: number): number {
    const slots = this.slots[ROOT]!
    const lasting = slots - Math.floor(slots * this.settings.repairShare)
    const free = lasting - this.used[ROOT]!
    if (free <= 0) return 0
    const share = Math.floor(lasting / this.stripes)
    let rest = lasting % this.stripes
    for (let s = 0; s < this.stripes; s++) rest -= Math.max(0, this.childCount(ROOT, s) - share)
    const own = share - this.childCount(ROOT, stripe)
    return Math.min(free, own > 0 ? own : Math.max(0, Math.min(1, rest)))
  }

  /** Has it the stripe, and is it meant to forward it? */
  forwards(member: number, stripe: number): boolean {
    if (member === ROOT) return true
    return (this.homes[member]! >>> stripe) % 2 === 1 && this.parent[this.at(member, stripe)] !== NONE
  }

  /** Is it meant to forward this stripe once it has it? */
  isInner(member: number, stripe: number): boolean {
    return (this.homes[member]! >>> stripe) % 2 === 1 && this.slots[member]! > 0
  }

  /** Strength in a stripe: 0 of a leaf, and in a large room of who only helps out there, as that is to end. */
  strength(member: number, stripe: number): number {
    if ((this.homes[member]! >>> stripe) % 2 === 0) return 0
    return this.home[member] === stripe || this.#size < LARGE_ROOM ? this.slots[member]! : 0
  }

  firstChild(member: number, stripe: number): number {
    return this.#first[this.at(member, stripe)]!
  }

  nextChild(child: number, stripe: number): number {
    return this.#next[this.at(child, stripe)]!
  }

  childCount(member: number, stripe: number): number {
    let count = 0
    for (let c = this.firstChild(member, stripe); c !== NONE; c = this.nextChild(c, stripe)) count++
    return count
  }

  /** The rank that a member has in the picture: no matter while nobody hangs on it. */
  rankOf(member: number, stripe: number): number {
    return this.firstChild(member, stripe) === NONE ? LEAF_RANK : this.rank[this.at(member, stripe)]!
  }

  /** Hangs `member` on `parent` (or ELSEWHERE), for now with this rank. */
  link(member: number, stripe: number, parent: number, rank: number): void {
    this.unlink(member, stripe)
    const at = this.at(member, stripe)
    this.parent[at] = parent
    this.rank[at] = rank
    if (parent === ELSEWHERE) {
      this.#relevel(member, stripe, 3)
      return
    }
    const head = this.at(parent, stripe)
    const next = this.#first[head]!
    this.#next[at] = next
    this.#previous[at] = NONE
    if (next !== NONE) this.#previous[this.at(next, stripe)] = member
    this.#first[head] = member
    this.#use(parent, 1)
    this.waits.hung(member, stripe)
    // Those below it are fed again, so that their room counts.
    if (this.#first[at] !== NONE) this.lists.news[stripe] = 1
    this.#relevel(member, stripe, this.level[head]! + 1)
  }

  /** A slot is taken (1) or free again (-1). */
  #use(member: number, by: number): void {
    const before = this.slots[member]! - this.used[member]!
    this.used[member]! += by
    if (member === ROOT || before <= 0 || before - by <= 0) this.relist(member)
  }

  /** A slot that nobody in the picture holds, as who held it has not gone yet. */
  hold(member: number): void {
    this.#use(member, 1)
  }

  release(member: number): void {
    if (this.used[member]! > 0) this.#use(member, -1)
  }

  unlink(member: number, stripe: number): void {
    const at = this.at(member, stripe)
    const parent = this.parent[at]!
    this.parent[at] = NONE
    if (parent < 0) {
      if (parent === ELSEWHERE) this.#relist(member, stripe)
      return
    }
    const [next, previous] = [this.#next[at]!, this.#previous[at]!]
    if (previous === NONE) this.#first[this.at(parent, stripe)] = next
    else this.#next[this.at(previous, stripe)] = next
    if (next !== NONE) this.#previous[this.at(next, stripe)] = previous
    this.#next[at] = this.#previous[at] = NONE
    this.#use(parent, -1)
    this.#relist(member, stripe)
  }

  #relevel(member: number, stripe: number, level: number): void {
    this.level[this.at(member, stripe)] = Math.min(level, 63)
    this.#relist(member, stripe)
    if (level > 62) return
    for (let c = this.firstChild(member, stripe); c !== NONE; c = this.nextChild(c, stripe)) {
      this.#relevel(c, stripe, level + 1)
    }
  }

  setSecond(member: number, stripe: number, second: number): void {
    const at = this.at(member, stripe)
    const former = this.second[at]!
    if (former !== NONE && this.seconds[former]! > 0) this.seconds[former]!--
    this.second[at] = second
    if (second !== NONE) this.seconds[second]!++
  }

  /** Is `ancestor` on the way from `member` to the root? */
  isBelow(member: number, stripe: number, ancestor: number): boolean {
    let here = member
    for (let steps = 0; steps < 64 && here > ROOT; steps++) {
      if (here === ancestor) return true
      here = this.parent[this.at(here, stripe)]!
    }
    return false
  }

  /** Does the stripe come to `member`, and not by way of `without`? */
  isFed(member: number, stripe: number, without: number): boolean {
    let here = member
    for (let steps = 0; steps < 64 && here > ROOT; steps++) {
      if (here === without) return false
      here = this.parent[this.at(here, stripe)]!
    }
    return here === ROOT || here === ELSEWHERE
  }

  /** The child of the root that a member is below. */
  branchOf(member: number, stripe: number): number {
    let here = member
    for (let steps = 0; steps < 64 && here > ROOT; steps++) {
      const up = this.parent[this.at(here, stripe)]!
      if (up <= ROOT) break
      here = up
    }
    return here
  }

  addHome(member: number, stripe: number): void {
    this.homes[member]! |= 1 << stripe
    if (this.home[member] === NONE) {
      this.home[member] = stripe
      this.supply[stripe]! += this.slots[member]!
      this.#supplied += this.slots[member]!
    }
    this.#relist(member, stripe)
  }

  /** Forwards this stripe no longer; nobody hangs on it there. */
  dropHome(member: number, stripe: number): void {
    this.homes[member]! &= ~(1 << stripe)
    this.#relist(member, stripe)
  }

  /** Puts a member on the lists that it belongs to now, in the stripes that it forwards. */
  relist(member: number): void {
    for (let stripe = 0; stripe < this.stripes; stripe++) {
      if ((this.homes[member]! >>> stripe) % 2 === 1) this.#relist(member, stripe)
    }
    if (member !== ROOT) this.lists.spare(member, this.slots[member]! > this.used[member]!)
  }

  #relist(member: number, stripe: number): void {
    const at = this.at(member, stripe)
    const hangs = member === ROOT || this.parent[at] !== NONE
    const level = this.level[at]!
    const hasRoom = this.forwards(member, stripe) && this.freeOf(member, stripe, true) > 0
    const isHelper = member !== ROOT && this.#size >= LARGE_ROOM && this.home[member] !== stripe
    this.lists.open(member, stripe, hasRoom ? level : null, isHelper)
    if (member === ROOT) return
    this.lists.placed(member, stripe, hangs ? level : null, this.strength(member, stripe))
    this.lists.forwarder(
      member,
      stripe,
      isHelper ? this.home[member]! : stripe,
      (this.homes[member]! >>> stripe) % 2 === 1,
    )
  }
}
