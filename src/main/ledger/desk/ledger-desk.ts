import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { AddNetwork } from '@shared/ipc/ledger-schema'
import type { EntryDetails, LedgerEntry } from '@shared/ledger/ledger-entry'
import { networkKey, type LedgerNetwork } from '@shared/ledger/ledger-network'
import {
  EVERYTHING,
  type ExportFormat,
  type LedgerFilter,
  type LedgerPage,
  type LedgerQuery,
} from '@shared/ledger/ledger-query'
import type { LedgerState, LedgerSync, NetworkInfo } from '@shared/ledger/ledger-state'
import { ContractList } from '@shared/ledger/rpc-network'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import type { Log } from '../../platform/log'
import { rememberedLocal, rememberLocal } from './remembered-local'
import type { LedgerIndex } from '../index/ledger-index'
import type { LocalNetwork } from '../local-network'
import { NetworkBook } from '../rpc/network-book'
import { hostsOf, RealChains } from '../rpc/real-chains'
import { RpcNetwork, type RpcNetworkOptions } from '../rpc/rpc-network'
import { contentDigest } from './content-digest'
import { CSV_HEAD, csvLine, jsonObject, type FullEntry } from './export-text'
import { writeExport } from './export-file'
import type { FollowedLedgers } from './followed-ledgers'
import { NetworkFollowing, type FollowTarget } from './network-following'
import { networkInfo, openIndex, openLocal, openRpc, removeIndex } from './open-network'

const TELL_EACH_MS = 250
const NO_NETWORK: LedgerSync = { state: 'stopped', code: 'no-network', message: 'There is no ledger here yet.' }

export interface LedgerDeskOptions extends RpcNetworkOptions {
  /** Folder for the list of networks and the indexes. */
  dir: string
  /** The ledger of this computer; null where another process has it: then what that one has indexed is only read. */
  local: LocalNetwork | null
  /** Ledgers of others that are kept here. */
  followed?: FollowedLedgers
  log?: Log
  onChanged?: (state: LedgerState) => void
}

/**
 * What is known of the ledger in use, for people: networks, the index that follows it, queries and exports. Signing
 * needs `ledger`, which checks itself before each signature.
 */
export class LedgerDesk {
  /** Of the network that is looked at, and of the wallet's, which may be another. */
  readonly #followings = new Map<string, NetworkFollowing>()
  /** Changes follow one another. */
  #arranging: Promise<void> = Promise.resolve()
  #followed: NetworkInfo[] = []
  #walletKey: string | null = null
  #exporting: LedgerState['exporting'] = null
  #cancelExport: AbortController | null = null
  #telling: NodeJS.Timeout | null = null
  readonly chains: RealChains

  private constructor(
    private readonly options: LedgerDeskOptions,
    private readonly book: NetworkBook,
    private readonly localNetwork: LedgerNetwork | null,
  ) {
    this.chains = new RealChains(book, options)
  }

  /** Starts with the network that was in use, in the background; see `state`. */
  static async open(options: LedgerDeskOptions): Promise<LedgerDesk> {
    const { dir, local } = options
    const book = await NetworkBook.load(join(dir, 'networks.json'), options)
    if (local !== null) await rememberLocal(dir, local.network)
    const desk = new LedgerDesk(options, book, local?.network ?? (await rememberedLocal(dir)))
    await desk.refreshFollowed()
    await desk.#arrange()
    return desk
  }

