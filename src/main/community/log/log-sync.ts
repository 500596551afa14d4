import { setTimeout as sleep } from 'node:timers/promises'
import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { looksLikeForkProof, readForkProof } from '@shared/community/fork-proof'
import {
  accountTopic,
  NEWCOMERS_TOPIC,
  type LogExchange,
  type LogExchangeHandlers,
  type NeighbourHandler,
} from '@shared/community/log-exchange'
import type { LogChanges } from '@shared/community/log-changes'
import { StudioError } from '@shared/errors'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { silentLog, type Log } from '../../platform/log'
import type { CommunityLog } from './community-log'
import { ALL, LogFetch, type Following } from './log-fetch'

/** Peers that are asked for one account. */
const ASKED_PEERS = 8
/** Questions at once about devices that nobody here knows. */
const MAX_RUNNING = 64
/** After so many milliseconds each it is asked again for what it announced. */
const LOOK_AGAIN_MS = [0, 200, 1_000, 4_000]
/** An own entry is told of at once, those that come so soon after it together, ms: the judge of heads takes two a second. */
const ANNOUNCED_EACH_MS = 500
/** So often connected peers are asked for their newest entry, and one followed account is asked for everywhere, ms. */
const BEAT_MS = 3_000
const ASKED_A_BEAT = 16
const BEATS_A_REFRESH = 5
/** Connected peers that are known by their device. */
const MAX_NEIGHBOURS = 1_000

/**
 * Keeps the logs of followed accounts up to date: learns of their devices and newest entries from peers and from the
 * topics of heads, and fetches what is missing, the newest first. Gossip is quick and may fail; what it did not bring,
 * the next beat finds: nothing of a connected peer is missed for longer than that.
 */
export class LogSync {
  readonly #followed = new Map<string, Following>()
  readonly #topics = new Map<number, number>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #next = new Map<string, () => Promise<void>>()
  /** Device -> peer. */
  readonly #neighbours = new Map<string, string>()
  /** Peers whose account was told of. */
  readonly #met = new Set<string>()
  readonly #exchange: LogExchange
  readonly #fetch: LogFetch
  readonly #unsubscribe: () => void
  readonly #stop = new AbortController()
  readonly #timer: NodeJS.Timeout
  #announcing: { timer: NodeJS.Timeout; again: boolean } | null = null
  #beats = 0
  #isBeating = false
  /** Where the last beat ended among the connected, and the last refresh among the followed. */
  #asked = 0
  #refreshed = 0

