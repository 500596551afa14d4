import { TokenBucket } from '../mesh/token-bucket'
import { BlockWords } from './block-words'
import { EntryRefused } from './entry-refused'
import { MAX_TALK_BYTES } from './room-message'
import type { OpenedRoomEntry, RoomEntry, RoomReader } from './room-entry'
import { banOf, roleIn, type RoomRules } from './room-rules'

/** What one account may say, all its devices together: so many at once, then so many a second. */
export const ACCOUNT_BURST = 10
export const ACCOUNT_PER_SECOND = 2
/** Of the owner and the moderators, who may have a hundred to send away. */
const STAFF_BURST = 40
const STAFF_PER_SECOND = 5
/** The same of an account that nobody here knows. */
export const NEWCOMER_BURST = 5
export const NEWCOMER_PER_SECOND = 1
/** What all such accounts may say together, so that a thousand made up in a minute drown nobody. */
export const NEWCOMERS_BURST = 60
export const NEWCOMERS_PER_SECOND = 10
/** Of it by way of one neighbour, once half of it is used up. */
const NEIGHBOUR_NEWCOMERS_BURST = 30
const NEIGHBOUR_NEWCOMERS_PER_SECOND = 4
/** Who has talked here for so long is no newcomer, but a regular: what all of them may say together. */
const REGULAR_AFTER_MS = 60_000
const REGULARS_BURST = 100
const REGULARS_PER_SECOND = 30
/** Signatures that are checked for one neighbour; each costs 0.1 ms. */
const NEIGHBOUR_BURST = 400
const NEIGHBOUR_PER_SECOND = 200
/** Grants of devices that were never heard; each costs 2 ms. */
const GRANTS_BURST = 200
const GRANTS_PER_SECOND = 40
const NEIGHBOUR_GRANTS_BURST = 80
const NEIGHBOUR_GRANTS_PER_SECOND = 10
/** A neighbour that passes on more than so much of what is refused floods; honest ones refuse it themselves. */
const REFUSED_BURST = 200
const REFUSED_PER_SECOND = 20
/** What nobody honest passes on weighs more, and so does what a node says itself beyond the rate of its author. */
const INVALID_WEIGHT = 10
const OWN_WEIGHT = 4
/** Older lines are history and asked for, not said again. */
const MAX_AGE_MS = 10 * 60_000
/** By so much the way through the network may shorten the time between two lines in slow mode. */
const SLOW_TOLERANCE_MS = 2_000
const REMEMBERED_IDS = 5_000
const REMEMBERED_ACCOUNTS = 5_000
const REMEMBERED_NEIGHBOURS = 500

/** As of gossip: passed on, dropped, or dropped with a mark against its sender. */
export type RoomVerdict = 'accept' | 'ignore' | 'reject'

/** Who may write: what a room's rules say of one entry, rates left aside. Null: nothing against it. */
export type RoomObjection = 'ban' | 'policy' | 'staff' | 'word'

/** Answers the same for everybody who has the same rules. */
export class RoomLaw {
  readonly #words: BlockWords

  constructor(readonly rules: RoomRules) {
    this.#words = new BlockWords(rules.blockWords)
  }

  objection(entry: RoomEntry, now: number): RoomObjection | null {
    const { account, kind } = entry
    const role = roleIn(this.rules, account)
    if (kind === 'list') return this.rules.banLists.includes(entry.id) ? null : 'staff'
    if (role === 'owner') return null
    if (banOf(this.rules, account, now) !== null) return 'ban'
    if (role === 'mod') return null
    if (kind === 'room') return 'staff'
    if (kind === 'del') return null
    const { policy } = this.rules
    const may = policy === 'open' || role === 'member' || (policy === 'followers' && entry.follows)
    if (!may || policy === 'closed') return 'policy'
    return this.wordIn(entry.body.text) === null ? null : 'word'
  }

  /** The block word that a text has; null: none. */
  wordIn(text: string): string | null {
    return this.#words.find(text)
  }

  isStaff(account: string): boolean {
    const role = roleIn(this.rules, account)
    return role === 'owner' || role === 'mod'
  }
}

const STAFF = { perSecond: STAFF_PER_SECOND, burst: STAFF_BURST }
const KNOWN = { perSecond: ACCOUNT_PER_SECOND, burst: ACCOUNT_BURST }
const NEWCOMER = { perSecond: NEWCOMER_PER_SECOND, burst: NEWCOMER_BURST }

