import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcceptedEntry } from '@shared/community/accepted-entry'
import { bodySchema } from '@shared/community/body-schema'
import { entryIdText } from '@shared/community/entry-id'
import type { LogChanges } from '@shared/community/log-changes'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { ViewerRules } from '@shared/community/viewer-rules'
import { StudioError } from '@shared/errors'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { SignedKeyGrant } from '@shared/wallet/key-grant'
import { silentLog, type Log } from '../../platform/log'
import { writeBeside } from '../../platform/write-beside'
import { CommunityIndex } from '../index/community-index'
import { CommunityReader } from '../index/community-reader'
import { CommunityLog } from '../log/community-log'
import { ExchangeLine } from '../log/exchange-line'
import { LogSync } from '../log/log-sync'
import type { Draft, LogKey } from '../log/own-log'
import type { ViewerFilter } from '../moderation/viewer-filter'
import { Delivery } from './delivery'
import { MessageDesk } from './message-desk'
import { Neighbourhood } from './neighbourhood'
import { RulesFile } from './rules-file'

const READ_AT_ONCE = 1_000
const SWEEP_MS = 10 * 60_000

export interface CommunityOptions {
  /** `community` of the profile. */
  dir: string
  key: LogKey
  /** 32 bytes of the device, of which other keys of this profile are derived. */
  seed: Uint8Array
  /** Of the app. */
  version: string
  /** Unix milliseconds. */
  now?: () => number
  log?: Log
}

/** What the index took in, for whoever shows some of it. */
export interface IndexedChange {
  readonly entries: readonly AcceptedEntry[]
  readonly removed: readonly string[]
}

/**
 * A person's community: the logs, their traffic, the index that is made of them, and what the person does not want to
 * see. The parts of the pages (`*-handlers`) are built on it; it has neither sockets nor windows.
 */
export class Community {
  readonly dir: string
  readonly seed: Uint8Array
  readonly log: CommunityLog
  readonly sync: LogSync
  readonly index: CommunityIndex
  readonly reader: CommunityReader
  readonly rules: RulesFile
  readonly delivery: Delivery
  readonly neighbourhood: Neighbourhood
  readonly messages: MessageDesk
  readonly now: () => number
  readonly say: Log
  readonly #listeners = new Set<(change: IndexedChange) => void>()
  readonly #rulesListeners = new Set<(rules: ViewerRules) => void>()
  readonly #line: ExchangeLine
  readonly #onLine = new Set<(client: ServiceClient<CommunityExchangeService>) => void>()
  readonly #onClose = new Set<() => void | Promise<void>>()
  #client: ServiceClient<CommunityExchangeService> | null = null
  #filter: { filter: ViewerFilter; rules: ViewerRules; me: string | null } | null = null
  #sweeping: NodeJS.Timeout | null = null
  #isCaughtUp = false
  #isClosed = false

