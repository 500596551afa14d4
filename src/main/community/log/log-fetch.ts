import { readBody } from '@shared/community/entry-body'
import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { GrantBody } from '@shared/community/key-entries'
import type { LogExchange } from '@shared/community/log-exchange'
import {
  encodeLogRequest,
  MAX_RANGE,
  readAnswerFrame,
  type LogRequest,
  type RangeRequest,
  type SentEntry,
} from '@shared/community/log-messages'
import type { CommunityLog } from './community-log'
import { runsOf } from './entry-run'
import type { SignatureMode } from './log-intake'

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

/** Fetches logs from one peer at a time. All methods throw StudioError of the exchange, EntryRefused of a lie. */
export class LogFetch {
  #stopped = false

  constructor(
    private readonly log: CommunityLog,
    private readonly exchange: LogExchange,
  ) {}

  /** Nothing more is asked for; what is under way is finished. */
  stop(): void {
    this.#stopped = true
  }

  /** What a peer has that is new of an account: its devices, then their entries. */
  async account(peer: string, account: string, following: Following): Promise<void> {
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
      if (n > from) await this.catchUp(peer, { device, account }, from + 1, n, following)
      await this.#fillGap(peer, device, following)
    }
  }

  /** Entries before the oldest of the newest run of a log. Resolves to how many came. */
  async older(peer: string, device: Uint8Array, count: number, following: Following): Promise<number> {
    const first = this.log.extent(device)?.first ?? 0
    if (first === 0) return 0
    const from = Math.max(0, first - Math.min(count, MAX_RANGE))
    const { bodies, signatures } = following
    const entries = await this.#ask(peer, { a: device, from, limit: first - from, bodies })
    return entries.length === 0 ? 0 : this.#accept(peer, entries, { device, signatures })
  }

  /** The newest entry of a log that a peer has; null: none. */
  async newest(peer: string, device: Uint8Array): Promise<Uint8Array | null> {
    const [head] = await this.#ask(peer, { a: device, from: null, limit: 1, bodies: false })
    if (head === undefined) return null
    if (hexOf(readEnvelope(head.envelope).header.device) !== hexOf(device)) {
      throw this.#lied(peer, new EntryRefused('other-log', 'the newest entry of another log'))
    }
    return head.envelope
  }

  /** The account whose grant the first entry of a log carries, by what that says itself; null: none. */
  async claimedAccount(peer: string, device: Uint8Array): Promise<string | null> {
    const [first] = await this.#ask(peer, { a: device, from: 0, limit: 1, bodies: true })
    if (!first?.body) return null
    try {
      return GrantBody.parse(readBody(first.body)).account
    } catch {
      return null
    }
  }

  /**
   * From a number up to the head, or only the newest of it. While one range is checked and stored, the next one
   * travels.
   */
  async catchUp(
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
    const frames = await this.exchange.ask(peer, encodeLogRequest(request))
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
    this.exchange.bar(peer, refused.message)
    return refused
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
