import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import type { MediaStats } from '@shared/media/media-stats'
import { MediaEngine } from '../../src/main/media/media-engine'
import { Clips, complaints, eventually, shownAt } from '../../src/main/media/testing/clips'
import { FakeParts } from '../../src/main/media/testing/fake-parts'
import type { Broadcast } from '../../src/main/peer/broadcast'
import { BroadcastFeed } from '../../src/main/peer/broadcast-feed'
import { hlsPlaylist } from '../../src/main/peer/hls-playlist'
import type { LiveView, SegmentEvent } from '../../src/main/peer/live-view'
import { PeerNode, type WatchOptions } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'
import { ThrottledLine } from './throttled-line'

const clips = new Clips()
const folder = mkdtempSync(join(tmpdir(), 'we-quality-'))
afterAll(() => {
  clips.remove()
  rmSync(folder, { recursive: true, force: true })
})

const format = { width: 854, height: 480, fps: 30 }
let nodes: PeerNode[] = []
let engine: MediaEngine
let feed: BroadcastFeed
let broadcaster: PeerNode
let stats: MediaStats | null = null

async function openNode(): Promise<PeerNode> {
  const dataDir = join(folder, String(Math.random()))
  const { peerKey } = await loadDeviceKey(dataDir)
  const node = await PeerNode.start({ dataDir, privateKey: peerKey, profile: 'lan', listen: ['/ip4/127.0.0.1/tcp/0'] })
  nodes.push(node)
  return node
}

/** A real live with noise in the picture, so that the source needs its bitrate. */
async function goLive(): Promise<Broadcast> {
  const noise = clips.make(
    ...['-f', 'lavfi', '-i', 'testsrc=s=854x480:r=30:d=4,noise=alls=60:allf=t', '-f', 'lavfi', '-i', 'sine=d=4'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-crf', '14', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'],
    'noise.mkv',
  )
  await engine.openSource({ kind: 'file', path: noise, loop: true })
  await engine.startEncoding({
    onInit: (init) => feed.take({ t: 'init', init }),
    onSegment: (segment) => feed.take({ t: 'segment', segment }),
  })
  const broadcast = await feed.started
  expect(await eventually(() => stats?.renditions === '854x480 and 640x360')).toBe(true)
  return broadcast
}

interface Seen {
  view: LiveView
  segments: SegmentEvent[]
  /** Segments of one rendition as a file. */
  save: (rendition: string) => Promise<string>
}

async function watch(url: string, options: WatchOptions): Promise<Seen> {
  const view = await (await openNode()).watch(url, options)
  const segments: SegmentEvent[] = []
  const bytes = new Map<number, Promise<Uint8Array | null>>()
  const inits = new Map<string, Uint8Array>()
  view.on('segment', (segment) => {
    segments.push(segment)
    bytes.set(segment.seq, view.segment(segment.seq, segment.rendition))
    inits.set(segment.rendition, view.init(segment.initCid)!)
  })
  const save = async (rendition: string): Promise<string> => {
    const path = clips.path(`${rendition}-${Math.random()}.mp4`)
    const parts = segments.filter((segment) => segment.rendition === rendition).map(({ seq }) => bytes.get(seq)!)
    writeFileSync(path, Buffer.concat([inits.get(rendition)!, ...(await Promise.all(parts)).map((part) => part!)]))
    return path
  }
  return { view, segments, save }
}

/** Nothing is missing and nothing comes twice. */
function expectNoGap({ view, segments }: Seen): void {
  expect(segments.map(({ seq }) => seq)).toEqual(segments.map((_, i) => segments[0]!.seq + i))
  expect(view.stats().missed).toBe(0)
  expect(view.stats().refused).toBe(0)
}

beforeEach(async () => {
  nodes = []
  stats = null
  engine = new MediaEngine({
    ...{ ffmpegPath: clips.ffmpeg, modelsDir: '', log: () => undefined, format },
    ...{ parts: new FakeParts(clips.ffmpeg, false), small: { calmMs: 0, free: () => 100 } },
  })
  engine.on('stats', (one) => (stats = one))
  broadcaster = await openNode()
  feed = new BroadcastFeed(
    broadcaster,
    { title: 'Two sizes', category: 'Talk' },
    { published: () => undefined, failed: (error) => expect.fail(error.message) },
  )
})
afterEach(async () => {
  await engine.close()
  await feed.close()
  await Promise.all(nodes.map((node) => node.stop()))
})

