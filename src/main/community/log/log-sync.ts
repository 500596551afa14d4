import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { looksLikeForkProof, readForkProof } from '@shared/community/fork-proof'
import { accountTopic, type LogExchange, type LogExchangeHandlers } from '@shared/community/log-exchange'
import type { LogChanges } from '@shared/community/log-changes'
import {
  encodeLogRequest,
  MAX_RANGE,
  readAnswerFrame,
  type LogRequest,
  type RangeRequest,
  type SentEntry,
} from '@shared/community/log-messages'
import { StudioError } from '@shared/errors'
import { silentLog, type Log } from '../../platform/log'
import type { CommunityLog } from './community-log'
import type { SignatureMode } from './log-intake'
import { runsOf } from './entry-run'

/** How much of an account's logs is fetched by itself. */
export interface Following {
  /** The newest so many entries of each device; older ones on demand (`older`). Null: all. */
  newest: number | null
  bodies: boolean
  signatures: SignatureMode
}

export const ALL: Following = { newest: null, bodies: true, signatures: 'every' }

/** What only a peer that breaks the rules sends; a fork or a revocation is the author's doing, not the peer's. */
const LIES = new Set([
  'oversized',
  'malformed',
  'not-canonical',
  'body',
  'signature',
  'other-log',
  'number',
  'chain',
  'grant',
])
/** Entries in one question: short enough that asking, checking and storing overlap. */
const FETCHED_AT_ONCE = 1_000
/** Peers that are asked for one account. */
const ASKED_PEERS = 8

/**
 * Keeps the logs of followed accounts up to date: learns of their devices and newest entries from peers and from the
 * topics of heads, and fetches what is missing, the newest first.
 */
export class LogSync {
  readonly #followed = new Map<string, Following>()
  readonly #topics = new Map<number, number>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #next = new Map<string, () => Promise<void>>()
  readonly #exchange: LogExchange
  readonly #stop: () => void
  #stopped = false

