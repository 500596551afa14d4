import { Session } from 'node:inspector/promises'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { MeshPlan } from '@shared/mesh/mesh-plan'
import { decodeControl } from '@shared/mesh/mesh-wire'
import type { Broadcast } from '../../src/main/peer/broadcast'
import type { LiveView } from '../../src/main/peer/live-view'
import { LinkShaper, type LineShape } from '../../src/main/peer/mesh/link-shaper'
import { PeerNode } from '../../src/main/peer/peer-node'
import { shownPictures, type Arrival } from './shown-pictures'
import { isTraced, trace, traceLine, writeTrace } from './trace'
import { FPS, INIT, isGenuine, SyntheticShow, wallClock } from '../../src/main/peer/mesh/testing/synthetic-show'

/** What a worker process is told; `node` counts within the process. */
export type WorkerCommand =
  | { do: 'broadcast'; kbps: number; plan: MeshPlan; line: LineShape | null; uplinkKbps: number | null }
  | { do: 'open'; node: number; line: LineShape | null }
  | { do: 'watch'; node: number; url: string; peers: string[]; uplinkKbps: number | null; liar: boolean }
  | { do: 'window' | 'figures' | 'stop' }
  | { do: 'leave'; node: number }

/** What came to one viewer since `window`. */
export interface ViewerFigures {
  delays: number[]
  startupMs: number | null
  /** Share of the window in which no picture came for more than 190 ms. */
  stalled: number
  /** Of the pictures that the app's player would have shown: share of the window that stood still, and delays from capture to screen. */
  shownStalled: number
  shownDelays: number[]
  gaps: number
  pictures: number
  bytes: number
  bytesFromViewers: number
  bytesDuplicate: number
  bytesServed: number
  /** Bytes of segments that were fetched though the mesh carries them. */
  fetched: number
  refused: number
  segmentsMade: number
  missed: number
  forgedShown: number
  children: number
  slots: number
}

export interface SourceFigures {
  sent: number
  /** Of it by the mesh; the rest are segments that were fetched. */
  meshSent: number
  produced: number
  lineSent: number
  dropped: number
  children: number
  cpuMs: number
}

const STALL_MS = 190

interface Viewer {
  node: PeerNode
  dir: string
  view: LiveView | null
  delays: number[]
  startedAt: number
  startupMs: number | null
  lastAt: number
  stalledMs: number
  arrivals: Arrival[]
  windowAt: number
  gaps: number
  /** Pictures shown that are not as the broadcaster made them. */
  forged: number
  base: {
    bytes: number
    bytesFromViewers: number
    bytesDuplicate: number
    bytesServed: number
    segments: number
    missed: number
  }
}

const viewers: Viewer[] = []
let source: {
  node: PeerNode
  dir: string
  show: SyntheticShow
  broadcast: Broadcast
  shaper: LinkShaper | null
} | null = null
let base = { sent: 0, meshSent: 0, produced: 0, lineSent: 0, cpu: process.cpuUsage() }

async function openNode(line: LineShape | null): Promise<{ node: PeerNode; dir: string; shaper: LinkShaper | null }> {
  const dir = await mkdtemp(join(tmpdir(), 'we-bench-mesh-'))
  const shaper = line === null ? null : new LinkShaper(line)
  const node = await PeerNode.start({
    dataDir: dir,
    privateKey: await generateKeyPair('Ed25519'),
    profile: 'test',
    ...(shaper === null ? {} : { line: shaper }),
    ...(process.env['WE_BENCH_LOG'] === undefined ? {} : { log: (text) => console.error(text) }),
    ...(isTraced ? { log: (text: string) => trace('log', { text }) } : {}),
  })
  return { node, dir, shaper }
}