it('a viewer goes to the small picture and back in mid-show, and no picture is missing', async () => {
  const broadcast = await goLive()
  expect(broadcast.manifest.renditions.map(({ id, height }) => [id, height])).toEqual([
    ['source', 480],
    ['small', 360],
  ])
  const seen = await watch(broadcast.url, { peers: broadcaster.multiaddrs })
  const { view, segments, save } = seen
  const has = (rendition: string, count: number) => (): boolean =>
    segments.filter((segment) => segment.rendition === rendition).length >= count
  expect(await eventually(has('source', 4))).toBe(true)
  expect(view.stats().renditions).toEqual([
    { id: 'source', width: 854, height: 480 },
    { id: 'small', width: 640, height: 360 },
  ])
  view.setQuality('small')
  expect(await eventually(has('small', 6))).toBe(true)
  expect(view.stats().rendition).toBe('small')
  view.setQuality('source')
  const before = segments.filter(({ rendition }) => rendition === 'source').length
  expect(await eventually(has('source', before + 4))).toBe(true)
  const playlist = hlsPlaylist(view)!
  await engine.stopEncoding()

  expectNoGap(seen)
  const order = segments.map(({ rendition }) => rendition)
  expect(order.filter((id, i) => i > 0 && id !== order[i - 1])).toEqual(['small', 'source'])
  expect(playlist.match(/#EXT-X-DISCONTINUITY$/gm)).toHaveLength(2)
  expect(playlist).toContain('seg-small-')

  const sent = (rendition: string): SegmentEvent[] => segments.filter((segment) => segment.rendition === rendition)
  const rate = (some: SegmentEvent[]): number =>
    some.reduce((sum, { bytes }) => sum + bytes * 8, 0) / some.reduce((sum, { durationMs }) => sum + durationMs, 0)
  console.log(`source ${Math.round(rate(sent('source')))}, small ${Math.round(rate(sent('small')))} kbit/s`)
  expect(rate(sent('small'))).toBeLessThan(0.4 * rate(sent('source')))
  for (const rendition of ['source', 'small']) {
    const file = await save(rendition)
    expect(complaints(file)).toBe('')
    const slots = sent(rendition).reduce((sum, { durationMs }) => sum + (durationMs * 30) / 1000, 0)
    // Slots lost on a busy computer are longer pictures, not missing ones.
    expect(shownAt(file).length).toBeGreaterThan(0.9 * slots)
  }
})

it('a viewer with another choice than all around it is served what they have', async () => {
  const { url } = await goLive()
  const first = await watch(url, { peers: broadcaster.multiaddrs, quality: 'small' })
  expect(await eventually(() => first.segments.filter(({ rendition }) => rendition === 'small').length >= 3)).toBe(true)
  // Only the first viewer is known to the second: it holds nothing but the small picture.
  const peers = nodes.at(-1)!.multiaddrs
  const [source, small] = [await watch(url, { peers }), await watch(url, { peers, quality: 'small' })]
  expect(await eventually(() => small.segments.length >= 5 && source.segments.length >= 5)).toBe(true)
  expectNoGap(first)
  expectNoGap(source)
  expectNoGap(small)
  expect(small.segments.every(({ rendition }) => rendition === 'small')).toBe(true)
  expect(first.view.stats().bytesServed).toBeGreaterThan(0)
})

it('under "auto" a line that no longer carries the source gets the small picture, and nothing is missed', async () => {
  const { url } = await goLive()
  const line = await ThrottledLine.open(Number(/tcp\/(\d+)/.exec(broadcaster.multiaddrs[0]!)![1]))
  try {
    const peers = [`/ip4/127.0.0.1/tcp/${line.port}/p2p/${broadcaster.peerId}`]
    const seen = await watch(url, { peers, quality: 'auto' })
    const { view, segments } = seen
    expect(await eventually(() => segments.length >= 8)).toBe(true)
    expect(segments.at(-1)!.rendition).toBe('source')
    line.kbps = 1800
    const fell = performance.now()
    expect(await eventually(() => segments.at(-1)!.rendition === 'small')).toBe(true)
    console.log(`small ${Math.round(performance.now() - fell)} ms after the line fell to 1.8 Mbit/s`)
    const at = segments.length
    expect(await eventually(() => segments.length >= at + 8)).toBe(true)
    expect(segments.slice(-4).every(({ latencyMs }) => latencyMs < 1500)).toBe(true)
    expectNoGap(seen)
    line.kbps = Infinity
    expect(await eventually(() => segments.at(-1)!.rendition === 'source', 60_000)).toBe(true)
    expectNoGap(seen)
    await view.close()
  } finally {
    line.close()
  }
})
