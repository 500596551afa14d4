import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { ENOUGH_IDLE, measureIdle } from './idle-share'
import { PeerFleet, percentile, type PeerProcess } from './peer-fleet'

const fleet = new PeerFleet()
afterEach(() => fleet.end())
afterAll(() => fleet.dispose())

/** 2 Mbit/s in half seconds. */
const SHOW = { segmentBytes: 125_000, segmentMs: 500 }

async function onAir(broadcaster: PeerProcess, options: { maxViewers?: number } = {}): Promise<string> {
  const { url } = await broadcaster.call<{ url: string }>({ do: 'broadcast', ...SHOW, ...options })
  return url
}

function firstOf(viewer: PeerProcess): number {
  return viewer.of('segment')[0]?.seq ?? Infinity
}

/** What was published is what was received, number by number, without a hole. */
function expectTheShow(broadcaster: PeerProcess, viewer: PeerProcess): void {
  const published = new Map(broadcaster.of('published').map(({ seq, cid }) => [seq, cid]))
  const received = viewer.of('segment')
  expect(received.map(({ seq, cid }) => [seq, cid])).toEqual(
    received.map((_, index) => [received[0]!.seq + index, published.get(received[0]!.seq + index)]),
  )
}

describe('a live between processes', () => {
  test('one broadcaster, three viewers: quick to start, quick to arrive, and a clean end', async () => {
    const broadcaster = await fleet.node()
    const url = await onAir(broadcaster)
    const viewers = [await fleet.node(), await fleet.node(), await fleet.node()]
    const idle = measureIdle()
    await Promise.all(viewers.map((viewer) => viewer.watch(url, broadcaster.multiaddrs)))
    await broadcaster.until('viewers', ({ count }) => count === 3)
    await Promise.all(
      viewers.map((viewer) => viewer.until('segment', ({ seq }) => seq >= firstOf(viewer) + 20, 30_000)),
    )
    const idleShare = idle()
    await broadcaster.call({ do: 'end' })
    for (const viewer of viewers) expect((await viewer.until('ended')).reason).toBe('finished')

    const latencies = viewers.flatMap((viewer) => viewer.of('segment').map(({ latencyMs }) => latencyMs))
    const startups = viewers.map((viewer) => viewer.of('playing')[0]!.startupMs)
    const [p50, p95] = [percentile(latencies, 0.5), percentile(latencies, 0.95)]
    console.log(
      `published to verified: p50 ${p50} ms, p95 ${p95} ms (${latencies.length}); startup ${startups.join(', ')} ms; ` +
        `idle CPU ${Math.round(idleShare * 100)} %`,
    )
    for (const viewer of viewers) expectTheShow(broadcaster, viewer)
    if (idleShare >= ENOUGH_IDLE) {
      expect(p95).toBeLessThan(300)
      expect(Math.max(...startups)).toBeLessThan(2000)
    } else console.warn('NOT CHECKED: the machine was too busy for the limits of 300 ms (p95) and 2 s (startup)')
    const last = broadcaster.of('published').at(-1)!.seq
    for (const viewer of viewers) expect(viewer.of('segment').at(-1)!.seq).toBe(last)
  })

  test('a viewer serves another that the broadcaster has no place for', async () => {
    const [broadcaster, first, second] = await fleet.nodes(3)
    const url = await onAir(broadcaster, { maxViewers: 1 })
    await first.watch(url, broadcaster.multiaddrs)
    await first.until('segment')
    await second.watch(url, broadcaster.multiaddrs)
    await second.until('segment', ({ seq }) => seq > firstOf(second) + 5)
    expect(new Set(second.of('segment').map(({ from }) => from))).toEqual(new Set([first.peerId]))
    expectTheShow(broadcaster, second)
    await broadcaster.until('viewers', ({ count }) => count === 2)
    expect((await second.stats()).bytesFromViewers).toBeGreaterThan(5 * SHOW.segmentBytes)
    expect((await first.stats()).bytesServed).toBeGreaterThan(5 * SHOW.segmentBytes)
  })

  test('over webrtc-direct', async () => {
    const broadcaster = await fleet.node({ listen: ['/ip4/127.0.0.1/udp/0/webrtc-direct'] })
    const url = await onAir(broadcaster)
    const viewer = await fleet.node()
    expect(broadcaster.multiaddrs.every((address) => address.includes('webrtc-direct'))).toBe(true)
    await viewer.watch(url, broadcaster.multiaddrs)
    await viewer.until('segment', ({ seq }) => seq > firstOf(viewer) + 6)
    expectTheShow(broadcaster, viewer)
    console.log(`webrtc-direct: startup ${viewer.of('playing')[0]!.startupMs} ms`)
  })

  test('a live appears on the list of a node of the same machine by itself, and goes', async () => {
    const beaconDir = `${await fleet.folder()}/peers`
    const viewer = await fleet.node({ beaconDir })
    const broadcaster = await fleet.node({ beaconDir })
    const url = await onAir(broadcaster)
    await viewer.until('lives', ({ urls }) => urls.includes(url))
    await viewer.watch(url, []) // no address given
    await viewer.until('segment')
    await broadcaster.call({ do: 'end' })
    await viewer.until('lives', ({ urls }) => urls.length === 0)
    // one that is killed can not say so
    const again = await onAir(broadcaster)
    await viewer.until('lives', ({ urls }) => urls.includes(again))
    broadcaster.kill()
    const before = viewer.of('lives').length
    await viewer.until('lives', (event) => viewer.of('lives').indexOf(event) >= before && event.urls.length === 0)
  })
})