async function broadcast(command: WorkerCommand & { do: 'broadcast' }): Promise<{ url: string; peers: string[] }> {
  const opened = await openNode(command.line)
  const live = await opened.node.startBroadcast(
    { title: 'A show', category: 'Talk' },
    { width: 640, height: 360, fps: FPS, mimeType: 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"' },
    { mesh: command.plan, ...(command.uplinkKbps === null ? {} : { uplinkKbps: command.uplinkKbps }) },
  )
  live.setInit(INIT)
  const show = new SyntheticShow(command.kbps, {
    config: (config) => live.config(config),
    unit: (unit) => live.unit(unit),
    segment: (bytes, borders, durationMs) => void live.publish(bytes, { durationMs, borders }).catch(() => undefined),
  })
  source = { ...opened, show, broadcast: live }
  traceLine(() => ({ line: opened.shaper?.waiting ?? 0, dropped: live.meshFigures?.piecesDropped ?? 0 }))
  return { url: live.url, peers: opened.node.multiaddrs }
}

async function watch(command: WorkerCommand & { do: 'watch' }): Promise<void> {
  const viewer = viewers[command.node]!
  viewer.startedAt = performance.now()
  const name = viewer.node.peerId.slice(-6)
  trace('watch', { name })
  if (isTraced) traceConnections(viewer.node, name)
  const view = await viewer.node.watch(command.url, {
    peers: command.peers,
    ...(command.uplinkKbps === null ? {} : { uplinkKbps: command.uplinkKbps }),
  })
  viewer.view = view
  trace('manifest', { name })
  if (isTraced) traceMesh(view, name)
  const take = (message: ReturnType<LiveView['recentUnits']>[number], live: boolean): void => {
    if (message.t === 'gap' && message.track === 'picture') viewer.gaps++
    if (message.t !== 'unit' || message.unit.track !== 'picture') return
    if (!isGenuine(message.unit.data)) viewer.forged++
    const now = performance.now()
    const { slot, key, capturedAt } = message.unit
    viewer.arrivals.push({ at: now, mediaMs: (slot * 1000) / FPS, key, delayMs: wallClock() - capturedAt })
    viewer.startupMs ??= now - viewer.startedAt
    trace('picture', { name, slot: message.unit.slot, of: message.unit.capturedAt, key: message.unit.key, live })
    if (viewer.lastAt > 0 && now - viewer.lastAt > STALL_MS)
      viewer.stalledMs += now - Math.max(viewer.lastAt, viewer.windowAt)
    viewer.lastAt = now
    if (live) viewer.delays.push(wallClock() - message.unit.capturedAt)
  }
  for (const message of view.recentUnits()) take(message, false)
  view.on('feed', (message) => take(message, true))
  if (command.liar) corrupt(view)
}

function traceConnections({ helia: { libp2p } }: PeerNode, name: string): void {
  for (const type of ['connection:open', 'peer:connect', 'peer:identify'] as const) {
    libp2p.addEventListener(type, ({ detail }) => {
      const peer = 'remotePeer' in detail ? detail.remotePeer : 'peerId' in detail ? detail.peerId : detail
      trace(type, { name, peer: String(peer).slice(-6) })
    })
  }
}

function traceMesh({ meshMember: member }: LiveView, name: string): void {
  if (member === null) return
  const onControl = member.onControl.bind(member)
  const linkUp = member.linkUp.bind(member)
  member.onControl = (peer, body) => {
    const frame = decodeControl(body)
    if (frame?.type === 'message') trace('control', { name, peer: peer.slice(-6), message: frame.message })
    onControl(peer, body)
  }
  member.linkUp = (peer) => {
    trace('linkUp', { name, peer: peer.slice(-6) })
    linkUp(peer)
  }
  const { links } = member.plane
  const accept = links.accept.bind(links)
  links.accept = (stream, peer, ...rest) => {
    trace('stripe', { name, peer: peer.slice(-6) })
    accept(stream, peer, ...rest)
  }
}

/** A liar: passes on pieces with a flipped byte. */
function corrupt(view: LiveView): void {
  const links = view.meshMember?.plane.links
  if (links === undefined) return
  const honest = links.writer.bind(links)
  const forged = (frame: Uint8Array): Uint8Array => {
    const copy = frame.slice()
    copy[copy.length - 1]! ^= 1
    return copy
  }
  links.writer = (peerId, stripe) => {
    const writer = honest(peerId, stripe)
    if (Object.hasOwn(writer, 'sendLive')) return writer
    const sendLive = writer.sendLive.bind(writer)
    const sendAsked = writer.sendAsked.bind(writer)
    writer.sendLive = (frame, ...rest) => sendLive(forged(frame), ...rest)
    writer.sendAsked = (frame) => sendAsked(forged(frame))
    return writer
  }
}

/** `WE_BENCH_PROFILES`: a folder to which each process writes what its CPU time of the window went into. */
let profiler: Session | null = null

async function startProfile(): Promise<void> {
  if (process.env['WE_BENCH_PROFILES'] === undefined) return
  profiler = new Session()
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.start')
}

async function endProfile(): Promise<void> {
  if (profiler === null) return
  const { profile } = await profiler.post('Profiler.stop')
  profiler = null
  const role = source === null ? 'viewers' : 'source'
  await writeFile(join(process.env['WE_BENCH_PROFILES']!, `${role}-${process.pid}.cpuprofile`), JSON.stringify(profile))
}

function startWindow(): void {
  for (const viewer of viewers) {
    viewer.delays = []
    viewer.stalledMs = 0
    viewer.gaps = 0
    viewer.windowAt = performance.now()
    if (viewer.view) viewer.base = viewer.view.stats()
  }
  base = {
    sent: source?.broadcast.bytesServed ?? 0,
    meshSent: source?.broadcast.meshFigures?.bytesSent ?? 0,
    produced: source?.show.bytes ?? 0,
    lineSent: source?.shaper?.sent ?? 0,
    cpu: process.cpuUsage(),
  }
}

function figures(): { source: SourceFigures | null; viewers: ViewerFigures[]; cpuMs: number } {
  const now = performance.now()
  const cpu = process.cpuUsage(base.cpu)
  const cpuMs = (cpu.user + cpu.system) / 1000
  return {
    cpuMs,
    source:
      source === null
        ? null
        : {
            sent: source.broadcast.bytesServed - base.sent,
            meshSent: (source.broadcast.meshFigures?.bytesSent ?? 0) - base.meshSent,
            produced: source.show.bytes - base.produced,
            lineSent: (source.shaper?.sent ?? 0) - base.lineSent,
            dropped: source.broadcast.meshFigures?.piecesDropped ?? 0,
            children: source.broadcast.meshFigures?.children ?? 0,
            cpuMs,
          },
    viewers: viewers.flatMap((viewer) => {
      if (!viewer.view) return []
      const stats = viewer.view.stats()
      const still =
        viewer.lastAt > 0 && now - viewer.lastAt > STALL_MS ? now - Math.max(viewer.lastAt, viewer.windowAt) : 0
      const shown = shownPictures(viewer.arrivals, 1000 / FPS, Math.max(viewer.windowAt, viewer.startedAt), now)
      const never = viewer.lastAt === 0 ? now - Math.max(viewer.windowAt, viewer.startedAt) : 0
      return [
        {
          delays: viewer.delays,
          startupMs: viewer.startupMs,
          stalled: (viewer.stalledMs + still + never) / (now - Math.max(viewer.windowAt, viewer.startedAt)),
          shownStalled: shown.stalledMs / (now - Math.max(viewer.windowAt, viewer.startedAt)),
          shownDelays: shown.delays,
          gaps: viewer.gaps,
          pictures: viewer.delays.length,
          bytes: stats.bytes - viewer.base.bytes,
          bytesFromViewers: stats.bytesFromViewers - viewer.base.bytesFromViewers,
          bytesDuplicate: stats.bytesDuplicate - viewer.base.bytesDuplicate,
          bytesServed: stats.bytesServed - viewer.base.bytesServed,
          fetched: fetchedBy(viewer.view),
          refused: stats.refused,
          segmentsMade: stats.segments - viewer.base.segments,
          missed: stats.missed - viewer.base.missed,
          forgedShown: viewer.forged,
          children: viewer.view.meshFigures?.children ?? 0,
          slots: viewer.view.meshFigures?.slots ?? 0,
        },
      ]
    }),
  }
}

function fetchedBy(view: LiveView): number {
  let meshed = 0
  for (const { first, duplicate } of view.meshFigures?.received.values() ?? []) meshed += first + duplicate
  return view.stats().bytes - meshed
}

async function run(command: WorkerCommand): Promise<unknown> {
  switch (command.do) {
    case 'broadcast':
      return broadcast(command)
    case 'open': {
      const { node, dir } = await openNode(command.line)
      const none = { bytes: 0, bytesFromViewers: 0, bytesDuplicate: 0, bytesServed: 0, segments: 0, missed: 0 }
      viewers[command.node] = {
        ...{ node, dir, view: null, delays: [], startedAt: 0, startupMs: null, lastAt: 0, stalledMs: 0, arrivals: [] },
        ...{ windowAt: 0, gaps: 0, forged: 0, base: none },
      }
      return {}
    }
    case 'watch':
      await watch(command)
      return {}
    case 'leave': {
      const viewer = viewers[command.node]!
      viewer.view = null
      await viewer.node.stop()
      await rm(viewer.dir, { recursive: true, force: true })
      return {}
    }
    case 'window':
      startWindow()
      await startProfile()
      return {}
    case 'figures': {
      const taken = figures()
      await endProfile()
      writeTrace(source === null ? 'viewers' : 'source')
      return taken
    }
    case 'stop':
      source?.show.stop()
      await Promise.all(
        [...viewers.map(({ node }) => node), ...(source ? [source.node] : [])].map((node) => node.stop()),
      )
      await Promise.all(
        [...viewers, ...(source ? [source] : [])].map(({ dir }) => rm(dir, { recursive: true, force: true })),
      )
      setImmediate(() => process.disconnect())
      return {}
  }
}

/** Serves the commands of the bench that forked this process. */
export function serveWorker(): void {
  process.on('message', ({ id, command }: { id: number; command: WorkerCommand }) => {
    run(command).then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