interface Talker {
  readonly bucket: TokenBucket
  readonly since: number
  lastArrival: number
  lastT: number
}

interface Neighbour {
  readonly checks: TokenBucket
  readonly grants: TokenBucket
  readonly newcomers: TokenBucket
  readonly refused: TokenBucket
}

export interface RoomJudgeOptions {
  room: string
  reader: RoomReader
  rules: RoomRules
  /** Unix milliseconds. */
  now?: () => number
  /** A neighbour floods; told each time that it does. */
  onFlood?: (neighbour: string) => void
}

/**
 * Judges what comes over the topic of one room before it is passed on. Numbers and predecessors are not checked: gaps
 * are normal in a room. What breaks rules or rates is ignored, as rules may not have come everywhere yet; what is
 * forged is rejected.
 */
export class RoomJudge {
  readonly #room: string
  readonly #reader: RoomReader
  readonly #now: () => number
  readonly #onFlood: (neighbour: string) => void
  #law: RoomLaw
  #trusted: ReadonlySet<string> = new Set()
  readonly #seen = new Set<string>()
  readonly #talkers = new Map<string, Talker>()
  readonly #neighbours = new Map<string, Neighbour>()
  readonly #newcomers: TokenBucket
  readonly #regulars: TokenBucket
  readonly #grants: TokenBucket

  constructor({ room, reader, rules, now = Date.now, onFlood = () => undefined }: RoomJudgeOptions) {
    this.#room = room
    this.#reader = reader
    this.#law = new RoomLaw(rules)
    this.#now = now
    this.#onFlood = onFlood
    this.#newcomers = new TokenBucket(NEWCOMERS_PER_SECOND, NEWCOMERS_BURST, now())
    this.#regulars = new TokenBucket(REGULARS_PER_SECOND, REGULARS_BURST, now())
    this.#grants = new TokenBucket(GRANTS_PER_SECOND, GRANTS_BURST, now())
  }

  /** @param trusted accounts whom the person here follows: they are heard before strangers */
  rule(rules: RoomRules, trusted: readonly string[]): void {
    this.#law = new RoomLaw(rules)
    this.#trusted = new Set(trusted)
  }

  /** An own message is on its way: its copies are none of others. */
  own(bytes: Uint8Array): void {
    this.#remember(this.#reader.open(bytes, this.#room, this.#now()).id)
  }

