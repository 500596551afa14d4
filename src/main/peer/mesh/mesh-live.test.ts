import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, expect, test } from 'vitest'
import { ENOUGH_IDLE, measureIdle } from '../../../../tests/integration/idle-share'
import { planFor } from '@shared/mesh/mesh-plan'
import { INIT, SyntheticShow } from './testing/synthetic-show'
import type { Broadcast } from '../broadcast'
import type { LiveView } from '../live-view'
import { PeerNode } from '../peer-node'

const PLAN = planFor(1_296)
const running: { node: PeerNode; dir: string }[] = []
let show: SyntheticShow | null = null

afterEach(async () => {
  show?.stop()
  const nodes = running.splice(0)
  await Promise.all(nodes.map(({ node }) => node.stop()))
  await Promise.all(nodes.map(({ dir }) => rm(dir, { recursive: true, force: true })))
})

async function open(listen?: string[]): Promise<PeerNode> {
  const dir = await mkdtemp(join(tmpdir(), 'we-mesh-test-'))
  const privateKey = await generateKeyPair('Ed25519')
  const node = await PeerNode.start({ dataDir: dir, privateKey, profile: 'test', ...(listen ? { listen } : {}) })
  running.push({ node, dir })
  return node
}

async function onAir(listen?: string[]): Promise<{ node: PeerNode; broadcast: Broadcast }> {
  const node = await open(listen)
  const broadcast = await node.startBroadcast(
    { title: 'A show', category: 'Talk' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"' },
    { mesh: PLAN },
  )
  broadcast.setInit(INIT)
  show = new SyntheticShow(1_200, {
    config: (config) => broadcast.config(config),
    unit: (unit) => broadcast.unit(unit),
    segment: (bytes, borders, durationMs) => void broadcast.publish(bytes, { durationMs, borders }),
  })
  return { node, broadcast }
}

interface Watched {
  view: LiveView
  slots: number[]
  delays: number[]
  gaps: number
  firstMs: number | null
}

async function watch(node: PeerNode, url: string, peers: string[]): Promise<Watched> {
  const began = performance.now()
  const view = await node.watch(url, { peers })
  const watched: Watched = { view, slots: [], delays: [], gaps: 0, firstMs: null }
  const take = (message: ReturnType<LiveView['recentUnits']>[number]): void => {
    if (message.t === 'gap') watched.gaps++
    if (message.t !== 'unit' || message.unit.track !== 'picture') return
    watched.firstMs ??= performance.now() - began
    watched.slots.push(message.unit.slot)
    watched.delays.push(performance.timeOrigin + performance.now() - message.unit.capturedAt)
  }
  for (const message of view.recentUnits()) take(message)
  view.on('feed', take)
  return watched
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('three viewers get every picture from each other, soon after it was captured, and make the segments themselves', async () => {
  const { node, broadcast } = await onAir()
  const viewers: Watched[] = []
  for (let index = 0; index < 3; index++) {
    viewers.push(await watch(await open(), broadcast.url, node.multiaddrs))
    await wait(300)
  }
  for (let waited = 0; viewers.some(({ slots }) => slots.length === 0) && waited < 30_000; waited += 100)
    await wait(100)
  await wait(2_000)
  const idle = measureIdle()
  const [sentBefore, producedBefore] = [broadcast.bytesServed, show!.bytes]
  const before = viewers.map(({ view }) => view.stats())
  for (const viewer of viewers) viewer.delays.length = 0
  await wait(3_000)
  const isIdle = idle() >= ENOUGH_IDLE
  const made = (index: number): number => viewers[index]!.view.stats().segments - before[index]!.segments
  for (let waited = 0; viewers.some((_, index) => made(index) < 3) && waited < 30_000; waited += 100) await wait(100)
  const origin = (broadcast.bytesServed - sentBefore) / (show!.bytes - producedBefore)
  const rows = viewers.map(({ view, slots, delays, gaps, firstMs }, index) => {
    const sorted = [...delays].sort((a, b) => a - b)
    const stats = view.stats()
    return {
      first: firstMs?.toFixed(0),
      pictures: slots.length,
      p50: sorted[Math.floor(sorted.length / 2)]?.toFixed(1),
      p95: sorted[Math.floor(sorted.length * 0.95)]?.toFixed(1),
      gaps,
      segments: stats.segments - before[index]!.segments,
      missed: stats.missed,
    }
  })
  console.log(rows, `origin ${origin.toFixed(2)} streams`)
  for (const { slots } of viewers) {
    expect(slots.slice(-60)).toEqual(Array.from({ length: 60 }, (_, index) => slots.at(-60)! + index))
  }
  for (const { segments, p95 } of rows) {
    expect(segments).toBeGreaterThanOrEqual(isIdle ? 5 : 3)
    if (isIdle) expect(Number(p95)).toBeLessThan(120)
  }
  if (!isIdle) console.warn('NOT CHECKED: the machine was too busy for the limit of 120 ms (p95)')
  expect(origin).toBeLessThan(1.25)
})

test('stripes travel over WebRTC data channels too: a viewer of a viewer gets every picture', async () => {
  const listen = ['/ip4/127.0.0.1/udp/0/webrtc-direct']
  const { node, broadcast } = await onAir(listen)
  const viewers: Watched[] = []
  for (let index = 0; index < 2; index++) {
    viewers.push(await watch(await open(listen), broadcast.url, node.multiaddrs))
    for (let waited = 0; viewers[index]!.slots.length === 0 && waited < 30_000; waited += 50) await wait(50)
  }
  await wait(1_500)
  for (const { slots, gaps } of viewers) {
    expect(gaps).toBe(0)
    expect(slots.length).toBeGreaterThan(30)
    expect(slots.slice(-30)).toEqual(Array.from({ length: 30 }, (_, index) => slots.at(-30)! + index))
  }
  const carried = viewers.map(({ view }) => view.stats().bytesFromViewers)
  expect(Math.max(...carried)).toBeGreaterThan(100_000)
  for (const { node: member } of running)
    expect(member.multiaddrs.every((at) => at.includes('webrtc-direct'))).toBe(true)
})