  get state(): LedgerState {
    const local = this.localNetwork
    const home = local === null ? [] : [networkInfo(local)]
    return {
      networks: [...home, ...this.#followed, ...this.book.networks.map(networkInfo)],
      active: this.#chosen,
      sync: this.#front?.sync ?? NO_NETWORK,
      exporting: this.#exporting,
    }
  }

  /** Where transactions go. Throws StudioError `ledger-not-ready`. */
  get ledger(): SigningLedger {
    const front = this.#front
    if (front?.open != null) return front.open.ledger
    const why = front?.sync.state === 'stopped' ? front.sync.message : 'The ledger is still starting.'
    throw new StudioError('ledger-not-ready', why)
  }

  /** There is a new block. */
  poke(): void {
    for (const following of this.#followings.values()) {
      if (following.target.kind === 'local') following.poke()
    }
  }

  /** Others' ledgers that are kept here are read anew. */
  async refreshFollowed(): Promise<void> {
    const before = this.#followed.map(({ key }) => key).join()
    this.#followed = (await this.options.followed?.list()) ?? []
    if (this.#followed.map(({ key }) => key).join() !== before) this.#tell()
  }

  /**
   * Everything that concerns an account on a network, newest first, parts of larger things included: from what is in its
   * index so far. That network is followed from now on, until another is asked for.
   */
  async entriesOf(account: string, key: string, limit: number): Promise<LedgerEntry[]> {
    if (this.#walletKey !== key) {
      this.#walletKey = key
      await this.#arrange()
    }
    const filter = { ...EVERYTHING, person: account, parts: true }
    return this.#followings.get(key)?.index?.page(filter, null, limit).entries ?? []
  }

  query({ after, limit, ...filter }: LedgerQuery): LedgerPage {
    return this.#readable.page(withDigest(filter), after, limit)
  }

  entry(id: string): EntryDetails | null {
    const found = this.#readable.get(id)
    if (found === null) return null
    const { entry, block, parties, others } = found
    return { entry, parties, others, blockHash: block.hash, verifier: this.#verifier(block) }
  }

  /** Every entry that matches, newest first. */
  *entries(filter: LedgerFilter): Generator<FullEntry> {
    for (const { entry, block } of this.#readable.all(withDigest(filter))) {
      yield { entry, blockHash: block.hash, verifier: this.#verifier(block) }
    }
  }

  /** Writes what matches into a file that appears when it is complete; how many rows. One export at a time. */
  async export(filter: LedgerFilter, format: ExportFormat, path: string, signal?: AbortSignal): Promise<number> {
    if (this.#cancelExport !== null) throw new StudioError('export-runs', 'An export is running already.')
    const cancel = (this.#cancelExport = new AbortController())
    try {
      const total = this.#readable.count(withDigest(filter), Number.MAX_SAFE_INTEGER)
      this.#exporting = { done: 0, total }
      this.#tell()
      const parts = this.#exportText(filter, format)
      await writeExport(path, parts, signal === undefined ? cancel.signal : AbortSignal.any([signal, cancel.signal]))
      return this.#exporting.done
    } finally {
      this.#cancelExport = null
      this.#exporting = null
      this.#tell()
    }
  }

  cancelExport(): void {
    this.#cancelExport?.abort()
  }

  async addNetwork({ name, rpcUrl, secondRpcUrl, contracts }: AddNetwork): Promise<NetworkInfo> {
    const entry = await this.book.add({ name, rpcUrl, secondRpcUrl, list: parseContracts(contracts) })
    this.#tell()
    return networkInfo(entry)
  }

  /** Its index goes with it; the local ledger comes back when it was in use. */
  async removeNetwork(key: string): Promise<void> {
    await this.book.remove(key)
    this.chains.forget(key)
    if (this.#walletKey === key) this.#walletKey = null
    await this.#arrange()
    await removeIndex(this.options.dir, key)
    this.#tell()
  }

  async chooseNetwork(key: string): Promise<void> {
    if (key.startsWith('local-') && !this.#isHome(key) && !this.#followed.some((one) => one.key === key)) {
      throw new StudioError('no-network', 'This ledger is not kept here any more.')
    }
    await this.book.choose(this.#isHome(key) ? null : key)
    this.#cancelExport?.abort()
    await this.#arrange()
  }

  /** Rejects with what is wrong. */
  async checkNetwork(key: string): Promise<void> {
    if (key.startsWith('local-')) return
    const network = await RpcNetwork.open(this.book.find(key), this.options)
    await network.checkBeforeSigning()
  }

  /** Resolves when the index has everything, or the signal fires. Rejects with what stops it. */
  async current(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { sync } = this.state
      if (sync.state === 'current') return
      if (sync.state === 'stopped') throw new StudioError(sync.code, sync.message)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async close(): Promise<void> {
    this.#cancelExport?.abort()
    await this.#arranging
    await Promise.all([...this.#followings.values()].map((following) => following.close()))
    this.#followings.clear()
    if (this.#telling !== null) clearTimeout(this.#telling)
  }

  /** Key of the network that is looked at; null while there is none. */
  get #chosen(): string | null {
    const home = this.localNetwork === null ? null : networkKey(this.localNetwork)
    const { active, networks } = this.book
    const isThere = [...networks.map(networkKey), ...this.#followed.map(({ key }) => key)].includes(active ?? '')
    return isThere ? active : home
  }

  get #front(): NetworkFollowing | null {
    return this.#followings.get(this.#chosen ?? '') ?? null
  }

  #isHome(key: string): boolean {
    return this.localNetwork !== null && networkKey(this.localNetwork) === key
  }

  get #readable(): LedgerIndex {
    const index = this.#front?.index
    if (index != null) return index
    throw new StudioError('ledger-not-ready', 'The ledger is not open. Choose a network first.')
  }

  #verifier(block: { number: number; hash: string; time: number; authority: string | null }): EntryDetails['verifier'] {
    const front = this.#front
    if (front?.open != null) return front.open.verifier(block)
    const entry = this.book.networks.find((network) => networkKey(network) === this.#chosen)
    const hosts = entry === undefined ? [] : hostsOf(entry)
    return hosts.length > 0 ? { how: 'told', hosts } : { how: 'executed', authority: block.authority }
  }

  *#exportText(filter: LedgerFilter, format: ExportFormat): Generator<string> {
    yield format === 'csv' ? CSV_HEAD : '[\n'
    let before = ''
    for (const entry of this.entries(filter)) {
      yield format === 'csv' ? csvLine(entry) : `${before}${jsonObject(entry)}`
      before = ',\n'
      if (this.#exporting === null) continue
      this.#exporting = { ...this.#exporting, done: this.#exporting.done + 1 }
      if (this.#exporting.done % 500 === 0) this.#tell()
    }
    if (format === 'json') yield '\n]\n'
  }

  /** Follows what is wanted, and nothing else. */
  #arrange(): Promise<void> {
    const arranged = this.#arranging.then(async () => {
      const wanted = [this.#chosen, this.#walletKey].filter((key) => key !== null)
      for (const [key, following] of this.#followings) {
        if (wanted.includes(key)) continue
        this.#followings.delete(key)
        await following.close()
      }
      for (const key of wanted) {
        if (this.#followings.has(key)) continue
        const target = this.#target(key)
        const readOnly = this.options.local === null
        if (target === null) continue
        this.#followings.set(key, new NetworkFollowing(target, readOnly, () => this.#tell(), this.options.log))
      }
      this.#tell()
    })
    this.#arranging = arranged.catch(() => undefined)
    return arranged
  }

  #target(key: string): FollowTarget | null {
    const { dir, local, followed } = this.options
    const entry = this.book.networks.find((network) => networkKey(network) === key)
    if (entry !== undefined) {
      return {
        ...{ key, kind: 'rpc' },
        openIndex: () => openIndex(dir, entry),
        connect: (index) => openRpc(entry, index, this.chains),
      }
    }
    const home = this.localNetwork
    if (home !== null && this.#isHome(key)) {
      return {
        ...{ key, kind: 'local' },
        openIndex: () => openIndex(dir, home),
        connect: (index) => Promise.resolve(openLocal(local!, index)),
      }
    }
    if (followed === undefined || !this.#followed.some((one) => one.key === key)) return null
    let opening: Promise<LocalNetwork> | null = null
    const opened = (): Promise<LocalNetwork> => {
      opening ??= followed.open(key).catch((error: unknown) => {
        opening = null // tried again
        throw error
      })
      return opening
    }
    return {
      ...{ key, kind: 'local' },
      openIndex: async () => openIndex(dir, (await opened()).network),
      connect: async (index) => openLocal(await opened(), index),
    }
  }

  /** Four times a second at most. */
  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null
      this.options.onChanged?.(this.state)
    }, TELL_EACH_MS)
  }
}

function withDigest(filter: LedgerFilter): LedgerFilter {
  return { ...filter, content: filter.content === null || filter.content === '' ? null : contentDigest(filter.content) }
}

function parseContracts(text: string): ContractList {
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {
    // said below
  }
  const list = ContractList.safeParse(json)
  if (list.success) return list.data
  throw new StudioError(
    'bad-contracts',
    'The list of contracts is not understood. It looks like {"contracts": {"WEToken": {"address": "0x…"}}}.',
  )
}
