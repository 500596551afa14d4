import { reportError } from '@shared/errors'
import type { LedgerSync } from '@shared/ledger/ledger-state'
import type { NetworkKind } from '@shared/ledger/ledger-network'
import { silentLog, type Log } from '../../platform/log'
import { IndexSync } from '../index/index-sync'
import type { LedgerIndex } from '../index/ledger-index'
import type { OpenNetwork } from './open-network'

/** Between two looks for new blocks, milliseconds. A ledger of ours also says when there is one: `poke`. */
const POLL_MS: Readonly<Record<NetworkKind, number>> = { local: 5_000, rpc: 12_000 }

/** A network that can be followed. */
export interface FollowTarget {
  readonly key: string
  readonly kind: NetworkKind
  /** May reject while the network cannot be reached; it is tried again. */
  connect(index: LedgerIndex): Promise<OpenNetwork>
  /** Where what is known of it lies. */
  openIndex(): LedgerIndex | Promise<LedgerIndex>
}

/** Keeps the index of one network up with its ledger until it is closed. */
export class NetworkFollowing {
  #open: OpenNetwork | null = null
  #index: LedgerIndex | null = null
  #sync: LedgerSync = { state: 'starting' }
  readonly #closing = new AbortController()
  #wake: () => void = () => undefined
  /** A block came while the index was being brought up. */
  #poked = false
  readonly #running: Promise<void>

  /** @param readOnly another process has the ledger: what that one has indexed is only read */
  constructor(
    readonly target: FollowTarget,
    readOnly: boolean,
    private readonly onChanged: () => void,
    private readonly log: Log = silentLog,
  ) {
    this.#running = this.#run(readOnly, this.#closing.signal)
  }

  get sync(): LedgerSync {
    return this.#sync
  }

  /** Null until its ledger answers. */
  get open(): OpenNetwork | null {
    return this.#open
  }

  /** Readable also while its ledger does not answer; null until the file is open. */
  get index(): LedgerIndex | null {
    return this.#index
  }

  /** There is a new block. */
  poke(): void {
    this.#poked = true
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake()
    await this.#running
    this.#index?.close()
    this.#index = null
    this.#open = null
  }

  async #run(readOnly: boolean, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#poked = false
      try {
        if (this.#index === null) {
          const opening = this.target.openIndex()
          this.#index = opening instanceof Promise ? await opening : opening
        }
        const index = this.#index
        if (readOnly) {
          this.#set({ state: 'current', head: index.position.block })
          return
        }
        this.#open ??= await this.target.connect(index)
        await new IndexSync(index, this.#open.source).run(signal, ({ done, head }) => {
          this.#set(done >= head ? { state: 'current', head } : { state: 'reading', done, head })
        })
      } catch (error) {
        const { code, message } = reportError(error)
        if (code === 'unexpected' && isAbort(error)) return
        this.log('warn', 'the ledger index stopped', { network: this.target.key, error: message })
        this.#set({ state: 'stopped', code, message })
      }
      await this.#sleep(POLL_MS[this.target.kind], signal)
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

  #set(sync: LedgerSync): void {
    if (JSON.stringify(sync) === JSON.stringify(this.#sync)) return
    this.#sync = sync
    this.onChanged()
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
