import { join } from 'node:path'
import { reportError, StudioError } from '@shared/errors'
import type { AddNetwork } from '@shared/ipc/ledger-schema'
import type { EntryDetails } from '@shared/ledger/ledger-entry'
import { networkKey, type LedgerNetwork } from '@shared/ledger/ledger-network'
import type { ExportFormat, LedgerFilter, LedgerPage, LedgerQuery } from '@shared/ledger/ledger-query'
import type { LedgerState, LedgerSync, NetworkInfo } from '@shared/ledger/ledger-state'
import { ContractList, type RpcNetworkEntry } from '@shared/ledger/rpc-network'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import { silentLog, type Log } from '../../platform/log'
import { rememberedLocal, rememberLocal } from './remembered-local'
import { IndexSync } from '../index/index-sync'
import type { LedgerIndex } from '../index/ledger-index'
import type { LocalNetwork } from '../local-network'
import { NetworkBook } from '../rpc/network-book'
import { RpcNetwork, type RpcNetworkOptions } from '../rpc/rpc-network'
import { contentDigest } from './content-digest'
import { CSV_HEAD, csvLine, jsonObject, type FullEntry } from './export-text'
import { writeExport } from './export-file'
import { networkInfo, openIndex, openLocal, openRpc, removeIndex, type OpenNetwork } from './open-network'

/** Between two looks for new blocks, milliseconds. A ledger of ours also says when there is one: `poke`. */
const LOCAL_POLL_MS = 5_000
const RPC_POLL_MS = 12_000
const TELL_EACH_MS = 250

export interface LedgerDeskOptions extends RpcNetworkOptions {
  /** Folder for the list of networks and the indexes. */
  dir: string
  /** The ledger of this computer; null where another process has it: then what that one has indexed is only read. */
  local: LocalNetwork | null
  log?: Log
  onChanged?: (state: LedgerState) => void
}

/**
 * What is known of the ledger in use, for people: networks, the index that follows it, queries and exports. Signing
 * needs `ledger`, which checks itself before each signature.
 */
export class LedgerDesk {
  #open: OpenNetwork | null = null
  /** Readable also while its ledger does not answer. */
  #index: LedgerIndex | null = null
  #sync: LedgerSync = { state: 'starting' }
  #exporting: LedgerState['exporting'] = null
  #cancelExport: AbortController | null = null
  /** Of the network in use; aborted when it changes. */
  #following = new AbortController()
  #followed: Promise<void> = Promise.resolve()
  #wake: () => void = () => undefined
  /** A block came while the index was being brought up. */
  #poked = false
  #telling: NodeJS.Timeout | null = null

  private constructor(
    private readonly options: LedgerDeskOptions,
    private readonly book: NetworkBook,
    private readonly localNetwork: LedgerNetwork | null,
  ) {}

  /** Starts with the network that was in use, in the background; see `state`. */
  static async open(options: LedgerDeskOptions): Promise<LedgerDesk> {
    const { dir, local } = options
    const book = await NetworkBook.load(join(dir, 'networks.json'), options)
    if (local !== null) await rememberLocal(dir, local.network)
    const desk = new LedgerDesk(options, book, local?.network ?? (await rememberedLocal(dir)))
    desk.#follow()
    return desk
  }

