/**
 * A node in a process of its own, driven over IPC by peer-fleet.ts: the real PeerNode, with made-up segments. Bundled
 * by the fleet, since Node 20 runs no TypeScript.
 */
import '../../src/main/platform/runtime-floor'
import { randomBytes } from 'node:crypto'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Broadcast } from '../../src/main/peer/broadcast'
import type { LiveView } from '../../src/main/peer/live-view'
import { LinkShaper } from '../../src/main/peer/mesh/link-shaper'
import { FPS, INIT, SyntheticShow, wallClock } from '../../src/main/peer/mesh/testing/synthetic-show'
import { PeerNode } from '../../src/main/peer/peer-node'
import { planFor } from '../../src/shared/mesh/mesh-plan'
import { lockProfile } from '../../src/main/platform/profile-lock'
import { loadDeviceKey } from '../../src/main/wallet/device-key'
import type { MemoryFigures, PeerCommand, PeerEvent } from './peer-fleet'

let node: PeerNode | null = null
let broadcast: Broadcast | null = null
let view: LiveView | null = null
let show: SyntheticShow | null = null
const line = new LinkShaper({})
let publishing: NodeJS.Timeout | undefined

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const tell = (event: PeerEvent): void => void process.send?.(event)

async function run(command: PeerCommand): Promise<unknown> {
  switch (command.do) {
    case 'start': {
      await lockProfile(command.dataDir)
      const { peerKey } = await loadDeviceKey(command.dataDir)
      node = await PeerNode.start({
        dataDir: command.dataDir,
        privateKey: peerKey,
        profile: 'test',
        beaconDir: command.beaconDir ?? null,
        line,
        log: (line) => tell({ event: 'log', line }),
        ...(command.listen === undefined ? {} : { listen: command.listen }),
      })
      node.on('lives-changed', (lives) => tell({ event: 'lives', urls: lives.map(({ url }) => url) }))
      return { peerId: node.peerId, multiaddrs: node.multiaddrs }
    }
    case 'broadcast': {
      const { maxViewers, segmentBytes, segmentMs } = command
      broadcast = await node!.startBroadcast(
        { title: 'A show', category: 'Talk' },
        { width: 1280, height: 720, fps: 30, mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"' },
        maxViewers === undefined ? {} : { maxViewers },
      )
      broadcast.on('viewers', (count) => tell({ event: 'viewers', count }))
      broadcast.on('refused', (refusal) => tell({ event: 'refused', ...refusal }))
      broadcast.setInit(randomBytes(1300))
      const publish = (): void => {
        void broadcast!
          .publish(randomBytes(segmentBytes), { durationMs: segmentMs })
          .then(({ seq, cid }) => tell({ event: 'published', seq, cid }))
          .catch(() => undefined)
      }
      publish()
      publishing = setInterval(publish, segmentMs)
      return { url: broadcast.url }
    }
    case 'show': {
      const { kbps, relay } = command
      const format = { width: 640, height: 360, fps: FPS, mimeType: 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"' }
      const onAir = await node!.startBroadcast({ title: 'A show', category: 'Talk' }, format, { mesh: planFor(kbps) })
      broadcast = onAir
      onAir.setInit(INIT)
      if (relay !== null) onAir.setRelays([{ target: relay, watch: [relay.url] }])
      show = new SyntheticShow(kbps, {
        config: (config) => onAir.config(config),
        unit: (unit) => onAir.unit(unit),
        segment: (bytes, borders, durationMs) => void onAir.publish(bytes, { durationMs, borders }),
      })
      return { url: onAir.url }
    }
    case 'line':
      line.cut = command.cut
      return {}
    case 'cut': // every connection, as when a network goes away for a moment
      await Promise.all(node!.helia.libp2p.getConnections().map((connection) => connection.close()))
      return {}
    case 'end':
      clearInterval(publishing)
      show?.stop()
      await broadcast?.stop()
      return {}
    case 'served':
      return { bytes: broadcast?.bytesServed ?? view?.stats().bytesServed ?? 0 }
    case 'watch': {
      const { url, peers, relays = [], startBehind } = command
      view = await node!.watch(url, { peers, relays, ...(startBehind === undefined ? {} : { startBehind }) })
      view.on('playing', ({ startupMs }) => tell({ event: 'playing', startupMs }))
      view.on('segment', ({ seq, cid, from, latencyMs }) => tell({ event: 'segment', seq, cid, from, latencyMs }))
      view.on('refused', (refusal) => tell({ event: 'refused', ...refusal }))
      view.on('ended', ({ reason }) => tell({ event: 'ended', reason }))
      view.on('relay', ({ on }) => tell({ event: 'relay', on, at: wallClock() }))
      view.on('feed', (message) => {
        if (message.t !== 'unit' || message.unit.track !== 'picture') return
        const at = wallClock()
        tell({ event: 'picture', slot: message.unit.slot, at, afterMs: at - message.unit.capturedAt })
      })
      return { title: view.manifest.title }
    }
    case 'memory': {
      const rssMib = process.memoryUsage.rss() / 2 ** 20 // before the collection: what a person sees
      if (command.collect !== false) {
        collectGarbage()
        await new Promise((resolve) => setTimeout(resolve, 30)) // buffers are swept beside the program
        collectGarbage()
      }
      const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
      const { user, system } = process.cpuUsage()
      const open = node!.helia.libp2p.getConnections()
      return {
        ...{
          mib: (heapUsed + external) / 2 ** 20,
          rssMib,
          heapMib: heapUsed / 2 ** 20,
          heapTotalMib: heapTotal / 2 ** 20,
        },
        ...{ externalMib: external / 2 ** 20, arrayBuffersMib: arrayBuffers / 2 ** 20, cpuMs: (user + system) / 1000 },
        ...{ connections: open.length, streams: open.reduce((sum, { streams }) => sum + streams.length, 0) },
      } satisfies MemoryFigures
    }
    case 'heap':
      writeHeapSnapshot(command.file)
      return {}
    case 'stats':
      return view!.stats()
    case 'stop':
      clearInterval(publishing)
      show?.stop()
      await node?.stop()
      setImmediate(() => process.disconnect())
      return {}
  }
}

process.on('message', ({ id, command }: { id: number; command: PeerCommand }) => {
  run(command).then(
    (value) => tell({ event: 'answer', id, value }),
    (error: unknown) => {
      const { code, message } = error as { code?: string; message: string }
      tell({ event: 'answer', id, error: { code: code ?? 'unexpected', message } })
    },
  )
})
process.on('disconnect', () => process.exit(0)) // the test is gone
tell({ event: 'up' })