describe('what is refused', () => {
  test('a flipped byte, a wrong signature, a replayed number, a flood and a false claim, while the picture goes on', async () => {
    const lies = {
      ...{ flip: 'wrong-hash', signature: 'wrong-signature', replay: 'replayed', flood: 'flood' },
      ...{ bits: 'malformed' }, // claims renditions that there are not
    }
    const [broadcaster, honest, victim] = await fleet.nodes(3)
    const url = await onAir(broadcaster, { maxViewers: 6 })
    await honest.watch(url, broadcaster.multiaddrs)
    // the liars take the places that are left; the victim is told `full` and turns to the other viewers, of whom the
    // liars speak first: they announce what they have not even fetched
    const liars = Object.keys(lies).map((lie) =>
      fleet.fork('peer-liar', [lie, url, broadcaster.multiaddrs[0]!, victim.multiaddrs[0]!]),
    )
    await broadcaster.until('viewers', ({ count }) => count === 6)
    await victim.watch(url, broadcaster.multiaddrs)
    await Promise.all(liars)
    for (const reason of Object.values(lies)) await victim.until('refused', (refused) => refused.reason === reason)
    const newest = broadcaster.of('published').at(-1)!.seq
    await victim.until('segment', ({ seq }) => seq > newest + 4)

    expectTheShow(broadcaster, victim)
    expect(
      victim
        .of('refused')
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(Object.values(lies).sort()) // each once
    for (const { from } of victim.of('refused')) expect([broadcaster.peerId, honest.peerId]).not.toContain(from)
    const log = victim.of('log').map(({ line }) => line)
    for (const reason of Object.values(lies)) expect(log.some((line) => line.includes(reason))).toBe(true)
    expect(honest.of('refused')).toEqual([]) // the victim passed none of it on
    expect((await victim.stats()).refused).toBe(5)
  })
})

describe('what breaks', () => {
  test('connections that are cut are made again, and nothing is missed', async () => {
    const [broadcaster, viewer] = await fleet.nodes(2)
    const url = await onAir(broadcaster)
    await viewer.watch(url, broadcaster.multiaddrs)
    await viewer.until('segment')
    for (let round = 0; round < 3; round++) {
      await viewer.call({ do: 'cut' })
      const newest = broadcaster.of('published').at(-1)!.seq
      await viewer.until('segment', ({ seq }) => seq > newest + 2)
    }
    expectTheShow(broadcaster, viewer)
    expect((await viewer.stats()).missed).toBe(0)
    expect(viewer.of('refused')).toEqual([])
  })

  test('the viewer that served another: the other goes on', async () => {
    const [broadcaster, one, two, last] = await fleet.nodes(4)
    const url = await onAir(broadcaster, { maxViewers: 2 })
    await Promise.all([one, two].map((viewer) => viewer.watch(url, broadcaster.multiaddrs)))
    await broadcaster.until('viewers', ({ count }) => count === 2)
    await last.watch(url, broadcaster.multiaddrs)
    await last.until('segment', ({ seq }) => seq > firstOf(last) + 2)
    one.kill()
    const killedAt = last.of('segment').at(-1)!.seq
    await last.until('segment', ({ seq }) => seq > killedAt + 6)
    expectTheShow(broadcaster, last)
    expect((await last.stats()).missed).toBe(0)
  })

  test('the broadcaster: viewers are told after ten seconds, and its profile is free again', async () => {
    const dataDir = await fleet.folder()
    const broadcaster = await fleet.node({ dataDir })
    const url = await onAir(broadcaster)
    const viewer = await fleet.node()
    await viewer.watch(url, broadcaster.multiaddrs)
    await viewer.until('segment')
    const second = await fleet.fork('peer-process')
    await expect(second.call({ do: 'start', dataDir })).rejects.toMatchObject({ code: 'profile-in-use' })
    broadcaster.kill()
    const killedAt = Date.now()
    expect((await viewer.until('ended')).reason).toBe('lost')
    expect(Date.now() - killedAt).toBeGreaterThan(7_000)
    const started = await second.call<{ peerId: string }>({ do: 'start', dataDir })
    expect(started.peerId).toBe(broadcaster.peerId)
  })

  test('a node that is stopped leaves no process behind', async () => {
    const broadcaster = await fleet.node({ listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/udp/0/webrtc-direct'] })
    const url = await onAir(broadcaster)
    const viewer = await fleet.node()
    await viewer.watch(url, broadcaster.multiaddrs)
    await viewer.until('segment')
    await Promise.all([broadcaster.call({ do: 'stop' }), viewer.call({ do: 'stop' })])
    await Promise.all([broadcaster.waitForExit(), viewer.waitForExit()])
  })

  test('an address that nobody answers, and a show that is over', async () => {
    const [broadcaster, viewer] = await fleet.nodes(2)
    const url = await onAir(broadcaster)
    await broadcaster.call({ do: 'end' })
    await expect(viewer.watch(url, broadcaster.multiaddrs)).rejects.toMatchObject({ code: 'live-over' })
    broadcaster.kill()
    await expect(viewer.watch(url, broadcaster.multiaddrs)).rejects.toMatchObject({ code: 'live-unreachable' })
    await expect(viewer.watch(url, ['/ip4/no'])).rejects.toMatchObject({ code: 'bad-multiaddr' })
    await expect(viewer.watch('we://x', [])).rejects.toMatchObject({ code: 'bad-live-url' })
  })
})
