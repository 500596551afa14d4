import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, it, vi } from 'vitest'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { CommunityHandlers } from '@shared/ipc/community-schema'
import { connect } from '@shared/rpc/rpc'
import { Community } from '../../src/main/community/engine/community'
import { communityHandlers } from '../../src/main/community/engine/community-handlers'
import { TestAccount } from '../../src/main/community/testing/test-device'
import { LOG_PROTOCOL } from '../../src/main/peer/community-exchange'
import { CommunityPort } from '../../src/main/peer/community-port'
import { IdentifyAgain } from '../../src/main/peer/identify-again'
import { GossipTopics } from '../../src/main/peer/gossip-topics'
import type { NodeServices } from '../../src/main/peer/node-settings'
import { ed25519Signer } from '../../src/main/platform/ed25519'
import { rpcPort, testNode } from './community-nodes'

const running: Person[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((person) => person.stop()))
})
const soon = { timeout: 30_000, interval: 20 }

/** Community and network engine of one computer, joined as in the app; the node's key is the device's. */
class Person {
  readonly account = new TestAccount()
  readonly handlers: CommunityHandlers
  readonly topics: GossipTopics
  readonly #ports = new MessageChannel()

  /** `joins`: false for one whose community part comes up after the node, by `join`. */
  static async start(joins = true): Promise<Person> {
    const key = await generateKeyPair('Ed25519')
    const dir = mkdtempSync(join(tmpdir(), 'we-people-'))
    const community = await Community.open({
      ...{ dir, key: { publicKey: key.publicKey.raw, sign: ed25519Signer(key.raw) }, seed: key.raw.subarray(0, 32) },
      version: '1',
    })
    const person = new Person(await testNode(key), community, dir)
    running.push(person)
    if (joins) await person.join()
    return person
  }

  private constructor(
    readonly libp2p: Libp2p<NodeServices>,
    readonly community: Community,
    private readonly dir: string,
  ) {
    this.handlers = communityHandlers(community, () => undefined)
    this.topics = new GossipTopics(libp2p.services.pubsub, () => undefined)
  }

  async grant(): Promise<void> {
    this.community.grant(await this.account.grant({ publicKey: this.community.log.device }))
  }

  get channel(): string {
    return `chan:${this.account.address}/plums`
  }

  video(title: string): void {
    const variants = [{ cid: `b${'a'.repeat(58)}`, codec: 'avc1', w: 720, h: 1280, br: 1_000_000, size: 1_000 }]
    const body = { channel: this.channel, title, desc: '', category: 'food', tags: [], dur: 5_000, w: 720, h: 1_280 }
    this.community.append({ kind: 'video', body: { ...body, variants, captions: [], warn: [], licence: 'CC-BY-4.0' } })
  }

  follow(other: Person, on = true): void {
    void this.handlers.acts.follow({ subject: `acct:${other.account.address}`, on })
  }

  titles(feed: 'newest' | 'following' = 'newest'): string[] {
    const ask = { filter: this.community.filter(), after: null, limit: 50 }
    const { feeds } = this.community.reader
    const { cards } =
      feed === 'newest' ? feeds.newest(ask) : feeds.following(this.community.reader.followedBy(this.community.me!), ask)
    return cards.map(({ body }) => body.title).sort()
  }

  async dial(other: Person): Promise<void> {
    await this.libp2p.dial(other.libp2p.getMultiaddrs())
  }

  async stop(): Promise<void> {
    await this.community.close()
    await this.libp2p.stop()
    this.#ports.port1.close()
    rmSync(this.dir, { recursive: true, force: true })
  }

  async join(): Promise<void> {
    const port = new CommunityPort(rpcPort(this.#ports.port1))
    this.community.connect(connect<CommunityExchangeService>(rpcPort(this.#ports.port2)))
    await port.attach(this.libp2p, this.topics)
  }
}

it('people whose computers are connected see what each other publish, also who makes an account later', async () => {
  const [ann, bob] = await Promise.all([Person.start(), Person.start()])
  await ann.grant()
  ann.video('Ripe plums')
  await bob.dial(ann)
  await vi.waitFor(() => expect(bob.titles()).toEqual(['Ripe plums']), soon)
  // bob was met before he had an account
  await bob.grant()
  bob.video('Green plums')
  await vi.waitFor(() => expect(ann.titles()).toEqual(['Green plums', 'Ripe plums']), soon)
  ann.video('Plum cake')
  await vi.waitFor(() => expect(bob.titles()).toHaveLength(3), soon)
  expect(bob.titles('following')).toEqual([])
})

it('computers that met before the community part of one of them was up hear all that is said there', async () => {
  const [ann, bob] = await Promise.all([Person.start(), Person.start(false)])
  await bob.dial(ann)
  const known = async (one: Person, other: Person): Promise<string[]> =>
    (await one.libp2p.peerStore.get(other.libp2p.peerId).catch(() => null))?.protocols ?? []
  await vi.waitFor(async () => expect(await known(ann, bob)).not.toEqual([]), soon)
  await vi.waitFor(async () => expect(await known(bob, ann)).not.toEqual([]), soon)
  await bob.join()
  await Promise.all([ann.grant(), bob.grant()])
  ann.video('Ripe plums')
  await vi.waitFor(() => expect(bob.titles()).toEqual(['Ripe plums']), soon)
  bob.video('Green plums')
  await vi.waitFor(() => expect(ann.titles()).toEqual(['Green plums', 'Ripe plums']), soon)
})

it('computers that were too busy to greet each other hear of each other all the same', async () => {
  const both = await Promise.all([Person.start(), Person.start()])
  const [ann, bob] = both
  const again = both.map(({ libp2p, topics }) => {
    vi.spyOn(libp2p.services.identify, 'identify').mockRejectedValueOnce(new Error('not in time'))
    return new IdentifyAgain(libp2p, LOG_PROTOCOL, (peer) => topics.reaches(peer), 100)
  })
  await Promise.all([ann.grant(), bob.grant()])
  ann.video('Ripe plums')
  bob.video('Green plums')
  await bob.dial(ann)
  const all = ['Green plums', 'Ripe plums']
  await vi.waitFor(() => expect([ann.titles(), bob.titles()]).toEqual([all, all]), soon)
  expect(both.every(({ topics }, at) => topics.reaches(both[1 - at]!.libp2p.peerId.toString()))).toBe(true)
  for (const one of again) one.stop()
})

it('whom the followed follow is heard of by way of them, and no more once nobody follows', async () => {
  const [ann, bob, cleo] = await Promise.all([Person.start(), Person.start(), Person.start()])
  await Promise.all([ann, bob, cleo].map((person) => person.grant()))
  ann.video('Ripe plums')
  await bob.dial(ann)
  bob.follow(ann)
  await vi.waitFor(() => expect(bob.titles('following')).toEqual(['Ripe plums']), soon)
  await cleo.dial(bob) // never to ann
  cleo.follow(bob)
  await vi.waitFor(() => expect(cleo.titles()).toEqual(['Ripe plums']), soon)
  expect(cleo.titles('following')).toEqual([])
  ann.video('Plum cake')
  await vi.waitFor(() => expect(cleo.titles()).toHaveLength(2), soon)
  cleo.follow(bob, false)
  expect(cleo.handlers.acts.own([`acct:${bob.account.address}`])).toEqual({
    [`acct:${bob.account.address}`]: { like: false, repost: false, follow: false },
  })
})
