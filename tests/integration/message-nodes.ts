import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { MailExchangeService } from '@shared/community/mail-exchange-service'
import type { CommunityHandlers } from '@shared/ipc/community-schema'
import { connect } from '@shared/rpc/rpc'
import { sideLine } from '@shared/rpc/side-line'
import { Community } from '../../src/main/community/engine/community'
import { messagesHandlers } from '../../src/main/community/engine/messages-handlers'
import { Mailbox } from '../../src/main/community/messages/mailbox'
import { hexOf } from '../../src/main/community/messages/mls-credential'
import { TestAccount, TestDevice } from '../../src/main/community/testing/test-device'
import { CommunityPort } from '../../src/main/peer/community-port'
import { GossipTopics } from '../../src/main/peer/gossip-topics'
import type { NodeServices } from '../../src/main/peer/node-settings'
import { rpcPort, testNode } from './community-nodes'

/** A person with an account, a profile on disk, and a node whose key is the device's; both can be stopped and begun again. */
export class MessagePerson {
  readonly #seed = new Uint8Array(randomBytes(32))
  readonly #folder = mkdtempSync(join(tmpdir(), 'we-person-'))
  readonly wallet: TestAccount
  readonly device = new TestDevice(this.#seed)
  /** Texts that the page was told of, in the order of telling. */
  readonly told: string[] = []
  community!: Community
  calls!: CommunityHandlers['messages']
  #libp2p: Libp2p<NodeServices> | null = null
  #port: CommunityPort | null = null
  #ports: MessageChannel | null = null

  constructor(wallet = new TestAccount()) {
    this.wallet = wallet
  }

  static async online(wallet?: TestAccount): Promise<MessagePerson> {
    const person = new MessagePerson(wallet)
    await person.start()
    return person
  }

  get account(): string {
    return this.wallet.address
  }

  get key(): string {
    return hexOf(this.device.publicKey)
  }

  get libp2p(): Libp2p<NodeServices> {
    return this.#libp2p!
  }

  /** Sealed mail that is kept here for somebody. */
  keptFor(other: MessagePerson): Uint8Array[] {
    const mailbox = new Mailbox(this.mailbox)
    try {
      return mailbox.waiting(other.key, { count: 100, bytes: 1e9 }, Date.now()).map(({ mail }) => Uint8Array.from(mail))
    } finally {
      mailbox.close()
    }
  }

  get mailbox(): string {
    return join(this.#folder, 'community', 'mailbox.sqlite')
  }

  /** What is kept for others, bytes. */
  get keeps(): number {
    return this.community.messages.keeping.usedBytes
  }

  async start(): Promise<void> {
    this.community = await Community.open({
      ...{ dir: join(this.#folder, 'community'), key: this.device, seed: this.#seed, version: '1' },
    })
    this.calls = messagesHandlers(this.community, (group, name, payload) => {
      if (group === 'messages' && name === 'texts') this.told.push((payload as { line: { text: string } }).line.text)
    })
    this.community.grant(await this.wallet.grant(this.device))
    await this.community.messages.messages()
    this.#libp2p = await testNode(await generateKeyPairFromSeed('Ed25519', this.#seed))
    this.#ports = new MessageChannel()
    const [near, far] = [rpcPort(this.#ports.port2), rpcPort(this.#ports.port1)]
    this.#port = new CommunityPort(far, 2_000)
    this.community.connect(connect<CommunityExchangeService>(near))
    this.community.messages.line.connect(connect<MailExchangeService>(sideLine(near, 'mail')))
    await this.#port.attach(this.#libp2p, new GossipTopics(this.#libp2p.services.pubsub, () => undefined))
  }

  /** As when the app is closed; the profile stays. */
  async stop(): Promise<void> {
    if (this.#libp2p === null) return
    await this.community.close()
    await this.#port!.detach()
    await this.#libp2p.stop()
    this.#libp2p = null
    this.#ports!.port1.close()
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async meet(...others: MessagePerson[]): Promise<void> {
    for (const other of others) await this.libp2p.dial(other.libp2p.getMultiaddrs())
  }

  /** Oldest first. */
  async texts(conversation: string): Promise<string[]> {
    const { lines } = await this.calls.history({ conversation, limit: 200 })
    return lines.map(({ text }) => text).reverse()
  }

  async states(conversation: string): Promise<string[]> {
    const { lines } = await this.calls.history({ conversation, limit: 200 })
    return lines.filter(({ isMine }) => isMine).map(({ state }) => state)
  }
}
