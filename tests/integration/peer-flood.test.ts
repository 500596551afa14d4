import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { parseLiveUrl } from '@shared/live/live-url'
import { PeerFleet, percentile, type MemoryFigures, type PeerProcess } from './peer-fleet'

/**
 * `WE_FLOOD_PEERS=100 WE_FLOOD_SECONDS=600` for the long run, which has three viewers, a minute of quiet before the flood and a line
 * of figures every 10 s (`WE_FLOOD_EVERY`). `WE_FLOOD_HEAP=FOLDER`: heap snapshots there, of the first and the last 10 s.
 * `WE_FLOOD_WAYS=0,3`: these attacks alone. `WE_FLOOD_COLLECT=0`: garbage is left to the runtime during the flood.
 */
const PEERS = Number(process.env['WE_FLOOD_PEERS'] ?? 14)
const SECONDS = Number(process.env['WE_FLOOD_SECONDS'] ?? 2)
const IS_LONG = SECONDS >= 15
const EVERY_S = Number(process.env['WE_FLOOD_EVERY'] ?? (IS_LONG ? 10 : 1))
const HEAP = process.env['WE_FLOOD_HEAP']
/** Addresses that they come from. */
const HOSTS = Number(process.env['WE_FLOOD_HOSTS'] ?? Math.ceil(PEERS / 5))
const COLLECTS = process.env['WE_FLOOD_COLLECT'] !== '0'
const VIEWERS = IS_LONG ? 3 : 1
const QUIET_MS = IS_LONG ? Math.min(60_000, SECONDS * 250) : 500
/** What the node may grow by, after collecting garbage. */
const MOST_GROWTH_MIB = 50

const fleet = new PeerFleet()
afterEach(() => fleet.end())
afterAll(() => fleet.dispose())

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const wallClock = (): number => performance.timeOrigin + performance.now()

/** What a viewer saw between two times of the wall clock. */
function seen(viewer: PeerProcess, from: number, until: number): { missing: number; due: number; gapMs: number } {
  const shown = viewer.of('picture').filter(({ at }) => at >= from && at <= until)
  const slots = new Set(shown.map(({ slot }) => slot))
  const due = shown.at(-1)!.slot - shown[0]!.slot + 1
  const gapMs = Math.max(...[from, ...shown.map(({ at }) => at), until].map((at, i, all) => at - (all[i - 1] ?? at)))
  return { missing: due - slots.size, due, gapMs }
}

function delays(viewers: readonly PeerProcess[], from: number, until: number): string {
  const all = viewers.map((viewer) =>
    viewer.of('picture').flatMap(({ at, afterMs }) => (at >= from && at <= until ? [afterMs] : [])),
  )
  return all
    .map(
      (of) => `${Math.round(percentile(of, 0.5))}/${Math.round(percentile(of, 0.95))}/${Math.round(Math.max(...of))}`,
    )
    .join(' ')
}

it(
  `a broadcaster under ${PEERS} flooding peers keeps its memory, its viewers miss no picture, and a newcomer is let in`,
  async () => {
    const many = Array.from({ length: VIEWERS }, () => fleet.node())
    const [[source, newcomer], viewers] = await Promise.all([fleet.nodes(2), Promise.all(many)])
    const memory = (collect = true): Promise<MemoryFigures> => source.call({ do: 'memory', collect })
    const { url } = await source.call<{ url: string }>({ do: 'show', kbps: 1_200, relay: null })
    for (const viewer of viewers) {
      await viewer.watch(url, source.multiaddrs)
      await viewer.until('picture')
    }
    if (IS_LONG) await wait(3_000)
    const quietFrom = wallClock()
    await wait(QUIET_MS)
    const before = await memory()
    const quietCpuMs = before.cpuMs
    const { showCid } = parseLiveUrl(url)
    const flooder = await fleet.fork('peer-flooder', [source.multiaddrs[0]!, showCid, String(PEERS), String(HOSTS)])
    const from = wallClock()
    let peak = 0
    let connections = 0
    let last = before
    let lastRss = 0
    for (let second = EVERY_S; second <= SECONDS; second += EVERY_S) {
      await wait(EVERY_S * 1_000)
      const now = await memory(COLLECTS || second + EVERY_S > SECONDS)
      peak = Math.max(peak, now.mib)
      connections = Math.max(connections, now.connections)
      if (IS_LONG) {
        const grown = (of: keyof MemoryFigures): string => (now[of] - before[of]).toFixed(1)
        console.log(
          `${second} s: heap+external +${grown('mib')} (heap ${grown('heapMib')}, heap taken ${grown('heapTotalMib')}, external ${grown('externalMib')}, buffers ` +
            `${grown('arrayBuffersMib')}), rss +${grown('rssMib')} of ${now.rssMib.toFixed(0)} MiB; ${now.connections} connections, ` +
            `${now.streams} streams; CPU ${Math.round((now.cpuMs - last.cpuMs) / EVERY_S / 10)} %`,
        )
      }
      last = now
      lastRss = now.rssMib
      if (HEAP !== undefined && (second === EVERY_S || second + EVERY_S > SECONDS)) {
        await source.call({ do: 'heap', file: join(HEAP, `flood-${second}.heapsnapshot`) })
      }
    }
    const startedAt = performance.now()
    await newcomer.watch(url, source.multiaddrs)
    await newcomer.until('picture')
    const joinMs = performance.now() - startedAt
    const until = wallClock()

    const during = viewers.map((viewer) => seen(viewer, from, until))
    const due = during.reduce((sum, one) => sum + one.due, 0)
    const missing = during.reduce((sum, one) => sum + one.missing, 0)
    const longest = Math.max(...during.map(({ gapMs }) => gapMs))
    const done = await flooder.call<{ streams: number; bytes: number; connected: number }>({ do: 'stats' })
    console.log(
      `${PEERS} flooders, ${SECONDS} s: ${JSON.stringify(done)}; at most ${connections} connections, grew ${Math.round(peak - before.mib)} MiB ` +
        `(process ${Math.round(lastRss - before.rssMib)}); CPU ${Math.round((last.cpuMs - quietCpuMs) / SECONDS / 10)} % of a core; ` +
        `viewers: ${missing} of ${due} pictures missing, longest gap ${Math.round(longest)} ms; newcomer's first picture after ${Math.round(joinMs)} ms; ` +
        `delay p50/p95/max ms before: ${delays(viewers, quietFrom, from)}, during: ${delays(viewers, from, until)}`,
    )
    expect(done.connected, flooder.of('log')[0]?.line).toBeGreaterThan(PEERS / 2)
    expect(done.streams).toBeGreaterThan(PEERS)
    expect(peak - before.mib).toBeLessThan(MOST_GROWTH_MIB)
    expect(connections).toBeLessThan(PEERS * 3 + 10)
    expect(missing).toBe(0)
    expect(longest).toBeLessThan(1_500)
  },
  (120 + 2 * SECONDS) * 1_000,
)