  get state(): LedgerState {
    const local = this.localNetwork
    const networks: LedgerNetwork[] = [...(local === null ? [] : [local]), ...this.book.networks]
    const active = this.#chosen
    return {
      networks: networks.map(networkInfo),
      active: active === null ? null : networkKey(active),
      ...{ sync: this.#sync, exporting: this.#exporting },
    }
  }

  /** Where transactions go. Throws StudioError `ledger-not-ready`. */
  get ledger(): SigningLedger {
    if (this.#open !== null) return this.#open.ledger
    const why = this.#sync.state === 'stopped' ? this.#sync.message : 'The ledger is still starting.'
    throw new StudioError('ledger-not-ready', why)
  }

  /** There is a new block. */
  poke(): void {
    this.#poked = true
    this.#wake()
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
    const wasActive = this.book.active !== null && networkKey(this.book.active) === key
    await this.book.remove(key)
    if (wasActive) await this.#refollow()
    await removeIndex(this.options.dir, key)
    this.#tell()
  }

  async chooseNetwork(key: string): Promise<void> {
    await this.book.choose(this.#isLocal(key) ? null : key)
    await this.#refollow()
  }

  /** Rejects with what is wrong. */
  async checkNetwork(key: string): Promise<void> {
    if (this.#isLocal(key)) return
    const network = await RpcNetwork.open(this.book.find(key), this.options)
    await network.checkBeforeSigning()
  }

  /** Resolves when the index has everything, or the signal fires. Rejects with what stops it. */
  async current(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#sync.state === 'current') return
      if (this.#sync.state === 'stopped') throw new StudioError(this.#sync.code, this.#sync.message)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async close(): Promise<void> {
    this.#cancelExport?.abort()
    this.#following.abort()
    this.#wake()
    await this.#followed
    if (this.#telling !== null) clearTimeout(this.#telling)
    this.#index?.close()
    this.#index = null
  }

  get #chosen(): LedgerNetwork | RpcNetworkEntry | null {
    return this.book.active ?? this.localNetwork
  }

  #isLocal(key: string): boolean {
    return this.localNetwork !== null && networkKey(this.localNetwork) === key
  }

  get #readable(): LedgerIndex {
    if (this.#index !== null) return this.#index
    throw new StudioError('ledger-not-ready', 'The ledger is not open. Choose a network first.')
  }

  #verifier(block: { number: number; hash: string; time: number; authority: string | null }): EntryDetails['verifier'] {
    if (this.#open !== null) return this.#open.verifier(block)
    const hosts = this.#chosen === null ? [] : networkInfo(this.#chosen).hosts
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

  async #refollow(): Promise<void> {
    this.#following.abort()
    this.#wake()
    await this.#followed
    this.#cancelExport?.abort()
    this.#index?.close()
    this.#index = null
    this.#open = null
    this.#follow()
  }

  #follow(): void {
    this.#following = new AbortController()
    this.#sync = { state: 'starting' }
    const network = this.#chosen
    if (network === null) {
      this.#sync = { state: 'stopped', code: 'no-network', message: 'There is no ledger here yet.' }
      this.#tell()
      return
    }
    this.#index = openIndex(this.options.dir, network)
    if (this.options.local === null) this.#sync = { state: 'current', head: this.#index.position.block }
    else this.#followed = this.#run(network, this.#index, this.options.local, this.#following.signal)
    this.#tell()
  }

  async #run(
    network: LedgerNetwork | RpcNetworkEntry,
    index: LedgerIndex,
    local: LocalNetwork,
    signal: AbortSignal,
  ): Promise<void> {
    const { log = silentLog } = this.options
    while (!signal.aborted) {
      this.#poked = false
      try {
        this.#open ??= 'rpcUrl' in network ? await openRpc(network, index, this.options) : openLocal(local, index)
        await new IndexSync(index, this.#open.source).run(signal, ({ done, head }) => {
          this.#setSync(done >= head ? { state: 'current', head } : { state: 'reading', done, head })
        })
      } catch (error) {
        const { code, message } = reportError(error)
        if (code === 'unexpected' && isAbort(error)) return
        log('warn', 'the ledger index stopped', { network: networkKey(network), error: message })
        this.#setSync({ state: 'stopped', code, message })
      }
      await this.#sleep(network.kind === 'local' ? LOCAL_POLL_MS : RPC_POLL_MS, signal)
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#poked) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #setSync(sync: LedgerSync): void {
    if (JSON.stringify(sync) === JSON.stringify(this.#sync)) return
    this.#sync = sync
    this.#tell()
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

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
