import { MessageChannelMain } from 'electron'
import { join } from 'node:path'
import type { LedgerEngineService } from '@shared/engines/ledger-desk-service'
import type { PeerService } from '@shared/engines/peer-service'
import type { Handlers } from '@shared/ipc/channel'
import type { EngineStatus, StudioSchema } from '@shared/ipc/studio-schema'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { LedgerEntry } from '@shared/ledger/ledger-entry'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import type { AddedChain } from '@shared/ledger/rpc-network'
import type { ServiceClient } from '@shared/rpc/rpc'
import { ledgerProvider } from '../../ledger/embedded/rpc-answer'
import { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import { LedgerDeskSession } from './ledger-desk-session'
import type { LedgerLine } from './wallet-ledgers'

export interface LedgerPaths {
  /** Where entries were built to. */
  out: string
  dataDir: string
}

/**
 * The local ledgers as main knows them: an engine that is started at first need, and its line to the network. What was
 * followed is followed again after a restart of the engine.
 */
export class LedgerSession implements LedgerLine {
  readonly host: EngineHost<LedgerEngineService>
  readonly desk: LedgerDeskSession
  readonly #followed = new Map<string, string[]>()
  readonly #listeners: ((what: 'blocks' | 'networks') => void)[] = []
  /** Keys of those in the list. */
  #networks = ''
  #started: Promise<void> | null = null

  constructor(
    paths: LedgerPaths,
    private readonly peer: EngineHost<PeerService>,
    private readonly notify: Notifier,
    onStatus: (status: EngineStatus) => void,
    log: (line: string) => void,
  ) {
    this.desk = new LedgerDeskSession(() => this.client(), notify)
    this.host = new EngineHost<LedgerEngineService>({
      name: 'ledger',
      title: 'The ledger',
      modulePath: join(paths.out, 'ledger-engine.js'),
      onStatus,
      log,
      prepare: async (client, restarted) => {
        client.on('changed', (status) => {
          this.notify('localLedger', 'changed', status)
          this.#tell('blocks')
        })
        client.on('deskChanged', ({ networks }) => {
          const keys = networks.map(({ key }) => key).join()
          if (keys !== this.#networks) this.#tell('networks')
          this.#networks = keys
        })
        client.on('refused', ({ ledger, refusal }) =>
          log(`ledger ${ledger.slice(0, 8)}: peer ${refusal.peer} dropped: ${refusal.message} (${refusal.code})`),
        )
        await client.call('start', { dataDir: paths.dataDir })
        this.#wire()
        this.desk.prepare(client)
        if (!restarted) return
        for (const [ledger, peers] of this.#followed) {
          client.call('follow', { ledger, peers }).catch((error: unknown) => log(String(error)))
        }
      },
    })
  }

  /** The engine's client, started when need be. */
  async client(): Promise<ServiceClient<LedgerEngineService>> {
    this.#started ??= this.host.start()
    await this.#started
    return this.host.ready()
  }

  /** The ledger of this profile; made at first need. */
  async home(): Promise<LedgerStatus> {
    return (await this.client()).call('home', undefined)
  }

  /** Somebody else's ledger, by its genesis hash and peer ids that have it. */
  async follow(ledger: string, peers: string[]): Promise<LedgerStatus> {
    const status = await (await this.client()).call('follow', { ledger, peers })
    this.#followed.set(ledger, peers)
    return status
  }

  async unfollow(ledger: string): Promise<void> {
    this.#followed.delete(ledger)
    if (this.#started !== null) await (await this.client()).call('unfollow', ledger)
  }

  async chains(): Promise<AddedChain[]> {
    return (await this.client()).call('chains', undefined)
  }

  async checkSigning(key: string, about: { account?: string; to?: string }): Promise<void> {
    await (await this.client()).call('checkSigning', { key, ...about })
  }

  /** What the ledger in use has of an account, newest first. */
  async entriesOf(account: string, key: string, limit: number): Promise<LedgerEntry[]> {
    return (await this.client()).call('entriesOf', { account, key, limit })
  }

  onChanged(listener: (what: 'blocks' | 'networks') => void): void {
    this.#listeners.push(listener)
  }

  /** EIP-1193 on a ledger: "home", the genesis hash of one that is followed, or the key of a real chain. */
  provider(ledger: string): Eip1193 {
    return ledgerProvider(async (method, params) => (await this.client()).call('request', { ledger, method, params }))
  }

  /** The peer engine has started (again). */
  peerStarted(): void {
    if (this.#started !== null) this.#wire()
  }

  async stop(): Promise<void> {
    if (this.#started !== null) await this.host.stop()
  }

  handlers(): Handlers<StudioSchema>['localLedger'] {
    return {
      list: async () => (this.#started === null ? [] : (await this.client()).call('list', undefined)),
      open: () => this.home(),
    }
  }

  #tell(what: 'blocks' | 'networks'): void {
    for (const listener of this.#listeners) listener(what)
  }

  /** A channel between the two engines, in place of an earlier one; without one of them it is made when that starts. */
  #wire(): void {
    if (this.peer.pid === undefined || this.host.pid === undefined) return
    const { port1, port2 } = new MessageChannelMain()
    this.peer.givePort({ t: 'port', use: 'ledger' }, port1)
    this.host.givePort({ t: 'port', use: 'exchange' }, port2)
  }
}
