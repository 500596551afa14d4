import type { RoomBody } from '@shared/community/bodies/rooms'
import type { RoomEntry } from '@shared/community/room-entry'
import { RoomLaw } from '@shared/community/room-judge'
import { banOf, mergeRoomRules, type RoomRecord, type RoomRules } from '@shared/community/room-rules'
import { placeIn, type Said, type SaidLine } from './said'

/** Newest lines that are kept in memory. */
const KEPT_LINES = 1_000
const KEPT_DELETIONS = 2_000
/** A line that comes live was said at most so long ago: nobody writes into the past of a talk. */
const LIVE_MS = 10_000

/** What a thing that came changes; null: nothing, as it is known or counts for nothing. */
export type TalkChange =
  | { readonly what: 'line'; readonly line: SaidLine }
  | { readonly what: 'rules'; readonly before: RoomRules }
  /** A `room` entry without body: it is to be asked for. */
  | { readonly what: 'ask' }
  /** `line`: the line that it takes away; null: none that is known. */
  | { readonly what: 'deletion'; readonly line: string | null }

interface KeptRecord {
  readonly record: RoomRecord
  readonly said: Said
}

/**
 * What was said in one room and what holds in it, the same for everybody who heard the same, in whatever order it came.
 * Entries are checked already; whose word counts is decided here.
 */
export class RoomTalk {
  readonly #records = new Map<string, KeptRecord>()
  /** Lists of whom to keep out that the owner named, by id. */
  readonly #lists = new Map<string, Said & { readonly entry: Extract<RoomEntry, { kind: 'list' }> }>()
  /** Oldest first. */
  readonly #lines: SaidLine[] = []
  readonly #byId = new Map<string, SaidLine>()
  /** Who deleted what: ids of lines. Whether it counts depends on who they are. */
  readonly #deletions = new Map<string, Map<string, Said>>()
  /** Of each device the place of its last line, so that its lines keep their order. */
  readonly #places = new Map<string, { n: number; at: number }>()
  #law: RoomLaw

  constructor(readonly room: string) {
    this.#law = new RoomLaw(mergeRoomRules(room, []))
  }

  get law(): RoomLaw {
    return this.#law
  }

  /** Lines that are kept, oldest first, also those that are not to be seen. */
  get lines(): readonly SaidLine[] {
    return this.#lines
  }

  line(id: string): SaidLine | undefined {
    return this.#byId.get(id)
  }

  recordOf(account: string): RoomBody | null {
    return this.#records.get(account)?.record.body ?? null
  }

