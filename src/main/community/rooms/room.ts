import { setImmediate as breathe } from 'node:timers/promises'
import { EntryRefused } from '@shared/community/entry-refused'
import type { SentEntry } from '@shared/community/log-messages'
import type { RoomEntry, RoomReader } from '@shared/community/room-entry'
import type { RoomExchange } from '@shared/community/room-exchange'
import { NEWCOMER_BURST, NEWCOMER_PER_SECOND } from '@shared/community/room-judge'
import { encodeRoomMessage, MAX_TALK_BYTES } from '@shared/community/room-message'
import { encodeRoomRequest, readRoomFrame } from '@shared/community/room-request'
import { roleIn, type RoomRules } from '@shared/community/room-rules'
import type { ChatLine, OpenRoom, RoomHistory, RoomState } from '@shared/community/room-state'
import { StudioError } from '@shared/errors'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { Log } from '../../platform/log'
import type { Draft } from '../log/own-log'
import { recordOfAct } from './room-acts'
import type { RoomHost } from './room-host'
import type { RoomStore } from './room-store'
import { RoomTalk, type TalkChange } from './room-talk'
import { RoomView } from './room-view'
import type { Said, SaidLine } from './said'
import { storedTalk } from './stored-talk'

/** Own lines are dropped by everybody after so long: a log is no place for small talk for ever. */
const LINE_MS = 90 * 86_400_000
const TELL_MS = 60
const WRITE_MS = 1_000
/** Lines of before that are asked for by who comes late, and of how many peers. */
const ASKED_LINES = 100
const ENOUGH = 2
const ASK_AT_MS = [0, 700, 2_500, 8_000]
/** What got lost on the way is found by asking somebody now and then. */
const LOOK_AROUND_MS = 10_000
const COMPARE_EACH_MS = 60_000
const COMPARED_LINES = 40
/** Of what was said to nobody, so much is said again to the first who comes; the rest is history and asked for. */
const SAID_AGAIN = 3
/** Deletions and records that may come with an answer. */
const BESIDE_LINES = 400
/** The own name goes with the first line and then at most so often. */
const NAME_EACH_MS = 60_000
const SHOWN_AT_FIRST = 200
const MAX_TIMER_MS = 2 ** 31 - 1

/** What the window is told of rooms. */
export interface RoomTell {
  lines: (told: { room: string; lines: ChatLine[] }) => void
  removed: (told: { room: string; ids: string[] }) => void
  changed: (state: RoomState) => void
}

export interface RoomParts {
  readonly host: RoomHost
  readonly exchange: RoomExchange
  readonly store: RoomStore
  readonly reader: RoomReader
  readonly tell: RoomTell
  readonly log: Log
}

/** One room that the person is in: what is said there, in both directions, until `close`. */
export class Room {
  /** How many panes show it. */
  opens = 0
  readonly #talk: RoomTalk
  readonly #view: RoomView
  readonly #bucket: TokenBucket
  readonly #asked = new Set<string>()
  /** Own lines that nobody else could hear yet. */
  readonly #unheard = new Map<string, Uint8Array>()
  /** Ids of lines that the window has. */
  /** Lines that the window has, and how their authors stood to the person then. */
  readonly #shown = new Map<string, ChatLine['bond']>()
  #toTell = new Map<string, SaidLine>()
  #toRemove = new Set<string>()
  #isChanged = false
  #toWrite: Said[] = []
  #toDrop: string[] = []
  #timers: { tell?: NodeJS.Timeout; write?: NodeJS.Timeout; due?: NodeJS.Timeout; ask: NodeJS.Timeout[] } = { ask: [] }
  readonly #lookingAround = setInterval(() => void this.peersChanged(), LOOK_AROUND_MS)
  #lastTold = 0
  #comparedAt: number
  #peers = 0
  #lastSaid = -Infinity
  #lastNamed = -Infinity
  #isClosed = false