  /** `connect` makes the exchange that tells these handlers. */
  constructor(
    private readonly log: CommunityLog,
    connect: (handlers: LogExchangeHandlers) => LogExchange,
    private readonly say: Log = silentLog,
  ) {
    this.#exchange = connect({
      onHead: (message, from) => this.#heard(message, from),
      onPeers: (topic) => this.#greet(topic),
      onAsked: (_peer, request) => Promise.resolve(this.log.answer(request)),
    })
    this.#stop = log.onChanges((changes) => this.#pass(changes))
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
    const account = this.log.accountOf(this.log.device)
    const head = this.log.head(this.log.device)
    if (account !== null && head !== null) this.#exchange.announce(accountTopic(account), head)
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

  /** Fetches what a peer has that is new of an account. Throws StudioError of the exchange, EntryRefused of a lie. */
  async fetchAccount(peer: string, account: string): Promise<void> {
    const following = this.#followed.get(account) ?? ALL
    const of = Buffer.from(account.slice(2), 'hex')
    const known = new Map(this.log.devices(account).map((device) => [hexOf(device), this.log.extent(device)]))
    const entries = await this.#ask(peer, { of })
    // The grant of each device comes first; revocations may be about logs that follow.
    const heads = new Map<string, { device: Uint8Array; n: number }>()
    for (const run of runsOf(entries)) {
      const { device, n } = readEnvelope(run.at(-1)!.envelope).header
      heads.set(hexOf(device), { device, n })
      const first = readEnvelope(run[0]!.envelope).header
      // a head far above what is here is fetched with those before it, so that no gap is left
      if (first.n === 0 || run.some(({ envelope }) => isKeyEntry(envelope))) {
        await this.#accept(peer, run, { account, device })
      }
    }
    for (const [name, { device, n }] of heads) {
      const from = known.get(name)?.last ?? -1
      if (n > from) await this.#catchUp(peer, { device, account }, from + 1, n, following)
      await this.#fillGap(peer, device, following)
    }
  }

  /** Fetches entries before the oldest of the newest run of a log. Resolves to how many came. Throws as `fetchAccount`. */
  async older(peer: string, device: Uint8Array, count: number, following: Following = ALL): Promise<number> {
    const first = this.log.extent(device)?.first ?? 0
    if (first === 0) return 0
    const from = Math.max(0, first - Math.min(count, MAX_RANGE))
    const { bodies, signatures } = following
    const entries = await this.#ask(peer, { a: device, from, limit: first - from, bodies })
    return entries.length === 0 ? 0 : this.#accept(peer, entries, { device, signatures })
  }

  /** The traffic ends; what is under way is finished. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop()
    await Promise.allSettled(this.#running.values())
  }

  /**
   * From a number up to the head, or only the newest of it. While one range is stored, the signatures of the next are
   * checked on other threads, and the one after it travels.
   */
  async #catchUp(
    peer: string,
    { device, account }: { device: Uint8Array; account: string },
    from: number,
    head: number,
    { newest, bodies, signatures }: Following,
  ): Promise<void> {
    let next = newest === null ? from : Math.max(from, head - newest + 1)
    const ask = (at: number): Promise<SentEntry[]> =>
      this.#ask(peer, { a: device, from: at, limit: Math.min(FETCHED_AT_ONCE, head - at + 1), bodies })
    let coming = ask(next)
    const taking: Promise<number>[] = []
    try {
      while (next <= head && !this.#stopped) {
        const entries = await coming
        if (entries.length === 0) break
        next += entries.length
        if (next <= head) coming = ask(next)
        taking.push(this.#accept(peer, entries, { device, account, signatures }))
        if (taking.length > 1) await taking.shift()
      }
      await Promise.all(taking)
    } finally {
      await Promise.allSettled([coming, ...taking]) // nothing goes on behind the caller's back
    }
  }

  /** What an earlier visit left out between the oldest and the newest that should be here. */
  async #fillGap(peer: string, device: Uint8Array, following: Following): Promise<void> {
    for (;;) {
      const extent = this.log.extent(device)
      if (this.#stopped || extent === null) return
      const wanted = following.newest === null ? 0 : extent.last - following.newest + 1
      if (extent.first <= wanted || (await this.older(peer, device, extent.first - wanted, following)) === 0) return
    }
  }

  async #ask(peer: string, request: LogRequest): Promise<SentEntry[]> {
    const frames = await this.#exchange.ask(peer, encodeLogRequest(request))
    try {
      const entries = frames.flatMap(readAnswerFrame)
      if ('of' in request) for (const { envelope } of entries) readEnvelope(envelope)
      else if (entries.length > 0) requireAsked(entries, request)
      return entries
    } catch (error) {
      throw this.#lied(peer, error as EntryRefused)
    }
  }

  /** Number of new entries. Throws EntryRefused, and bars the peer, when it lied. */
  async #accept(
    peer: string,
    entries: readonly SentEntry[],
    options: { device: Uint8Array; account?: string; signatures?: SignatureMode },
  ): Promise<number> {
    const { stored, refused } = await this.log.accept(entries, options)
    if (refused !== null && LIES.has(refused.fault)) throw this.#lied(peer, refused)
    return stored
  }

  #lied(peer: string, refused: EntryRefused): EntryRefused {
    this.#exchange.bar(peer, refused.message)
    return refused
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
      if (account === null) this.#identify(device, from)
      return
    }
    void this.#once(hexOf(device), async () => {
      const last = this.log.extent(device)?.last ?? -1
      if (n > last) await this.#catchUp(from, { device, account: account! }, last + 1, n, following)
      // a number that is here already: the same entry, or the proof that the device forked
      else await this.log.accept([{ envelope: message, body: null }], { device })
    })
  }

  /** Whose log is it? Only its first entry says. */
  #identify(device: Uint8Array, from: string): void {
    void this.#once(hexOf(device), async () => {
      const entries = await this.#ask(from, { a: device, from: 0, limit: 1, bodies: true })
      for (const account of this.#followed.keys()) {
        const { refused } = await this.log.accept(entries, { device, account })
        if (refused === null && entries.length > 0) {
          await this.fetchAccount(from, account)
          return
        }
      }
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

  /** One at a time for each name; of what is wanted meanwhile the last comes next. `work` never throws. */
  async #once(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#stopped) return
    const running = this.#running.get(name)
    if (running !== undefined) {
      this.#next.set(name, work)
      return running
    }
    const all = (async () => {
      for (let now: (() => Promise<void>) | undefined = work; now !== undefined;) {
        await now().catch((error: unknown) => this.#report(name, error))
        now = this.#stopped ? undefined : this.#next.get(name)
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

function isKeyEntry(envelope: Uint8Array): boolean {
  return readEnvelope(envelope).header.kind.startsWith('key.')
}

/** Throws EntryRefused when an answer is not the beginning of what was asked for. */
function requireAsked(entries: readonly SentEntry[], { from, limit }: RangeRequest): void {
  if (entries.length > limit) throw new EntryRefused('oversized', 'more than was asked for')
  const { n } = readEnvelope(entries[0]!.envelope).header
  if (from !== null && n !== from) throw new EntryRefused('number', `number ${n} where ${from} was asked for`)
}