  /**
   * @param arrival Unix milliseconds when it came; `isLive`: just now over the topic, else as history
   * @param at its place, where it is known from before
   */
  take(entry: RoomEntry, bytes: Uint8Array, arrival: number, isLive: boolean, at?: number): TalkChange | null {
    switch (entry.kind) {
      case 'chat':
        return this.#takeLine(entry, bytes, arrival, isLive, at)
      case 'room':
        return this.#takeRecord(entry, bytes, arrival)
      case 'del':
        return this.#takeDeletion(entry, bytes, arrival)
      case 'list': {
        const { rules } = this.#law
        if (!rules.banLists.includes(entry.id) || this.#lists.has(entry.id)) return null
        this.#lists.set(entry.id, { entry, bytes, at: arrival })
        this.#merge()
        return { what: 'rules', before: rules }
      }
    }
  }

  /** Whether a line may be seen, as far as the room has a say. */
  isShown({ entry }: SaidLine, now: number): boolean {
    if ((entry.expires ?? Infinity) <= now) return false
    return !this.isDeleted(entry.id, entry.account) && banOf(this.#law.rules, entry.account, now) === null
  }

  isDeleted(id: string, author: string): boolean {
    const by = this.#deletions.get(id)
    return by !== undefined && [...by.keys()].some((one) => one === author || this.#law.isStaff(one))
  }

  /**
   * What somebody who comes late is given: what keeps the room, then deletions, then the newest lines before a time.
   * @param before Unix milliseconds; null: up to now
   */
  history(before: number | null, limit: number, now: number, withLists = false): Uint8Array[] {
    const rules = [...this.#records.values()].filter(({ record }) => this.#law.isStaff(record.account))
    const deletions = [...this.#deletions.values()].flatMap((by) =>
      [...by].filter(([account]) => this.#law.isStaff(account)).map(([, said]) => said),
    )
    const lines = this.#lines.filter((line) => (before === null || line.at < before) && this.isShown(line, now))
    const keepers = [...rules.map(({ said }) => said), ...(withLists ? this.#lists.values() : [])]
    const told = [...keepers, ...deletions.slice(-limit), ...lines.slice(-limit)]
    return (limit === 0 ? told.slice(0, keepers.length) : told).map(({ bytes }) => bytes)
  }

  /** Everything by which the rules came about, to be kept. */
  get keepers(): readonly Said[] {
    return [...[...this.#records.values()].map(({ said }) => said), ...this.#lists.values()]
  }

  /** Whether the owner named a list that is not here yet. */
  get lacksLists(): boolean {
    return this.#law.rules.banLists.some((id) => !this.#lists.has(id))
  }

  /** What a list is called, and how many are on it; null: not here. */
  list(id: string): { title: string; size: number } | null {
    const body = this.#lists.get(id)?.entry.body
    return body === undefined ? null : { title: body.title, size: body.items.length }
  }

  #takeLine(
    entry: SaidLine['entry'],
    bytes: Uint8Array,
    arrival: number,
    isLive: boolean,
    known: number | undefined,
  ): TalkChange | null {
    if (this.#byId.has(entry.id)) return null
    const line = { entry, bytes, at: known ?? this.#placeOf(entry, arrival, isLive) }
    const place = placeIn(this.#lines, line)
    // older than all that is kept here: it goes to the disk
    if (place === 0 && this.#lines.length >= KEPT_LINES) return { what: 'line', line }
    this.#lines.splice(place, 0, line)
    this.#byId.set(entry.id, line)
    const last = this.#places.get(entry.device)
    if (last === undefined || last.n < entry.n) this.#places.set(entry.device, { n: entry.n, at: line.at })
    if (this.#lines.length > KEPT_LINES) this.#forget(this.#lines.shift()!)
    return { what: 'line', line }
  }

  /**
   * By its author's clock, but not after its arrival, live ones not long before it; after what it answers, and after
   * what the same device said before.
   */
  #placeOf({ device, n, t, body }: SaidLine['entry'], arrival: number, isLive: boolean): number {
    let at = Math.min(t, arrival)
    if (isLive) at = Math.max(at, arrival - LIVE_MS)
    const last = this.#places.get(device)
    if (last !== undefined && last.n < n) at = Math.max(at, last.at)
    const answered = body.reply === undefined ? undefined : this.#byId.get(body.reply)
    return answered === undefined ? at : Math.max(at, answered.at + 1)
  }

  #takeRecord(entry: Extract<RoomEntry, { kind: 'room' }>, bytes: Uint8Array, at: number): TalkChange | null {
    const { account, device, n, t, body } = entry
    // nobody but the owner can name moderators, and without being named nobody's record counts: others need not be kept
    if (account !== this.#law.rules.owner && !this.#law.isStaff(account)) return null
    const before = this.#records.get(account)?.record
    if (before !== undefined && (before.t > t || (before.t === t && before.n >= n))) return null
    if (body === null) return { what: 'ask' }
    const { rules } = this.#law
    this.#records.set(account, { record: { account, device, n, t, body }, said: { entry, bytes, at } })
    this.#merge()
    for (const one of [...this.#records.keys()]) if (!this.#law.isStaff(one)) this.#records.delete(one)
    for (const id of [...this.#lists.keys()]) if (!this.#law.rules.banLists.includes(id)) this.#lists.delete(id)
    return { what: 'rules', before: rules }
  }

  #merge(): void {
    const records = [...this.#records.values()].map(({ record }) => record)
    const lists = [...this.#lists].map(([id, { entry }]) => [id, entry.body.items.map(({ s }) => s)] as const)
    this.#law = new RoomLaw(mergeRoomRules(this.room, records, new Map(lists)))
  }

  #takeDeletion(entry: Extract<RoomEntry, { kind: 'del' }>, bytes: Uint8Array, at: number): TalkChange | null {
    const { account, body } = entry
    const author = this.#byId.get(body.s)?.entry.account
    if (author !== undefined && author !== account && !this.#law.isStaff(account)) return null
    const by = this.#deletions.get(body.s) ?? new Map<string, Said>()
    if (by.has(account) || by.size >= 4) return null
    by.set(account, { entry, bytes, at })
    this.#deletions.set(body.s, by)
    if (this.#deletions.size > KEPT_DELETIONS) this.#forgetDeletion()
    return { what: 'deletion', line: author === undefined ? null : body.s }
  }

  /** Of those by strangers first, or they could push out the others. */
  #forgetDeletion(): void {
    const [oldest] = this.#deletions.keys()
    const stranger = [...this.#deletions].find(([, by]) => ![...by.keys()].some((one) => this.#law.isStaff(one)))
    this.#deletions.delete(stranger?.[0] ?? oldest!)
  }

  #forget({ entry: { id, device } }: SaidLine): void {
    this.#byId.delete(id)
    if (!this.#lines.some(({ entry }) => entry.device === device)) this.#places.delete(device)
  }
}
