import { DraftPlaces } from './draft-places'
import { LEAF_RANK, type Report, type Vouch } from './mesh-message'
import { send, type MeshState } from './mesh-state'
import { classOf } from './open-lists'
import { pickStandby, place, type Found, type PlacementOptions } from './placement'
import { LARGE_ROOM } from './rank-spread'
import { ELSEWHERE, NONE, Register, ROOT } from './register'
import { makeRoomAtHome, type Moved } from './relief'
import { tidy } from './tidying'
import { Trust } from './trust'
import { WaitingList } from './waiting-list'

/** A place is on its way so long: a report that crossed it asks for nothing. */
const CROSSING_MS = 250
/** Whoever is on the list asks again after so long, in case that the word is lost. */
const LISTED_MS = 1_500
/** Word to who moves, its link to the new parent, word to the old one. */
const LEFT_MS = 500
/** How often the deepest are looked at, while anything changes. */
const TIDY_MS = 500
/** Only a few of a large room are tried each time: so often in vain before it is believed that all is in order. */
const MOST_VAIN = 8
/** How often, for how many stripes, and how many of each are asked to prove more slots. */
const ASK_MS = 200
const STRIPES_ASKED = 4
const MEMBERS_ASKED = 12
const FULL_SHARE = 0.7
/** Of this strength (64 slots) a member is moved nearer to the source as soon as it has shown that it serves. */
const STRONG_CLASS = 4
/** How often, and how many, second parents are looked at while some must be named anew. */
const RENAME_MS = 50
const MOST_RENAMED = 65_536

/** Of those who wait for one stripe so many are tried in vain before it is believed that nothing is free there. */
const VAIN_IN_LARGE = 3

/** What a registrar does ([Note: Registrars]): keeps the picture of the room and answers reports with places. */
export class Desk<P extends string | number> {
  readonly register: Register<P>
  readonly #trust: Trust<P>
  readonly #state: MeshState<P>
  readonly #waiting: WaitingList
  readonly #drafts: DraftPlaces<P>
  readonly #options: PlacementOptions
  /** Slots of those who were moved, until they have gone; oldest first. */
  readonly #left: { member: number; until: number }[] = []
  /** Slots that members say they have, by member. */
  readonly #claimed: number[] = []
  /** Places whose second parent is still to be looked at, since somebody is believed no longer. */
  #unseen = 0
  #askAt = 0
  #tidyAt = Infinity
  readonly #onMoved: Moved = (...moved) => this.#move(...moved)
  /** How often in a row nobody was found whom to move. */
  #vain = 0