  /** `connect` makes the exchange that tells these handlers. */
  constructor(
    private readonly log: CommunityLog,
    connect: (handlers: LogExchangeHandlers & NeighbourHandler) => LogExchange,
    private readonly say: Log = silentLog,
    /** Hears of connected peers and the account that each one's device says it acts for. */
    private readonly onNeighbour: (account: string, peer: string) => void = () => undefined,
    beatMs = BEAT_MS,
  ) {
    // the line outlives the log, which is closed when this has stopped
    const { signal } = this.#stop
    this.#exchange = connect({
      onHead: (message, from) => signal.aborted || this.#heard(message, from),
      onPeers: (topic) => signal.aborted || this.#greet(topic),
      onNeighbour: (peer) => signal.aborted || this.#meet(peer),
      onAsked: (_peer, request) => Promise.resolve(signal.aborted ? null : this.log.answer(request)),
    })
    this.#fetch = new LogFetch(log, this.#exchange)
    this.#exchange.join(NEWCOMERS_TOPIC)
    this.#unsubscribe = log.onChanges((changes) => this.#pass(changes))
    this.#timer = setInterval(() => void this.#beat(), beatMs)
    this.#timer.unref()
  }

  /** Begins to follow, or changes how. */
  follow(account: string, following: Following = ALL): void {
    const topic = accountTopic(account)
    const isNew = !this.#followed.has(account)
    this.#followed.set(account, following)
    if (isNew) {
      this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + 1)
      this.#exchange.join(topic)
    }
    void this.refresh(account)
  }

  unfollow(account: string): void {
    if (!this.#followed.delete(account)) return
    const topic = accountTopic(account)
    const left = this.#topics.get(topic)! - 1
    if (left > 0) this.#topics.set(topic, left)
    else if (this.#topics.delete(topic)) this.#exchange.leave(topic)
  }

  /** Tells all who listen of the newest own entry; done by itself after each change. */
  announce(): void {
    if (this.#stop.signal.aborted) return
    if (this.#announcing !== null) {
      this.#announcing.again = true
      return
    }
    const timer = setTimeout(() => {
      const { again } = this.#announcing!
      this.#announcing = null
      if (again) this.announce()
    }, ANNOUNCED_EACH_MS)
    timer.unref()
    this.#announcing = { timer, again: false }
    const account = this.log.accountOf(this.log.device)
    const head = this.log.head(this.log.device)
    if (account !== null && head !== null) this.#exchange.announce(accountTopic(account), head)
  }

  /** This device has begun to act for an account: neighbours that met it before hear of it. */
  introduce(): void {
    const head = this.log.head(this.log.device)
    if (head !== null) this.#exchange.announce(NEWCOMERS_TOPIC, head)
  }

  /** Asks peers for what is new of a followed account. Resolves when they have answered; never throws. */
  refresh(account: string): Promise<void> {
    return this.#once(account, async () => {
      const peers = await this.#exchange.peers(accountTopic(account))
      // who came last has not been asked yet
      for (const peer of peers.slice(-ASKED_PEERS).reverse()) {
        await this.fetchAccount(peer, account).catch((error: unknown) => this.#report(peer, error))
      }
    })
  }

  /** What a peer has that is new of an account; `otherwise`: if it is not followed. Throws StudioError of the exchange, EntryRefused of a lie. */
  fetchAccount(peer: string, account: string, otherwise: Following = ALL): Promise<void> {
    return this.#fetch.account(peer, account, this.#followed.get(account) ?? otherwise)
  }

  /** Older entries of a log, for somebody who scrolls. Resolves to how many came. Throws as `fetchAccount`. */
  older(peer: string, device: Uint8Array, count: number, following: Following = ALL): Promise<number> {
    return this.#fetch.older(peer, device, count, following)
  }

  /** The traffic ends; what is under way is finished. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#fetch.stop()
    this.#unsubscribe()
    clearInterval(this.#timer)
    clearTimeout(this.#announcing?.timer)
    await Promise.allSettled(this.#running.values())
  }

  /** Some of the connected peers are asked what is new of their own, and now and then all of somebody who is followed. */
  async #beat(): Promise<void> {
    if (this.#isBeating) return
    this.#isBeating = true
    const peers = await this.#exchange.neighbours().catch(() => [])
    this.#isBeating = false
    if (this.#stop.signal.aborted) return
    const count = Math.min(ASKED_A_BEAT, peers.length)
    for (let at = 0; at < count; at++) this.#look(peers[(this.#asked + at) % peers.length]!)
    this.#asked += count
    this.#beats += 1
    const followed = this.#beats % BEATS_A_REFRESH === 0 ? [...this.#followed.keys()] : []
    if (followed.length > 0) void this.refresh(followed[this.#refreshed++ % followed.length]!)
  }

  #look(peer: string): void {
    const device = publicKeyOfPeerId(peer)
    if (device === null || this.#running.size >= MAX_RUNNING) return
    const account = this.log.accountOf(device)
    if (account === null || !this.#met.has(peer)) {
      this.#meet(peer)
    } else if (this.#followed.has(account)) {
      void this.#once(`look ${peer}`, async () => {
        const head = await this.#fetch.newest(peer, device)
        const known = this.log.head(device)
        if (head !== null && (known === null || Buffer.compare(head, known) !== 0)) this.#heard(head, peer)
      })
    }
  }

  #heard(message: Uint8Array, from: string): void {
    if (looksLikeForkProof(message)) {
      // changes tell others of it, if it is new
      if (this.log.accountOf(readForkProof(message).first.header.device) !== null) this.log.acceptForkProof(message)
      return
    }
    const { device, n } = readEnvelope(message).header
    const account = this.log.accountOf(device)
    const following = account === null ? undefined : this.#followed.get(account)
    if (following === undefined) {
      // the device itself knows best, whoever passed its message on
      const neighbour = this.#neighbours.get(hexOf(device))
      if (neighbour !== undefined) this.#meet(neighbour)
      else if (account === null) this.#identify(device, from)
      return
    }
    void this.#once(hexOf(device), async () => {
      // a number that is here already: the same entry, or the proof that the device forked
      if (n <= (this.log.extent(device)?.last ?? -1)) {
        await this.log.accept([{ envelope: message, body: null }], { device })
        return
      }
      // who passed the news on may not have fetched what it tells of yet
      for (const wait of LOOK_AGAIN_MS) {
        await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined)
        const last = this.log.extent(device)?.last ?? -1
        if (this.#stop.signal.aborted || last >= n) return
        await this.#fetch
          .catchUp(from, { device, account: account! }, last + 1, n, following)
          .catch((error: unknown) => {
            if (!(error instanceof StudioError) || error.code === 'peer-barred') throw error
            this.#report(from, error) // busy, or gone for a moment
          })
      }
      void this.refresh(account!) // others may have it
    })
  }

  /** The peer id of a node is the key of its device. */
  #meet(peer: string): void {
    const device = publicKeyOfPeerId(peer)
    if (device === null) return
    this.#neighbours.set(hexOf(device), peer)
    const [oldest] = this.#neighbours.keys()
    if (this.#neighbours.size > MAX_NEIGHBOURS && oldest !== undefined) this.#neighbours.delete(oldest)
    if (this.#running.size >= MAX_RUNNING) return
    void this.#once(`meet ${peer}`, async () => {
      const account = this.log.accountOf(device) ?? (await this.#fetch.claimedAccount(peer, device))
      if (account === null) return // it acts for nobody yet; its first entry will be heard of
      this.#met.add(peer)
      if (this.#met.size > MAX_NEIGHBOURS) this.#met.delete(this.#met.values().next().value!)
      this.onNeighbour(account, peer)
      if (this.#followed.has(account)) await this.fetchAccount(peer, account)
    })
  }

  /** Whose log is it? Only its first entry says. */
  #identify(device: Uint8Array, from: string): void {
    if (hexOf(publicKeyOfPeerId(from) ?? device.subarray(0, 0)) === hexOf(device)) {
      this.#meet(from) // a neighbour that was not told of yet
      return
    }
    if (this.#running.size >= MAX_RUNNING) return // it will be heard of again
    void this.#once(hexOf(device), async () => {
      const account = await this.#fetch.claimedAccount(from, device)
      if (account === null) return
      if (this.#followed.has(account)) await this.fetchAccount(from, account)
    })
  }

  #greet(topic: number): void {
    for (const account of this.#followed.keys()) if (accountTopic(account) === topic) void this.refresh(account)
    const own = this.log.accountOf(this.log.device)
    if (own !== null && accountTopic(own) === topic) this.announce()
  }

  /** Own entries and forks that were found here are told to all who listen. */
  #pass({ entries, forks }: LogChanges): void {
    const own = hexOf(this.log.device)
    if (entries.some(({ device }) => device === own)) this.announce()
    for (const { account, proof } of forks) {
      if (account !== null && proof !== null) this.#exchange.announce(accountTopic(account), proof)
    }
  }

  /** One at a time for each name; of what is wanted meanwhile the last comes next. What goes wrong is logged. */
  async #once(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#stop.signal.aborted) return
    const running = this.#running.get(name)
    if (running !== undefined) {
      this.#next.set(name, work)
      return running
    }
    const all = (async () => {
      for (let now: (() => Promise<void>) | undefined = work; now !== undefined;) {
        await now().catch((error: unknown) => this.#report(name, error))
        now = this.#stop.signal.aborted ? undefined : this.#next.get(name)
        this.#next.delete(name)
      }
      this.#running.delete(name)
    })()
    this.#running.set(name, all)
    return all
  }

  #report(about: string, error: unknown): void {
    const isTheirs = error instanceof EntryRefused || error instanceof StudioError
    this.say(isTheirs ? 'info' : 'error', 'a log was not fetched', { about, reason: String(error) })
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
