import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, it } from 'vitest'
import { checkRelay } from '../../src/main/peer/check-relay'
import { limitFor, measureIdle } from './idle-share'
import { PeerFleet, type PeerProcess } from './peer-fleet'
import { startRelay, until, type TestRelay } from './relay-harness'

const fleet = new PeerFleet()
let relay: TestRelay | null = null

afterEach(async () => {
  await fleet.end()
  await relay?.relay.close()
})
afterAll(() => fleet.dispose())

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const clock = (): number => performance.timeOrigin + performance.now()

/** The longest time without a picture between two moments, milliseconds. */
function longestGap(viewer: PeerProcess, from: number, until: number): number {
  const times = viewer
    .of('picture')
    .map(({ at }) => at)
    .filter((at) => at >= from && at <= until)
  return Math.max(...[from, ...times, until].map((at, i, all) => at - (all[i - 1] ?? from)))
}

function missing(viewer: PeerProcess): number {
  const slots = viewer.of('picture').map(({ slot }) => slot)
  const all = new Set(slots)
  return slots.at(-1)! - slots[0]! + 1 - all.size
}

it('a viewer whom peers do not reach any more sees the pictures go on from the relay within a second, loses none, and is back with peers when they come again', async () => {
  relay = await startRelay()
  const [source, viewer] = await fleet.nodes(2)
  const target = { url: relay.http('/live/show.we'), key: relay.key }
  const { url } = await source.call<{ url: string }>({ do: 'show', kbps: 1_200, relay: target })
  await viewer.watch(url, source.multiaddrs)
  await viewer.until('picture')
  await wait(2_500)
  // A source that a busy machine kept from sending for a while is not taken from peers either.
  if (viewer.of('relay').length === 0) expect((await viewer.stats()).bytesFromRelay).toBe(0)

  await source.call({ do: 'line', cut: true })
  const cutAt = clock()
  const idle = measureIdle()
  await viewer.until('relay', ({ on, at }) => on && at > cutAt)
  await wait(3_000)
  const during = await viewer.stats()
  expect(longestGap(viewer, cutAt, clock())).toBeLessThan(limitFor(idle(), 1_000, 6_000))
  expect(during.relay).toBe(true)
  expect(during.bytesFromRelay).toBeGreaterThan(300_000)
  expect(during.refused).toBe(0)

  await source.call({ do: 'line', cut: false })
  const mendedAt = clock()
  const backIdle = measureIdle()
  await viewer.until('relay', ({ on, at }) => !on && at > mendedAt)
  await wait(500)
  const before = await viewer.stats()
  await wait(2_000)
  const after = await viewer.stats()
  expect(after.bytesFromRelay).toBe(before.bytesFromRelay)
  expect(after.bytes).toBeGreaterThan(before.bytes + 200_000)
  expect(longestGap(viewer, mendedAt, clock())).toBeLessThan(limitFor(backIdle(), 500, 5_000))
  expect(missing(viewer)).toBe(0)
  expect(viewer.of('ended')).toEqual([])
  await until('nobody reads at the relay', () => relay!.relay.figures.bytesOut.we > 0 || null)
  console.log(
    `went on after ${(viewer.of('relay').find(({ on, at }) => on && at > cutAt)!.at - cutAt).toFixed(0)} ms, longest gap ${longestGap(viewer, cutAt, mendedAt).toFixed(0)} ms; ` +
      `back after ${(viewer.of('relay').find(({ on, at }) => !on && at > mendedAt)!.at - mendedAt).toFixed(0)} ms`,
  )
})

it('a viewer that reaches no peer at all watches from a relay, and sees the show end', async () => {
  relay = await startRelay()
  const [source, viewer] = await fleet.nodes(2)
  const target = { url: relay.http('/live/show.we'), key: relay.key }
  const { url } = await source.call<{ url: string }>({ do: 'show', kbps: 1_200, relay: target })
  const openedAt = clock()
  const idle = measureIdle()
  await viewer.call({ do: 'watch', url, peers: [], relays: [target.url] })
  const first = await viewer.until('picture')
  expect(first.at - openedAt).toBeLessThan(limitFor(idle(), 2_000, 20_000))
  // who only asks whether a key fits puts out nobody, and reads what is wrong
  await checkRelay(target)
  await expect(checkRelay({ ...target, key: 'wrong' })).rejects.toMatchObject({ code: 'relay-key' })
  await expect(checkRelay({ url: relay.http('/live/other.we'), key: relay.key })).rejects.toMatchObject({
    code: 'relay-key',
  })
  await expect(checkRelay({ url: 'http://127.0.0.1:9/live/show.we', key: 'any' })).rejects.toMatchObject({
    code: 'relay-unreachable',
  })
  await viewer.until('segment', ({ seq }) => seq >= 2)
  await source.call({ do: 'end' })
  expect((await viewer.until('ended')).reason).toBe('finished')
  const { bytes, bytesFromRelay, bytesFromViewers, refused } = await viewer.stats()
  expect({ bytesFromRelay, bytesFromViewers, refused }).toEqual({
    bytesFromRelay: bytes,
    bytesFromViewers: 0,
    refused: 0,
  })
  expect(missing(viewer)).toBe(0)
})

it('a relay that changes a byte is left alone, and none of it is shown', async () => {
  relay = await startRelay()
  const [source, viewer] = await fleet.nodes(2)
  const target = { url: relay.http('/live/show.we'), key: relay.key }
  const liar = createServer((request, response) => {
    void fetch(relay!.http(request.url!)).then(async ({ body }) => {
      let sent = 0
      for await (const part of body as AsyncIterable<Uint8Array>) {
        // behind the manifest: some byte of a picture
        if (sent < 20_000 && sent + part.length > 20_000) part[20_000 - sent]! ^= 1
        sent += part.length
        response.write(part)
      }
    })
  })
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
  const lie = `http://127.0.0.1:${(liar.address() as AddressInfo).port}/live/show.we`
  try {
    const { url } = await source.call<{ url: string }>({ do: 'show', kbps: 1_200, relay: target })
    await viewer.call({ do: 'watch', url, peers: [], relays: [lie, target.url] })
    await viewer.until('refused', ({ from, reason }) => from === 'relay' && reason === 'wrong-signature')
    await viewer.until('picture')
    await wait(1_000)
    expect(longestGap(viewer, viewer.of('picture')[0]!.at, clock())).toBeLessThan(1_000)
  } finally {
    liar.closeAllConnections()
    liar.close()
  }
})
