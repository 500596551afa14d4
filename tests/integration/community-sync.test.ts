import type { Libp2p } from '@libp2p/interface'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { accountTopic } from '@shared/community/log-exchange'
import { encodeAnswer, encodeLogRequest, MAX_FRAME_BYTES } from '@shared/community/log-messages'
import { TestAccount, TestDevice, type SealedEntry } from '../../src/main/community/testing/test-device'
import { LOG_PROTOCOL } from '../../src/main/peer/community-exchange'
import { FramedStream } from '../../src/main/peer/framed-stream'
import { CommunityNode, testNode } from './community-nodes'

const running: { stop: () => Promise<void> | void }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (one) => one.stop()))
})

async function person(account?: TestAccount, beatMs?: number): Promise<CommunityNode> {
  const node = await CommunityNode.start(beatMs)
  running.push(node)
  if (account) node.temp.log.grant(await account.grant(node.device))
  return node
}

const say = ({ temp }: CommunityNode, ...texts: string[]): void => {
  temp.log.append(texts.map((text) => ({ kind: 'comment', body: { s: 'acct:0x00', text, lang: 'en', facets: [] } })))
}
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `comment ${n}`)
const soon = { timeout: 30_000, interval: 20 }

describe('people who follow each other', () => {
  it('have all that was said, hear the next one at once, and see both devices of one person', async () => {
    const ann = new TestAccount()
    const [phone, laptop, bob] = await Promise.all([person(ann), person(ann), person()])
    say(phone, ...many(450))
    await bob.dial(phone.libp2p)
    await bob.dial(laptop.libp2p)
    for (const node of [phone, laptop, bob]) node.sync.follow(ann.address)
    await vi.waitFor(() => expect(bob.temp.texts).toHaveLength(450), soon)
    await vi.waitFor(() => expect(bob.temp.log.devices(ann.address)).toHaveLength(2), soon)
    say(laptop, 'from the laptop')
    say(phone, 'from the phone')
    await vi.waitFor(
      () => expect(bob.temp.texts.slice(450).sort()).toEqual(['from the laptop', 'from the phone']),
      soon,
    )
    expect(new Set(bob.temp.texts).size).toBe(452)
    expect(bob.barred).toEqual([])
  })

  it('get the newest first when they want no more, and older ones on demand', async () => {
    const ann = new TestAccount()
    const [phone, bob] = await Promise.all([person(ann), person()])
    say(phone, ...many(300))
    await bob.dial(phone.libp2p)
    phone.sync.follow(ann.address)
    const newest = { newest: 20, bodies: true, signatures: 'newest' } as const
    bob.sync.follow(ann.address, newest)
    await vi.waitFor(() => expect(bob.temp.texts).toHaveLength(20), soon)
    expect(bob.temp.log.extent(phone.device.publicKey)).toEqual({ first: 281, last: 300 })
    expect(await bob.sync.older(phone.peerId, phone.device.publicKey, 100, newest)).toBe(100)
    expect(bob.temp.log.extent(phone.device.publicKey)).toEqual({ first: 181, last: 300 })
    bob.sync.follow(ann.address)
    await bob.sync.refresh(ann.address)
    await bob.sync.refresh(ann.address)
    expect(bob.temp.log.extent(phone.device.publicKey)).toEqual({ first: 0, last: 300 })
  })

  it('miss nothing for longer than a beat when gossip carries nothing and the first questions are not answered', async () => {
    const ann = new TestAccount()
    const [phone, bob] = await Promise.all([person(ann), person(undefined, 100)])
    phone.libp2p.services.pubsub.publish = () => Promise.resolve({ recipients: [] })
    bob.sync.follow(ann.address)
    await bob.dial(phone.libp2p)
    await vi.waitFor(() => expect(bob.temp.log.devices(ann.address)).toHaveLength(1), soon)
    const answer = phone.temp.log.answer.bind(phone.temp.log)
    let refused = 0
    phone.temp.log.answer = (request) => (refused++ < 3 ? null : answer(request))
    say(phone, 'plums are ripe')
    await vi.waitFor(() => expect(bob.temp.texts).toEqual(['plums are ripe']), { timeout: 20_000, interval: 20 })
    expect(refused).toBeGreaterThan(3)
    expect(bob.barred).toEqual([])
  })

  it('learn by way of others that a device signs two histories', async () => {
    const ann = new TestAccount()
    const device = new TestDevice()
    const log = await device.log(ann, 5)
    const rival = device.comment(log[2]!, 'another one')
    const [bob, cleo] = await Promise.all([person(), person()])
    await bob.temp.log.accept(log)
    await cleo.temp.log.accept([...log.slice(0, 3), rival])
    bob.sync.follow(ann.address)
    cleo.sync.follow(ann.address)
    await bob.dial(cleo.libp2p)
    await vi.waitFor(() => {
      expect(bob.temp.log.fork(device.publicKey)?.n).toBe(3)
      expect(cleo.temp.log.fork(device.publicKey)?.n).toBe(3)
    }, soon)
    expect([...bob.barred, ...cleo.barred]).toEqual([])
  })
})

