import type { Libp2p } from '@libp2p/interface'
import { MessageChannel } from 'node:worker_threads'
import { bodySchema } from '@shared/community/body-schema'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import { entryIdDigest, entryIdText } from '@shared/community/entry-id'
import type { ChatLine, RoomState } from '@shared/community/room-state'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'
import { connect } from '@shared/rpc/rpc'
import type { RoomHost } from '../../src/main/community/rooms/room-host'
import { Rooms } from '../../src/main/community/rooms/rooms'
import { TempLog } from '../../src/main/community/testing/temp-log'
import { TestAccount, TestDevice } from '../../src/main/community/testing/test-device'
import { CommunityPort } from '../../src/main/peer/community-port'
import { GossipTopics } from '../../src/main/peer/gossip-topics'
import type { NodeServices } from '../../src/main/peer/node-settings'
import { rpcPort, testNode } from './community-nodes'
import { join } from 'node:path'

/** A person in rooms: a log, a node, and the window's copy of one room; the port between copies, as in the app. */
export class RoomNode {
  readonly lines = new Map<string, ChatLine>()
  readonly blocked = new Set<string>()
  /** Of lists by their id, the version that holds. */
  readonly lists = new Map<string, string>()
  /** Milliseconds (wall clock) at which lines reached the window, each time one came. */
  readonly arrivals: { id: string; at: number }[] = []
  state!: RoomState
  readonly temp: TempLog
  readonly rooms: Rooms
  readonly #ports = new MessageChannel()
  readonly #port = new CommunityPort(rpcPort(this.#ports.port1), 2_000)

  static async start(account = new TestAccount(), device = new TestDevice()): Promise<RoomNode> {
    const node = new RoomNode(await testNode(), account, device)
    node.temp.log.grant(await account.grant(device))
    await node.#port.attach(node.libp2p, new GossipTopics(node.libp2p.services.pubsub, () => undefined))
    node.rooms.connect(connect<CommunityExchangeService>(rpcPort(node.#ports.port2)))
    return node
  }

  private constructor(
    readonly libp2p: Libp2p<NodeServices>,
    readonly account: TestAccount,
    readonly device: TestDevice,
  ) {
    this.temp = new TempLog({ key: device, now: Date.now, schemas: bodySchema })
    this.rooms = new Rooms({
      path: join(this.temp.folder, 'rooms.sqlite'),
      host: this.#host(),
      tell: {
        lines: ({ lines }) => {
          for (const line of lines) {
            this.lines.set(line.id, line)
            this.arrivals.push({ id: line.id, at: performance.timeOrigin + performance.now() })
          }
        },
        removed: ({ ids }) => ids.forEach((id) => this.lines.delete(id)),
        changed: (state) => (this.state = state),
      },
    })
  }

  get me(): string {
    return this.account.address
  }

  open(room: string): this {
    const { state, lines } = this.rooms.open(room).show()
    this.state = state
    for (const line of lines) this.lines.set(line.id, line)
    return this
  }

  say(text: string, reply?: string): ChatLine {
    return this.rooms.get(this.state.room).say(text, reply)
  }

  act(act: RoomAct): void {
    this.rooms.get(this.state.room).moderate(act)
  }

  /** Makes a list of people, or changes it. Its id. */
  list(accounts: readonly string[], edits?: string): string {
    const items = accounts.map((account) => ({ s: `acct:${account}` }))
    const body = { purpose: 'block', title: 'Spammers', desc: '', items, ...(edits === undefined ? {} : { edits }) }
    const version = entryIdText(this.temp.log.append([{ kind: 'list', body }])[0]!.id)
    const root = edits ?? version
    this.lists.set(root, version)
    this.rooms.reconsider()
    return root
  }

  /** Texts in the order in which the window shows them. */
  get texts(): string[] {
    const inOrder = [...this.lines.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    return inOrder.map(({ text }) => text)
  }

  async dial(other: { libp2p: Libp2p }): Promise<void> {
    await this.libp2p.dial(other.libp2p.getMultiaddrs())
  }

  async stop(): Promise<void> {
    this.rooms.close()
    await this.#port.detach()
    await this.libp2p.stop()
    this.#ports.port1.close()
    this.temp.remove()
  }

  #host(): RoomHost {
    const { log } = this.temp
    const own = (id: string) => log.sealed(entryIdDigest(id)!)
    return {
      me: this.account.address,
      now: Date.now,
      append: (...drafts) => log.append(drafts).map(({ id }) => entryIdText(id)),
      sealed: own,
      grant: () => log.grantOf(log.device),
      profile: () => {
        const current = log.current(this.account.address, 'profile', 'profile')
        return current === null ? null : own(current.id)
      },
      followOf: () => null,
      follows: () => false,
      list: (root) => {
        const id = this.lists.get(root)
        const [entry, grant] = [id === undefined ? null : own(id), log.grantOf(log.device)]
        return id === undefined || entry === null || grant === null ? null : { id, entry, grant }
      },
      rootOfList: (version) => [...this.lists].find(([, id]) => id === version)?.[0] ?? version,
      nameOf: () => null,
      ownNames: ['Ann', 'ann'],
      followed: () => [],
      hides: ({ account }) => this.blocked.has(account),
      isVoid: () => false,
    }
  }
}