  constructor(state: MeshState<P>, root: P) {
    this.#state = state
    this.register = new Register<P>(state.settings, root, state.random)
    this.#waiting = new WaitingList(state.settings.stripes)
    this.#drafts = new DraftPlaces(state, this.register)
    this.#trust = new Trust(
      state,
      this.register,
      (member) => this.#remove(member, false),
      (member) => this.#claimed[member] ?? 0,
      (member) => this.#regrant(member),
    )
    this.#options = {
      now: 0,
      choose: state.choose,
      isShunned: (member, parent) => this.#trust.isShunned(member, parent),
      isProven: (member) => this.#trust.isProven(member),
      turn: 0,
    }
  }

  /** When `onTime` has something to do. */
  get nextAt(): number {
    const askAt = this.#waiting.isEmpty ? Infinity : this.#askAt
    const next = Math.min(this.#trust.nextAt, this.#tidyAt, askAt, this.#left[0]?.until ?? Infinity)
    return this.#unseen > 0 ? Math.min(next, this.#options.now + RENAME_MS) : next
  }

  /** The broadcaster's own slots changed. */
  rootSlots(now: number, slots: number): void {
    this.#options.now = now
    this.register.setSlots(ROOT, slots)
    this.#drain()
  }

  onReport(now: number, from: P, report: Report<P>): void {
    const { register } = this
    this.#options.now = now
    let member = register.find(from)
    if (report.gone) {
      if (member > ROOT) this.#remove(member, true)
      this.#drain()
      return
    }
    if (member === ROOT) return
    if (member === NONE) member = register.add(from)
    this.#setSlots(member, report.slots)
    const isNear = report.blame.map(({ peer }) => this.#trust.isNear(member, peer))
    for (const { stripe, parent } of report.moved) this.#moved(member, stripe, parent)
    for (const [i, { stripe, peer, why }] of report.blame.entries()) {
      this.#trust.blamed(now, member, stripe, peer, why, isNear[i]!)
    }
    this.#placeAll(now, member, report)
    this.#tidyAt = Math.min(this.#tidyAt, now + TIDY_MS)
    this.#vain = 0
    this.#drain()
  }

  onVouch(now: number, from: P, vouch: Vouch): void {
    const member = this.register.find(from)
    if (member <= ROOT) return
    this.#options.now = now
    this.#trust.vouched(now, member)
    this.#setSlots(member, vouch.slots)
    this.#drain()
  }

  /** No link to a member, or none can be made. */
  onLinkDown(now: number, peer: P): void {
    const member = this.register.find(peer)
    if (member <= ROOT) return
    this.#options.now = now
    this.#trust.linkDown(now, member)
    this.#drain()
  }

  onTime(now: number): void {
    this.#options.now = now
    this.#trust.onTime(now)
    this.#release(now)
    this.#renameSeconds()
    // What is not told by news (a pair that may meet again, say) is found now and then.
    if (this.#askAt <= now && !this.#waiting.isEmpty) this.register.lists.news.fill(1)
    if (this.#tidyAt <= now) {
      const better = tidy(this.register, this.#options, this.#onMoved)
      this.#vain = better ? 0 : this.#vain + 1
      this.#tidyAt = this.#vain > MOST_VAIN ? Infinity : now + TIDY_MS
    }
    this.#drain()
  }

  /** Tells a place that is better; the former slot is free once it is left. */
  #move(member: number, stripe: number, former: number, found: Found, reused = false): void {
    this.#draft(member, stripe, found)
    if (former <= ROOT || reused) return
    this.register.hold(former)
    this.#left.push({ member: former, until: this.#options.now + LEFT_MS })
  }

  #release(now: number): void {
    while (this.#left.length > 0 && this.#left[0]!.until <= now) {
      this.register.release(this.#left.shift()!.member)
    }
  }

  #setSlots(member: number, claimed: number): void {
    const { register } = this
    this.#claimed[member] = claimed
    const slots = this.#trust.granted(this.#options.now, member, claimed)
    const before = register.slots[member]!
    if (slots === before) return
    register.setSlots(member, slots)
    if (slots > 0 && register.home[member] === NONE) this.#giveHome(member)
    if (classOf(slots) > classOf(before)) this.#improve(member)
    this.#relieve(member)
  }

  /** What it is lent has changed, or it may take the place of others now. */
  #regrant(member: number): void {
    if (!this.register.isMember(member)) return
    this.#setSlots(member, this.#claimed[member] ?? 0)
    const isStrong = classOf(this.register.slots[member]!) >= STRONG_CLASS
    if (isStrong && this.#trust.isProven(member)) this.#improve(member)
    if (this.#isDistrusted(member)) this.#unseen = this.register.peers.length * this.register.stripes
  }

  /** Would have slots, and is lent none. */
  #isDistrusted(member: number): boolean {
    return member > ROOT && this.register.slots[member] === 0 && (this.#claimed[member] ?? 0) > 0
  }

  /** Who is believed no longer is nobody's second parent either: others are named, some places at a time. */
  #renameSeconds(): void {
    const { register } = this
    for (let n = 0; n < MOST_RENAMED && this.#unseen > 0; n++) {
      const at = --this.#unseen
      const second = register.second[at]!
      if (second === NONE || !this.#isDistrusted(second)) continue
      const [member, stripe] = [Math.floor(at / register.stripes), at % register.stripes]
      if (register.isMember(member) && register.parent[at] !== NONE) this.#draft(member, stripe, null)
    }
  }

  /** Fewer slots than children: the newest are placed elsewhere before they are dropped. */
  #relieve(member: number): void {
    const { register } = this
    for (let stripe = register.stripes - 1; stripe >= 0; stripe--) {
      let child = register.firstChild(member, stripe)
      while (child !== NONE && register.used[member]! > register.slots[member]!) {
        const next = register.nextChild(child, stripe)
        register.unlink(child, stripe)
        this.#place(child, stripe, register.rankOf(child, stripe))
        child = next
      }
    }
  }

  /** The stripe that lacks slots most. */
  #giveHome(member: number): void {
    const { supply, homes, stripes } = this.register
    let least = 0
    for (let stripe = 1; stripe < stripes; stripe++) if (supply[stripe]! < supply[least]!) least = stripe
    // What it forwards already it goes on with.
    for (let stripe = 0; stripe < stripes; stripe++) if ((homes[member]! >>> stripe) % 2 === 1) least = stripe
    this.register.addHome(member, least)
  }

  /** It has proven more than was known: nearer to the source, where that moves somebody weaker. */
  #improve(member: number): void {
    const { register } = this
    const stripe = register.home[member]!
    if (stripe === NONE || register.parent[register.at(member, stripe)]! < ROOT) return
    const level = register.level[register.at(member, stripe)]!
    const former = register.parent[register.at(member, stripe)]!
    const found = place(register, member, stripe, register.rankOf(member, stripe), this.#options, level)
    if (found) this.#move(member, stripe, former, found)
  }

  #moved(member: number, stripe: number, parent: P): void {
    const { register } = this
    if (stripe >= register.stripes) return
    const to = register.find(parent)
    const rank = register.rankOf(member, stripe)
    const isKnown = to >= ROOT && register.parent[register.at(to, stripe)] !== NONE
    if (isKnown && to !== member && !register.isBelow(to, stripe, member)) {
      register.addHome(to, stripe)
      register.link(member, stripe, to, rank === LEAF_RANK ? register.rank[register.at(to, stripe)]! + 1 : rank)
    } else register.link(member, stripe, ELSEWHERE, rank === LEAF_RANK ? 1 : rank)
    this.#waiting.delete(member, stripe)
    if (!this.#isDistrusted(to)) {
      this.#draft(member, stripe, null)
      return
    }
    register.unlink(member, stripe)
    this.#place(member, stripe, rank)
  }

  #placeAll(now: number, member: number, report: Report<P>): void {
    const { register } = this
    const fresh: { stripe: number; rank: number }[] = []
    for (const { stripe, rank } of report.lacking) {
      if (stripe >= register.stripes) continue
      const at = register.at(member, stripe)
      const crossed = register.parent[at] !== NONE && now - register.assignedAt[at]! < CROSSING_MS
      if (crossed && !report.blame.some((blame) => blame.stripe === stripe)) continue
      register.unlink(member, stripe)
      fresh.push({ stripe, rank })
    }
    for (const { stripe, rank } of fresh) this.#place(member, stripe, rank)
  }

  /** Where there is room; in a large room who helps out elsewhere makes some before others have to help out here. */
  #find(member: number, stripe: number, rank: number): Found | null {
    const { register } = this
    if (register.size >= LARGE_ROOM && rank === LEAF_RANK) {
      const atHome = place(register, member, stripe, rank, this.#options, register.lists.levels)
      if (atHome) return atHome
      if (makeRoomAtHome(register, stripe, this.#options, this.#onMoved)) {
        const made = place(register, member, stripe, rank, this.#options, register.lists.levels)
        if (made) return made
      }
    }
    return place(register, member, stripe, rank, this.#options)
  }

  #place(member: number, stripe: number, rank: number): void {
    const { register } = this
    const found = this.#find(member, stripe, rank)
    if (found) {
      this.#draft(member, stripe, found)
      return
    }
    this.#list(member, stripe)
    const peer = register.peers[member]!
    send(this.#state, peer, { type: 'refuse', stripe, mode: 'serve', retryMs: LISTED_MS })
  }

  #list(member: number, stripe: number): void {
    this.#waiting.add(member, stripe, this.register.slots[member]! > 0)
  }

  /** Notes a place to be told; null: only a second parent. */
  #draft(member: number, stripe: number, found: Found | null): void {
    const { register } = this
    this.#waiting.delete(member, stripe)
    const peerOf = (other: number): P | null => (other < ROOT ? null : register.peers[other]!)
    const standby = pickStandby(register, member, stripe, register.rankOf(member, stripe), this.#options)
    register.setSecond(member, stripe, standby)
    register.assignedAt[register.at(member, stripe)] = this.#options.now
    const ghost = found?.displaced === NONE ? this.#drafts.ghostAt(found.parent, stripe) : undefined
    this.#drafts.add(member, {
      stripe,
      parent: found ? peerOf(found.parent) : null,
      standby: peerOf(standby),
      inner: register.isInner(member, stripe),
      displaces: found ? (ghost ?? peerOf(found.displaced)) : null,
      to: found ? peerOf(found.to) : null,
    })
    if (!found || found.displaced === NONE) return
    if (found.to === NONE) this.#list(found.displaced, stripe)
  }

  /** Whoever is gone leaves orphans: they need not find out by themselves. */
  #remove(member: number, said: boolean): void {
    const { register } = this
    for (let stripe = 0; stripe < register.stripes; stripe++) this.#waiting.delete(member, stripe)
    this.#drafts.gone(member, said)
    this.#trust.forget(member)
    this.#claimed[member] = 0
    const orphans: number[] = []
    register.remove(member, orphans)
    // The strongest first: one of them takes the place that became free, the others find room below it.
    const order: number[] = []
    for (let i = 0; i < orphans.length; i += 2) order.push(i)
    order.sort(
      (a, b) => register.strength(orphans[b]!, orphans[b + 1]!) - register.strength(orphans[a]!, orphans[a + 1]!),
    )
    for (const i of order) {
      const [child, stripe] = [orphans[i]!, orphans[i + 1]!]
      this.#place(child, stripe, register.rankOf(child, stripe))
    }
  }

  /** Places who waits as long as something is free, and sends what was decided. */
  #drain(): void {
    const { register } = this
    const isLarge = register.size >= LARGE_ROOM
    // In a small room whether there is a place depends on who asks, and looking costs little.
    if (!isLarge) register.lists.news.fill(1)
    this.#waiting.drain(register.lists.news, isLarge ? VAIN_IN_LARGE : Infinity, (member, stripe) => {
      const at = register.at(member, stripe)
      if (!register.isMember(member) || register.parent[at] !== NONE) return true
      const spot = this.#find(member, stripe, register.rankOf(member, stripe))
      if (spot) this.#draft(member, stripe, spot)
      return spot !== null
    })
    this.#askForMore()
    this.#drafts.tell()
  }

  /** Somebody waits: who is full is asked to prove more slots. */
  #askForMore(): void {
    const { register } = this
    const { now } = this.#options
    if (now < this.#askAt || this.#waiting.isEmpty) return
    this.#askAt = now + ASK_MS
    const lacking: number[] = []
    for (let stripe = 0; stripe < register.stripes && lacking.length < STRIPES_ASKED; stripe++) {
      if (this.#waiting.lacks(stripe)) lacking.push(stripe)
    }
    for (const stripe of lacking) {
      const full = register.lists.sampleForwarders(
        stripe,
        register.random,
        MEMBERS_ASKED,
        (member) => register.isMember(member) && register.used[member]! >= FULL_SHARE * register.slots[member]!,
      )
      for (const member of full) {
        const peer = register.peers[member]!
        send(this.#state, peer, { type: 'assign', room: register.size, places: [], grow: true, others: [] })
      }
    }
  }
}