  constructor(
    readonly room: string,
    private readonly parts: RoomParts,
  ) {
    const { host, store } = parts
    this.#talk = storedTalk(store, room, Number.MAX_SAFE_INTEGER, 500)
    this.#view = new RoomView(
      this.#talk,
      host,
      (id) => !this.#unheard.has(id),
      (id) => this.#kept(id),
    )
    this.#bucket = new TokenBucket(NEWCOMER_PER_SECOND, NEWCOMER_BURST, host.now())
    this.#comparedAt = host.now() + Math.random() * COMPARE_EACH_MS
    this.#enter()
    this.#askSoon()
    this.#watchTime()
    this.#renewLists()
    void this.peersChanged()
  }

  show(): OpenRoom {
    const lines = this.#view.lines(this.#talk.lines).slice(-SHOWN_AT_FIRST)
    for (const { id, bond } of lines) this.#shown.set(id, bond)
    return { state: this.#state(), lines }
  }

  /** Throws StudioError as named in `roomsSchema.say`. */
  say(text: string, reply: string | undefined): ChatLine {
    const { host } = this.parts
    const now = host.now()
    const hindrance = this.#view.hindrance(this.#nextAt)
    if (hindrance !== null) {
      throw new StudioError(
        hindrance.code === 'no-account' ? 'no-account' : `room-${hindrance.code}`,
        hindrance.message,
      )
    }
    this.#checkWords(text)
    if (!this.#bucket.take(1, now)) {
      throw new StudioError('room-fast', 'That was a lot at once. Wait a second, then go on.')
    }
    const body = { room: this.room, text, ...(reply === undefined ? {} : { reply }) }
    const line = this.#tellAll({ kind: 'chat', body, expires: now + LINE_MS })
    this.#lastSaid = now
    if (this.#nextAt > now) this.#changed()
    return this.#view.line(line as SaidLine)!
  }

  /** Takes an own line back. */
  withdraw(id: string): void {
    const line = this.#talk.line(id) ?? this.#kept(id)
    if (line?.entry.account !== this.parts.host.me) {
      throw new StudioError('room-line', 'This line is not yours, or not here any more.')
    }
    this.#tellAll({ kind: 'del', body: { s: id } })
  }

  /** Throws StudioError `room-role`, `no-account`. */
  moderate(act: RoomAct): void {
    const { host } = this.parts
    const me = host.me
    if (me === null) throw new StudioError('no-account', 'For this you need an account. Make one in the wallet.')
    const { law } = this.#talk
    if (act.do === 'lists') {
      this.#nameLists(me, act.lists)
      return
    }
    if (act.do !== 'delete') {
      const body = recordOfAct(this.room, me, law.rules, this.#talk.recordOf(me), act, host.now())
      this.#tellAll({ kind: 'room', body, replaceKey: this.room })
      return
    }
    if (!law.isStaff(me)) {
      throw new StudioError('room-role', 'Only the owner and the moderators of this room can do that.')
    }
    this.#tellAll({ kind: 'del', body: { s: act.line } })
  }

  async history(before: number, limit: number): Promise<RoomHistory> {
    let found = this.#linesBefore(before, limit)
    if (found.length < limit) {
      const peers = await this.parts.exchange.peers(this.room)
      for (const peer of shuffled(peers).slice(0, ENOUGH)) await this.#ask(peer, before, limit, true)
      found = this.#linesBefore(before, limit)
    }
    const lines = this.#view.lines(found)
    for (const { id, bond } of lines) this.#shown.set(id, bond)
    return { lines, more: found.length === limit }
  }

  /** Something said over the topic that the peer engine let pass. */
  heard(bytes: Uint8Array, from: string): void {
    try {
      this.#take(bytes, true, false, from)
    } catch (error) {
      if (!(error instanceof EntryRefused)) throw error
      this.parts.log('error', 'a message was refused here that the peer engine let pass', { reason: error.message })
    }
  }

  /** Somebody listens who did not before; or it is time to look. */
  async peersChanged(): Promise<void> {
    const peers = await this.parts.exchange.peers(this.room)
    if (this.#isClosed) return
    const wasAlone = this.#peers === 0
    if (peers.length !== this.#peers) {
      this.#peers = peers.length
      this.#changed()
    }
    if (peers.length === 0) return
    this.#sayAgain()
    const now = this.parts.host.now()
    if (wasAlone) {
      this.#asked.clear() // whatever was said meanwhile
      this.#askSoon()
    } else if (now - this.#comparedAt >= COMPARE_EACH_MS) {
      this.#comparedAt = now
      await this.#ask(shuffled(peers)[0]!, null, COMPARED_LINES)
    }
  }

  /** What a peer that comes late gets. */
  answer(before: number | null, limit: number, withLists: boolean): Uint8Array[] {
    return this.#talk.history(before, limit, this.parts.host.now(), withLists)
  }

  /** The person's own rules or names have changed: lines come or go. */
  reconsider(): void {
    this.#renewLists()
    this.#enter()
    this.#look()
  }

  close(): void {
    this.#isClosed = true
    this.parts.exchange.leave(this.room)
    clearInterval(this.#lookingAround)
    clearTimeout(this.#timers.tell)
    clearTimeout(this.#timers.due)
    for (const timer of this.#timers.ask) clearTimeout(timer)
    this.flush()
  }

  /** What is to be kept is on disk when it returns. */
  flush(): void {
    clearTimeout(this.#timers.write)
    delete this.#timers.write
    const [things, dropped] = [this.#toWrite, this.#toDrop]
    this.#toWrite = []
    this.#toDrop = []
    if (things.length + dropped.length > 0) this.parts.store.write(this.room, things, dropped)
  }

  /** When slow mode lets the person write again, Unix milliseconds; peers count from the last line, also of before it. */
  get #nextAt(): number {
    const { law } = this.#talk
    const { me } = this.parts.host
    return me !== null && law.isStaff(me) ? 0 : this.#lastSaid + law.rules.slow * 1000
  }

  #checkWords(text: string): void {
    const { law } = this.#talk
    if (law.isStaff(this.parts.host.me!)) return
    const word = law.wordIn(text)
    if (word !== null) throw new StudioError('room-word', `The owner of this room does not want “${word}” in it.`)
  }

  /** Says by which lists people are kept out, in the versions that hold now, and has them for whoever asks. */
  #nameLists(me: string, roots: readonly string[]): void {
    const { host, reader } = this.parts
    const lists = [...new Set(roots)].map((root) => host.list(root))
    const found = lists.filter((list) => list !== null)
    if (found.length < lists.length) {
      throw new StudioError(
        'room-list',
        'One of these lists is not on this computer yet. Open it once, then try again.',
      )
    }
    const { rules } = this.#talk.law
    const act = { do: 'lists', lists: found.map(({ id }) => id) } as const
    const body = recordOfAct(this.room, me, rules, this.#talk.recordOf(me), act, host.now())
    this.#tellAll({ kind: 'room', body, replaceKey: this.room })
    for (const { entry, grant } of found) {
      const bytes = encodeRoomMessage({ entry, grant, extras: [] })
      const said = reader.check(reader.open(bytes, this.room, host.now()), this.room)
      const change = this.#talk.take(said, bytes, host.now(), false)
      if (change !== null) this.#apply(change, said, bytes, null)
    }
  }

  /** A list that keeps people out of an own room was changed by its author. */
  #renewLists(): void {
    const { host } = this.parts
    const { owner, banLists } = this.#talk.law.rules
    if (host.me === null || host.me !== owner || banLists.length === 0) return
    const roots = banLists.map((id) => host.rootOfList(id))
    const now = roots.map((root) => host.list(root)?.id ?? null)
    const isChanged = now.some((id, at) => id !== null && id !== banLists[at])
    if (isChanged && now.every((id) => id !== null)) this.#nameLists(host.me, roots)
  }

  /** Signs something, keeps it, shows it here and sends it. */
  #tellAll(draft: Draft): Said {
    const { host, reader } = this.parts
    const [id] = host.append(draft)
    const entry = host.sealed(id!)
    const grant = host.grant()
    if (entry === null || grant === null) throw new StudioError('no-account', 'This device has no account yet.')
    const now = host.now()
    const bytes = encodeRoomMessage({ entry, grant, extras: this.#extras(draft.kind, now) })
    const said = reader.check(reader.open(bytes, this.room, now), this.room, true)
    const change = this.#talk.take(said, bytes, now, true)
    if (change !== null) this.#apply(change, said, bytes, null)
    const isLarge = bytes.length > MAX_TALK_BYTES
    const sent = isLarge ? encodeRoomMessage({ entry: { ...entry, body: null }, grant, extras: [] }) : bytes
    if (this.#peers === 0) this.#unheard.set(said.id, sent)
    void this.#send(said.id, sent)
    return this.#talk.line(said.id) ?? { entry: said, bytes, at: now }
  }

  #extras(kind: string, now: number): SentEntry[] {
    if (kind !== 'chat') return []
    const { host } = this.parts
    const { rules } = this.#talk.law
    const extras: SentEntry[] = []
    if (now - this.#lastNamed >= NAME_EACH_MS) {
      const profile = host.profile()
      if (profile !== null && (profile.body?.length ?? 0) < 4_000) {
        extras.push(profile)
        this.#lastNamed = now
      }
    }
    if (rules.policy === 'followers' && rules.owner !== null && roleIn(rules, host.me!) === null) {
      const follow = host.followOf(rules.owner)
      if (follow !== null) extras.push(follow)
    }
    return extras
  }

  #sayAgain(): void {
    const ids = [...this.#unheard.keys()]
    for (const id of ids.slice(-SAID_AGAIN)) void this.#send(id, this.#unheard.get(id)!)
    for (const id of ids.slice(0, -SAID_AGAIN)) this.#isHeard(id)
  }

  #isHeard(id: string): void {
    if (!this.#unheard.delete(id)) return
    const line = this.#talk.line(id)
    if (line !== undefined) this.#show(line)
  }

  async #send(id: string, bytes: Uint8Array): Promise<void> {
    const listeners = await this.parts.exchange.say(this.room, bytes).catch(() => 0)
    if (listeners > 0) this.#isHeard(id)
    else if (!this.#unheard.has(id)) {
      this.#unheard.set(id, bytes)
      const line = this.#talk.line(id)
      if (line !== undefined) this.#show(line)
    }
  }

  /** Throws EntryRefused. */
  #take(bytes: Uint8Array, isLive: boolean, isQuiet: boolean, from: string | null): RoomEntry['kind'] {
    const { host, reader } = this.parts
    const now = host.now()
    const opened = reader.open(bytes, this.room, now)
    if (this.#talk.line(opened.id) !== undefined) return opened.kind
    const entry = reader.check(opened, this.room, isLive)
    if (host.isVoid(entry.device, entry.n)) return entry.kind
    const objection = this.#talk.law.objection(entry, now)
    // what was allowed when it was said stays; block words are for everything
    if (objection !== null && (isLive || objection === 'word')) return entry.kind
    // what came is kept: no view of a larger buffer
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    const change = this.#talk.take(entry, own, now, isLive)
    if (change !== null) this.#apply(change, entry, own, from, isQuiet)
    return entry.kind
  }

  #apply(change: TalkChange, entry: RoomEntry, bytes: Uint8Array, from: string | null, isQuiet = false): void {
    switch (change.what) {
      case 'line':
        this.#keep(change.line)
        if (!isQuiet) this.#show(change.line)
        return
      case 'deletion':
        this.#keep({ entry, bytes, at: this.parts.host.now() })
        if (change.line === null) return
        this.#toDrop.push(change.line)
        this.#remove(change.line)
        if (change.line === this.#talk.law.rules.pinned) this.#changed()
        return
      case 'rules':
        this.parts.store.keepRecords(this.room, this.#talk.keepers)
        this.#enter()
        this.#look(change.before)
        if (entry.kind === 'room' && this.#talk.lacksLists) this.#askLists()
        return
      case 'ask':
        if (from !== null) this.#askRules(from)
    }
  }

  /** Looks at all lines again: what may be seen, in which role its author is, and how they stand to the person. */
  #look(before?: RoomRules): void {
    const { rules } = this.#talk.law
    for (const said of this.#talk.lines) {
      const { id, account } = said.entry
      const line = this.#view.line(said)
      const isOther = before !== undefined && roleIn(before, account) !== roleIn(rules, account)
      if (line === null && this.#shown.has(id)) this.#remove(id)
      // of what the window does not have, nothing is known here, which differs from all
      if (line !== null && (this.#shown.get(id) !== line.bond || isOther)) this.#show(said)
    }
    this.#changed()
    this.#watchTime()
  }

  /** A mute ends, or slow mode lets the person write again. */
  #watchTime(): void {
    clearTimeout(this.#timers.due)
    const now = this.parts.host.now()
    const ends = this.#talk.law.rules.bans.flatMap(({ until }) => (until !== null && until > now ? [until] : []))
    if (this.#nextAt > now) ends.push(this.#nextAt)
    if (ends.length === 0) return
    const wait = Math.min(Math.min(...ends) - now + 10, MAX_TIMER_MS)
    this.#timers.due = setTimeout(() => this.#look(), wait)
  }

  #enter(): void {
    if (!this.#isClosed) this.parts.exchange.enter(this.room, this.#talk.law.rules, this.parts.host.followed())
  }

  #askSoon(): void {
    for (const timer of this.#timers.ask) clearTimeout(timer)
    this.#timers.ask = ASK_AT_MS.map((ms) => setTimeout(() => void this.#askSome(), ms))
  }

  async #askSome(): Promise<void> {
    if (this.#asked.size >= ENOUGH) return
    const peers = await this.parts.exchange.peers(this.room)
    for (const peer of shuffled(peers.filter((one) => !this.#asked.has(one)))) {
      if (this.#isClosed || this.#asked.size >= ENOUGH) return
      this.#asked.add(peer)
      if (!(await this.#ask(peer, null, ASKED_LINES))) this.#asked.delete(peer)
    }
  }

  /** A record that was too large for the topic: who passed its announcement on has it, or will have it in a moment. */
  #askRules(from: string): void {
    for (const ms of ASK_AT_MS.slice(1)) {
      this.#timers.ask.push(setTimeout(() => void this.#ask(from, null, 0), ms))
    }
  }

  /** Whoever has heard of them longer may have the lists that the owner named; the owner has. */
  #askLists(): void {
    for (const ms of ASK_AT_MS) {
      const ask = async (): Promise<void> => {
        if (this.#isClosed || !this.#talk.lacksLists) return
        const peers = await this.parts.exchange.peers(this.room)
        for (const peer of shuffled(peers).slice(0, ENOUGH)) await this.#ask(peer, null, 0)
      }
      this.#timers.ask.push(setTimeout(() => void ask(), ms))
    }
  }

  /** False when the peer does not answer. */
  async #ask(peer: string, before: number | null, limit: number, isQuiet = false): Promise<boolean> {
    const { exchange, log } = this.parts
    try {
      const lists = this.#talk.lacksLists ? { lists: true as const } : {}
      const frames = await exchange.ask(peer, encodeRoomRequest({ r: this.room, before, limit, ...lists }))
      let [lines, others] = [0, 0]
      for (const bytes of frames.flatMap(readRoomFrame)) {
        if (this.#isClosed) return true
        const kind = this.#take(bytes, false, isQuiet, null)
        if (kind === 'chat') lines++
        else others++
        if (lines > limit || others > BESIDE_LINES) throw new EntryRefused('oversized', 'more than was asked for')
        if ((lines + others) % 16 === 0) await breathe()
      }
      return true
    } catch (error) {
      if (error instanceof EntryRefused && error.fault !== 'future') {
        exchange.bar(peer, error.message)
        void this.peersChanged()
      }
      log('info', 'a peer told nothing of before', { room: this.room, peer, reason: String(error) })
      return false
    }
  }

  #linesBefore(before: number, limit: number): SaidLine[] {
    this.flush()
    return this.parts.store.before(this.room, 'chat', before, limit) as SaidLine[]
  }

  #kept(id: string): SaidLine | undefined {
    const said = this.parts.store.find(id)
    return said?.entry.kind === 'chat' && said.entry.body.room === this.room ? (said as SaidLine) : undefined
  }

  #keep(said: Said): void {
    this.#toWrite.push(said)
    this.#timers.write ??= setTimeout(() => this.flush(), WRITE_MS)
  }

  #show(line: SaidLine): void {
    this.#toTell.set(line.entry.id, line)
    this.#tellSoon()
  }

  #remove(id: string): void {
    this.#toTell.delete(id)
    this.#toRemove.add(id)
    this.#tellSoon()
  }

  #changed(): void {
    this.#isChanged = true
    this.#watchTime()
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#isClosed || this.#timers.tell !== undefined) return
    const wait = Math.max(0, this.#lastTold + TELL_MS - performance.now())
    this.#timers.tell = setTimeout(() => this.#tellNow(), wait)
  }

  #tellNow(): void {
    delete this.#timers.tell
    this.#lastTold = performance.now()
    const { tell } = this.parts
    const lines = this.#view.lines([...this.#toTell.values()])
    const ids = [...this.#toRemove].filter((id) => this.#shown.delete(id))
    this.#toTell = new Map()
    this.#toRemove = new Set()
    for (const { id, bond } of lines) this.#shown.set(id, bond)
    if (lines.length > 0) tell.lines({ room: this.room, lines })
    if (ids.length > 0) tell.removed({ room: this.room, ids })
    if (!this.#isChanged) return
    this.#isChanged = false
    tell.changed(this.#state())
  }

  #state(): RoomState {
    return this.#view.state(this.#peers, this.#nextAt)
  }
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}