describe('a peer that', () => {
  type Answer = (stream: FramedStream) => void | Promise<void>
  const ann = new TestAccount()
  const topic = accountTopic(ann.address)

  /** Somebody who claims to have Ann's log and answers as he likes. */
  async function liar(answer: Answer): Promise<Libp2p> {
    const node = await testNode()
    running.push({ stop: () => node.stop() })
    await node.handle(LOG_PROTOCOL, (raw) => {
      const stream = new FramedStream(raw, MAX_FRAME_BYTES, {
        onFrame: () => void Promise.resolve(answer(stream)).catch(() => undefined),
        onClose: () => undefined,
      })
    })
    return node
  }

  async function visit(answer: Answer): Promise<{ bob: CommunityNode; failure: unknown }> {
    const [bob, node] = await Promise.all([person(), liar(answer)])
    await bob.dial(node)
    const failure: unknown = await bob.sync
      .fetchAccount(node.peerId.toString(), ann.address)
      .catch((error: unknown) => error)
    expect(bob.temp.log.count().entries).toBe(0)
    return { bob, failure }
  }

  const send = async (stream: FramedStream, entries: SealedEntry[]): Promise<void> => {
    for (const frame of encodeAnswer(entries)) await stream.send(frame)
    await stream.send(new Uint8Array())
  }

  it("answers with another's log is barred, and nothing of it is kept", async () => {
    const other = await new TestDevice().log(new TestAccount(), 3)
    const { bob, failure } = await visit((stream) => send(stream, other))
    expect(failure).toMatchObject({ fault: 'other-log' })
    expect(bob.barred).toHaveLength(1)
  })

  it('answers with rubbish is barred', async () => {
    const { bob, failure } = await visit(async (stream) => {
      await stream.send(Uint8Array.of(0x81, 0x82, 0x41, 1, 0xf6))
      await stream.send(new Uint8Array())
    })
    expect(failure).toMatchObject({ fault: 'malformed' })
    expect(bob.barred).toHaveLength(1)
  })

  it('sends more than was asked for loses the stream', async () => {
    const { failure } = await visit(async (stream) => {
      for (;;) await stream.send(new Uint8Array(1_000_000))
    })
    expect(failure).toMatchObject({ code: 'peer-flood' })
  })

  it('announces a frame beyond every limit loses the stream before a byte of it is kept', async () => {
    const { failure } = await visit((stream) => stream.send(new Uint8Array(MAX_FRAME_BYTES + 1)))
    expect(failure).toMatchObject({ code: 'peer-silent' })
  })

  it('stalls is given up on in time', async () => {
    const { failure } = await visit(() => undefined)
    expect(failure).toMatchObject({ code: 'peer-silent' })
  })

  it('floods with requests is answered no more', async () => {
    const bob = await person()
    const node = await testNode()
    running.push({ stop: () => node.stop() })
    await node.dial(bob.libp2p.getMultiaddrs())
    const stream = await node.dialProtocol(bob.libp2p.peerId, LOG_PROTOCOL)
    let answers = 0
    const began = performance.now()
    const closed = new Promise<void>((resolve) => {
      const request = encodeLogRequest({ of: new Uint8Array(20) })
      const framed: FramedStream = new FramedStream(stream, MAX_FRAME_BYTES, {
        onFrame: () => {
          answers++
          framed.send(request).catch(() => undefined)
        },
        onClose: () => resolve(),
      })
      framed.send(request).catch(() => undefined)
    })
    await closed
    expect(answers).toBeGreaterThanOrEqual(60)
    expect(answers).toBeLessThan(90 + (20 * (performance.now() - began)) / 1000) // a burst, then 20 a second
  })

  it('floods a topic of heads reaches nobody beyond its neighbour with more than the limit', async () => {
    const device = new TestDevice()
    const log = await device.log(ann, 100)
    const [bob, cleo, node] = await Promise.all([person(), person(), testNode()])
    running.push({ stop: () => node.stop() })
    for (const one of [bob, cleo]) {
      await one.temp.log.accept(log.slice(0, 1))
      one.sync.follow(ann.address)
    }
    let heard = 0
    cleo.libp2p.services.pubsub.addEventListener('message', () => heard++)
    await bob.dial(cleo.libp2p)
    await node.dial(bob.libp2p.getMultiaddrs())
    const name = `/we/heads/1/${topic.toString(16).padStart(2, '0')}`
    await vi.waitFor(() => expect(node.services.pubsub.getSubscribers(name)).toHaveLength(1), soon)
    const say = async (): Promise<unknown> => node.services.pubsub.publish(name, log.pop()!.envelope)
    await vi.waitFor(async () => {
      await say() // until Bob passes on what he hears
      await vi.waitFor(() => expect(heard).toBeGreaterThan(0), { timeout: 250, interval: 10 })
    }, soon)
    while (log.length > 0) await say()
    await node.services.pubsub.publish(name, new Uint8Array(2_000))
    await sleep(300)
    expect(heard).toBeLessThan(25)
  })
})