  /** @param isItsOwn the neighbour passes on nobody else's: it said this itself */
  judge(bytes: Uint8Array, from: string, isItsOwn = false): RoomVerdict {
    const now = this.#now()
    const neighbour = this.#neighbour(from, now)
    if (!neighbour.checks.take(1, now)) return this.#refuse(from, neighbour, now, 'ignore')
    let opened: OpenedRoomEntry
    try {
      if (bytes.length > MAX_TALK_BYTES) throw new EntryRefused('oversized', `${bytes.length} bytes`)
      opened = this.#reader.open(bytes, this.#room, now)
    } catch (error) {
      const isLate = error instanceof EntryRefused && error.fault === 'future' // clocks lie, peers do not for it
      return this.#refuse(from, neighbour, now, isLate ? 'ignore' : 'reject')
    }
    if (this.#seen.has(opened.id)) return this.#refuse(from, neighbour, now, 'ignore')
    const { t, expires } = opened.header
    if (t < now - MAX_AGE_MS || (expires ?? Infinity) <= now) return this.#refuse(from, neighbour, now, 'ignore')
    const weight = isItsOwn ? OWN_WEIGHT : 1
    if (this.#isOverRate(opened.device, now)) return this.#refuse(from, neighbour, now, 'ignore', weight)
    if (!this.#reader.isKnown(opened) && !this.#mayCheckGrant(neighbour, now)) return 'ignore'
    let entry: RoomEntry
    try {
      entry = this.#reader.check(opened, this.#room)
    } catch {
      return this.#refuse(from, neighbour, now, 'reject')
    }
    if (this.#law.objection(entry, now) !== null || !this.#mayTalk(entry, neighbour, now)) {
      return this.#refuse(from, neighbour, now, 'ignore', this.#isOverRate(opened.device, now) ? weight : 1)
    }
    this.#remember(opened.id)
    return 'accept'
  }

  /** Known before any signature is checked; nothing is taken of the account's budget, as anybody can say its name. */
  #isOverRate(device: string, now: number): boolean {
    const account = this.#reader.accountOf(device)
    const talker = account === null ? undefined : this.#talkers.get(account)
    if (account === null || talker === undefined) return false
    Object.assign(talker.bucket, this.#rate(account, this.#standing(account, now)))
    return talker.bucket.waitMs(1, now) > 0
  }

  #standing(account: string, now: number): 'trusted' | 'regular' | 'newcomer' {
    if (this.#trusted.has(account) || roleIn(this.#law.rules, account) !== null) return 'trusted'
    const known = this.#talkers.get(account)
    return known !== undefined && now - known.since >= REGULAR_AFTER_MS ? 'regular' : 'newcomer'
  }

  #rate(account: string, standing: 'trusted' | 'regular' | 'newcomer'): { perSecond: number; burst: number } {
    return this.#law.isStaff(account) ? STAFF : standing === 'newcomer' ? NEWCOMER : KNOWN
  }

  #mayCheckGrant(neighbour: Neighbour, now: number): boolean {
    return neighbour.grants.take(1, now) && this.#grants.take(1, now)
  }

  #mayTalk(entry: RoomEntry, neighbour: Neighbour, now: number): boolean {
    const { account } = entry
    const standing = this.#standing(account, now)
    const rate = this.#rate(account, standing)
    const talker = this.#talkers.get(account) ?? {
      ...{ bucket: new TokenBucket(rate.perSecond, rate.burst, now), since: now },
      ...{ lastArrival: -Infinity, lastT: -Infinity },
    }
    Object.assign(talker.bucket, rate)
    if (entry.kind === 'chat' && !this.#isSlowEnough(entry, talker, now)) return false
    if (!talker.bucket.take(1, now)) return false
    if (standing === 'regular' && !this.#regulars.take(1, now)) return false
    if (standing === 'newcomer' && !this.#takeNewcomer(neighbour, now)) return false
    if (entry.kind === 'chat') {
      talker.lastArrival = now
      talker.lastT = entry.t
    }
    this.#talkers.delete(account) // the longest silent comes first in a Map
    this.#talkers.set(account, talker)
    if (this.#talkers.size > REMEMBERED_ACCOUNTS) this.#talkers.delete(this.#talkers.keys().next().value!)
    return true
  }

  /** Both by the author's clock and by the arrival here: the one can be made up, the other is shaken by the way. */
  #isSlowEnough({ account, t }: RoomEntry, { lastArrival, lastT }: Talker, now: number): boolean {
    const slowMs = this.#law.rules.slow * 1000
    if (slowMs === 0 || this.#law.isStaff(account)) return true
    return Math.abs(t - lastT) >= slowMs && now - lastArrival >= Math.max(slowMs / 2, slowMs - SLOW_TOLERANCE_MS)
  }

  #takeNewcomer(neighbour: Neighbour, now: number): boolean {
    const isBusy = this.#newcomers.waitMs(NEWCOMERS_BURST / 2, now) > 0
    const isWithin = neighbour.newcomers.take(1, now)
    return (isWithin || !isBusy) && this.#newcomers.take(1, now)
  }

  #refuse(from: string, { refused }: Neighbour, now: number, verdict: RoomVerdict, weight = 1): RoomVerdict {
    if (!refused.take(verdict === 'reject' ? INVALID_WEIGHT : weight, now)) this.#onFlood(from)
    return verdict
  }

  #neighbour(from: string, now: number): Neighbour {
    const neighbour = this.#neighbours.get(from) ?? {
      checks: new TokenBucket(NEIGHBOUR_PER_SECOND, NEIGHBOUR_BURST, now),
      grants: new TokenBucket(NEIGHBOUR_GRANTS_PER_SECOND, NEIGHBOUR_GRANTS_BURST, now),
      newcomers: new TokenBucket(NEIGHBOUR_NEWCOMERS_PER_SECOND, NEIGHBOUR_NEWCOMERS_BURST, now),
      refused: new TokenBucket(REFUSED_PER_SECOND, REFUSED_BURST, now),
    }
    this.#neighbours.delete(from)
    this.#neighbours.set(from, neighbour)
    if (this.#neighbours.size > REMEMBERED_NEIGHBOURS) this.#neighbours.delete(this.#neighbours.keys().next().value!)
    return neighbour
  }

  #remember(id: string): void {
    this.#seen.add(id)
    if (this.#seen.size > REMEMBERED_IDS) this.#seen.delete(this.#seen.values().next().value!)
  }
}
