import { app, MessageChannelMain } from 'electron'
import { join } from 'node:path'
import type { CommunityService } from '@shared/engines/community-service'
import type { PeerService } from '@shared/engines/peer-service'
import { StudioError } from '@shared/errors'
import type { Handlers, Schema } from '@shared/ipc/channel'
import { communitySchema, type CommunityHandlers, type CommunitySchema } from '@shared/ipc/community-schema'
import type { EngineStatus } from '@shared/ipc/studio-schema'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { SignedKeyGrant } from '@shared/wallet/key-grant'
import { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'

/** What the community needs of the wallet. */
export interface CommunityWallet {
  /** The active account; null: there is none. */
  account(): string | null
  /** The account's grant for this device; `ask`: a locked wallet is asked to open. Null: there is none. */
  keyGrant(ask: boolean): Promise<SignedKeyGrant | null>
}

/** The community as main knows it: an engine, its line to the network, and calls that it passes on as they are. */
export class CommunitySession {
  readonly host: EngineHost<CommunityService>
  /** The client of each process of it, before its start. */
  onClient: (client: ServiceClient<CommunityService>) => void = () => undefined
  #wallet: CommunityWallet | null = null
  /** The process that runs now takes ports; before its start it would end over one. */
  #isStarted = false

  constructor(
    paths: { out: string; resources: string; dataDir: string },
    private readonly peer: EngineHost<PeerService>,
    private readonly notify: Notifier,
    onStatus: (status: EngineStatus) => void,
    private readonly log: (line: string) => void,
  ) {
    this.host = new EngineHost<CommunityService>({
      name: 'community',
      title: 'The community part',
      modulePath: join(paths.out, 'community-engine.js'),
      onStatus,
      log,
      prepare: async (client) => {
        this.#isStarted = false
        this.onClient(client)
        client.on('told', ({ group, name, payload }) => this.notify(group, name as never, payload as never))
        await client.call('start', {
          dataDir: paths.dataDir,
          passphrase: process.env['WE_PASSPHRASE'] ?? null,
          signatureKernel: join(paths.resources, 'kernel/ed25519.wasm'),
          version: app.getVersion(),
        })
        this.#isStarted = true
        this.#wire()
        await this.#grant(client, false).catch((error: unknown) => this.log(`community: ${String(error)}`))
      },
    })
  }

  /** The wallet is there, or its account is another one. */
  useWallet(wallet: CommunityWallet): void {
    this.#wallet = wallet
    this.walletChanged()
  }

  walletChanged(): void {
    if (this.host.status.state !== 'ready') return // it is asked for at the start
    void this.#grant(this.host.client, false).catch((error: unknown) => this.log(`community: ${String(error)}`))
  }

  /** The peer engine has started (again). */
  peerStarted(): void {
    if (this.#isStarted) this.#wire()
  }

  /** Main's own calls, typed by the schema. A person who has an account but has not granted this device is asked for it. */
  async ask(group: keyof CommunitySchema, name: string, input: unknown): Promise<unknown> {
    const client = await this.host.ready()
    try {
      return await client.call('ask', { group, name, input })
    } catch (error) {
      const isUngranted = error instanceof StudioError && error.code === 'no-account'
      if (!isUngranted || !(await this.#grant(client, true))) throw error
      return client.call('ask', { group, name, input })
    }
  }

  handlers(): CommunityHandlers {
    const made: Record<string, Record<string, unknown>> = {}
    for (const [group, channels] of Object.entries(communitySchema as Schema)) {
      const calls: Record<string, unknown> = (made[group] = {})
      for (const [name, channel] of Object.entries(channels)) {
        if (channel.kind !== 'invoke') continue
        calls[name] = (input: unknown) => this.ask(group as keyof CommunitySchema, name, input)
      }
    }
    return made as unknown as Handlers<CommunitySchema>
  }

  async stop(): Promise<void> {
    await this.host.stop()
  }

  /** True when the device acts for the wallet's account now. */
  async #grant(client: ServiceClient<CommunityService>, ask: boolean): Promise<boolean> {
    if (this.#wallet?.account() == null) return false
    const grant = await this.#wallet.keyGrant(ask)
    if (grant === null) return false
    await client.call('grant', grant)
    return true
  }

  /** A channel between the two engines, in place of an earlier one. */
  #wire(): void {
    if (this.peer.pid === undefined || this.host.pid === undefined) return
    const { port1, port2 } = new MessageChannelMain()
    this.peer.givePort({ t: 'port', use: 'community' }, port1)
    this.host.givePort({ t: 'port', use: 'exchange' }, port2)
  }
}
