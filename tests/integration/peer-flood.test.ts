import { afterAll, afterEach, expect, it } from 'vitest'
import { parseLiveUrl } from '@shared/live/live-url'
import { PeerFleet } from './peer-fleet'

/** `WE_FLOOD_PEERS=100 WE_FLOOD_SECONDS=60` for the long run. */
const PEERS = Number(process.env['WE_FLOOD_PEERS'] ?? 14)
const SECONDS = Number(process.env['WE_FLOOD_SECONDS'] ?? 2)
/** What the node may grow by, after collecting garbage. */
const MOST_GROWTH_MIB = 50

const fleet = new PeerFleet()
afterEach(() => fleet.end())
afterAll(() => fleet.dispose())

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

it(
  `a broadcaster under ${PEERS} flooding peers keeps its memory, its viewer misses no picture, and a newcomer is let in`,
  async () => {
    const [source, viewer, newcomer] = await fleet.nodes(3)
    const { url } = await source.call<{ url: string }>({ do: 'show', kbps: 1_200, relay: null })
    await viewer.watch(url, source.multiaddrs)
    await viewer.until('picture')
    await wait(500)
    const before = await source.call<{ mib: number }>({ do: 'memory' })

    const { showCid } = parseLiveUrl(url)
    const flooder = await fleet.fork('peer-flooder', [source.multiaddrs[0]!, showCid, String(PEERS)])
    const from = performance.timeOrigin + performance.now()
    let peak = 0
    let connections = 0
    for (let second = 0; second < SECONDS; second++) {
      await wait(1_000)
      const now = await source.call<{ mib: number; connections: number }>({ do: 'memory' })
      peak = Math.max(peak, now.mib)
      connections = Math.max(connections, now.connections)
    }
    const startedAt = performance.now()
    await newcomer.watch(url, source.multiaddrs)
    await newcomer.until('picture')
    const joinMs = performance.now() - startedAt
    const until = performance.timeOrigin + performance.now()

    const shown = viewer.of('picture').filter(({ at }) => at >= from && at <= until)
    const slots = new Set(shown.map(({ slot }) => slot))
    const due = shown.at(-1)!.slot - shown[0]!.slot + 1
    const longest = Math.max(
      ...[from, ...shown.map(({ at }) => at), until].map((at, i, all) => at - (all[i - 1] ?? at)),
    )
    const done = await flooder.call<{ streams: number; bytes: number; connected: number }>({ do: 'stats' })
    console.log(
      `${PEERS} flooders, ${SECONDS} s: ${JSON.stringify(done)}; at most ${connections} connections, grew ${Math.round(peak - before.mib)} MiB; ` +
        `viewer: ${due - slots.size} of ${due} pictures missing, longest gap ${Math.round(longest)} ms; newcomer's first picture after ${Math.round(joinMs)} ms`,
    )
    expect(done.connected, flooder.of('log')[0]?.line).toBeGreaterThan(PEERS / 2)
    expect(done.streams).toBeGreaterThan(PEERS)
    expect(peak - before.mib).toBeLessThan(MOST_GROWTH_MIB)
    expect(connections).toBeLessThan(PEERS * 3 + 10)
    expect(due - slots.size).toBe(0)
    expect(longest).toBeLessThan(1_500)
  },
  (60 + SECONDS) * 1_000,
)