  /** Opens the files and brings the index up to the log. Throws StudioError `log-broken` or `log-newer`. */
  static async open(options: CommunityOptions): Promise<Community> {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 })
    const community = new Community(options)
    await community.#begin(options)
    return community
  }

  private constructor({ dir, key, seed, now = Date.now, log = silentLog }: CommunityOptions) {
    this.dir = dir
    this.seed = seed
    this.now = now
    this.say = log
    this.log = new CommunityLog({ path: join(dir, 'log.sqlite'), key, schemas: bodySchema, now, log })
    this.index = new CommunityIndex(join(dir, 'index.sqlite'))
    this.reader = new CommunityReader(this.index)
    this.rules = new RulesFile(join(dir, 'rules.json'))
    this.delivery = new Delivery(join(dir, 'reached.txt'), key.publicKey, this.index.db)
    let line: ExchangeLine | null = null
    this.sync = new LogSync(
      this.log,
      ({ onAsked, ...others }) => {
        const answered = async (peer: string, request: Uint8Array): Promise<Uint8Array[] | null> => {
          const frames = await onAsked(peer, request)
          this.delivery.answered(request, frames)
          return frames
        }
        return (line = new ExchangeLine({ ...others, onAsked: answered }))
      },
      log,
      (account) => this.neighbourhood.met(account),
    )
    this.#line = line!
    this.neighbourhood = new Neighbourhood(this.sync, this.reader, () => this.me)
    this.messages = new MessageDesk(this, key)
  }

  /** The account that this device acts for; null: none yet. */
  get me(): string | null {
    return this.log.accountOf(this.log.device)
  }

  /** A line to the peer engine, in place of an earlier one. */
  connect(client: ServiceClient<CommunityExchangeService>): void {
    this.#client = client
    this.#line.connect(client)
    for (const listener of this.#onLine) listener(client)
  }

  /** Hears of the line to the peer engine, and of each in place of it. */
  onLine(listener: (client: ServiceClient<CommunityExchangeService>) => void): void {
    this.#onLine.add(listener)
    if (this.#client !== null) listener(this.#client)
  }

  /** The account that this device acts for from now on. Throws StudioError `log-grant`. */
  grant(grant: SignedKeyGrant): void {
    const before = this.me
    this.log.grant(grant)
    this.neighbourhood.renew()
    if (before === null) this.sync.introduce()
  }

  /**
   * Signs and keeps what the person says; peers hear of it at once or when they can. Returns the ids. Throws StudioError
   * `no-account`, `log-frozen`; EntryRefused for what is outside the limits.
   */
  append(...drafts: Draft[]): string[] {
    if (this.me === null) {
      throw new StudioError('no-account', 'For this you need an account. Make one in the wallet; it takes a moment.')
    }
    return this.log.append(drafts).map(({ id }) => entryIdText(id))
  }

  /** For lists in front of this person, by their rules as they are now. */
  filter(): ViewerFilter {
    const [rules, me] = [this.rules.value, this.me]
    if (this.#filter?.rules !== rules || this.#filter.me !== me) {
      this.#filter = { filter: this.reader.filter(rules, me, this.now()), rules, me }
    }
    return this.#filter.filter
  }

  async setRules(rules: ViewerRules): Promise<void> {
    const written = this.rules.set(rules)
    for (const listener of this.#rulesListeners) listener(rules)
    await written
  }

  /** Hears of changes when the index has them. Returns how to stop. */
  onChanged(listener: (change: IndexedChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onRules(listener: (rules: ViewerRules) => void): () => void {
    this.#rulesListeners.add(listener)
    return () => this.#rulesListeners.delete(listener)
  }

  /** Parts that keep something end before the log does. */
  onClose(listener: () => void | Promise<void>): void {
    this.#onClose.add(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const end of this.#onClose) await end()
    if (this.#sweeping !== null) clearInterval(this.#sweeping)
    await this.messages.close()
    await this.sync.stop()
    await this.rules.settled()
    await this.delivery.settled()
    this.log.close()
    this.index.close()
  }

  async #begin({ dir, version }: CommunityOptions): Promise<void> {
    const versionFile = join(dir, 'version.txt')
    if (textOf(versionFile) !== version) {
      this.log.reconsider()
      await writeBeside(versionFile, version, { mode: 0o600 })
    }
    this.log.onChanges((changes) => {
      if (this.#isCaughtUp) this.#take(changes)
    })
    await this.#catchUp()
    this.neighbourhood.renew()
    this.messages.begin()
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_MS)
    void this.#sweep()
  }

  /** What the log took in while the index was not there, some at a time. */
  async #catchUp(): Promise<void> {
    for (;;) {
      const changes = this.log.changesAfter(Number(this.index.position ?? 0), READ_AT_ONCE)
      if (changes === null) break
      this.#take(changes)
      await new Promise(setImmediate)
    }
    this.#isCaughtUp = true
  }

  #take({ seq, entries, removed, forks }: LogChanges): void {
    const isFollowing = entries.some((entry) => this.#isAboutFollows(entry)) // while the index knows what is withdrawn
    for (const { device, n } of forks) this.index.freeze(device, n)
    this.index.apply(entries, { position: String(seq), removed })
    this.#filter = null // lists and labels of others may be among them
    if (!this.#isCaughtUp) return
    if (isFollowing) this.neighbourhood.renew()
    for (const listener of this.#listeners) listener({ entries, removed })
  }

  #isAboutFollows({ kind, body }: AcceptedEntry): boolean {
    if (kind !== 'del' || body === null) return kind === 'follow'
    const { s } = body as { s: string }
    const gone = this.index.db.get('select kind from entry where id = ?', s) as { kind: string } | undefined
    return gone?.kind === 'follow'
  }

  async #sweep(): Promise<void> {
    while (!this.#isClosed && this.log.sweep()) await new Promise(setImmediate)
    if (!this.#isClosed) this.index.expire(this.now())
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
