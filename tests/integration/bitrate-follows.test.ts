import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { MediaStats } from '@shared/media/media-stats'
import type { UplinkSample } from '@shared/media/uplink-sample'
import { MediaEngine } from '../../src/main/media/media-engine'
import { Clips, eventually } from '../../src/main/media/testing/clips'
import { FakeParts } from '../../src/main/media/testing/fake-parts'
import { BroadcastFeed } from '../../src/main/peer/broadcast-feed'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'
import { ThrottledLine } from './throttled-line'
import { limitFor, measureIdle } from './idle-share'

const clips = new Clips()
const folder = mkdtempSync(join(tmpdir(), 'we-line-'))
afterAll(() => {
  clips.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function openNode(name: string): Promise<PeerNode> {
  const dataDir = join(folder, name)
  const { peerKey } = await loadDeviceKey(dataDir)
  return PeerNode.start({ dataDir, privateKey: peerKey, profile: 'lan', listen: ['/ip4/127.0.0.1/tcp/0'] })
}

it('a line that falls to 40 % gets a smaller picture in under 4 s, and soon one that fits: real encoder, real viewer', async () => {
  const format = { width: 640, height: 360, fps: 30 }
  const noise = clips.make(
    ...['-f', 'lavfi', '-i', 'testsrc=s=640x360:r=30:d=4,noise=alls=60:allf=t', '-f', 'lavfi', '-i', 'sine=d=4'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'superfast',
      '-crf',
      '12',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'pcm_s16le',
      'noise.mkv',
    ],
  )
  const engine = new MediaEngine({
    ...{ ffmpegPath: clips.ffmpeg, modelsDir: '', log: () => undefined, format },
    parts: new FakeParts(clips.ffmpeg, false),
  })
  const broadcaster = await openNode('broadcaster')
  const viewer = await openNode('viewer')
  const port = Number(/tcp\/(\d+)/.exec(broadcaster.multiaddrs[0]!)![1])
  const line = await ThrottledLine.open(port)
  const published: { at: number; kbps: number }[] = []
  const samples: UplinkSample[] = []
  const stats: MediaStats[] = []
  engine.on('stats', (one) => stats.push(one))
  const feed = new BroadcastFeed(
    broadcaster,
    { title: 'Line', category: 'Talk' },
    {
      published: ({ bytes, durationMs }) => published.push({ at: performance.now(), kbps: (bytes * 8) / durationMs }),
      uplink: (sample) => {
        samples.push(sample)
        engine.setUplink(sample)
      },
      failed: (error) => expect.fail(error.message),
    },
  )
  try {
    await engine.openSource({ kind: 'file', path: noise, loop: true })
    await engine.startEncoding({
      onInit: (init) => feed.take({ t: 'init', init }),
      onSegment: (segment) => feed.take({ t: 'segment', segment }),
    })
    const broadcast = await feed.started
    const view = await viewer.watch(broadcast.url, {
      peers: [`/ip4/127.0.0.1/tcp/${line.port}/p2p/${broadcaster.peerId}`],
    })
    expect(await eventually(() => line.carried > 4_000_000)).toBe(true)
    expect(published.at(-1)!.kbps).toBeGreaterThan(2500)
    expect(stats.at(-1)).toMatchObject({ encoder: 'libx264', targetKbps: 3500, step: '' })

    const capacity = 0.4 * (3500 + 135)
    line.kbps = capacity
    const [fell, idle] = [performance.now(), measureIdle()]
    const fits = (): number | null => {
      const first = published.findLastIndex(({ kbps }) => kbps > capacity) + 1
      return published.length - first >= 3 ? published[first]!.at - fell : null
    }
    expect(await eventually(() => fits() !== null)).toBe(true)
    console.log(
      `fits ${Math.round(fits()!)} ms after the fall: ${published
        .slice(-12)
        .map(({ kbps }) => Math.round(kbps))
        .join(' ')} kbit/s; ` +
        `waiting ${samples
          .slice(-30)
          .map(({ queuedMs }) => Math.round(queuedMs))
          .join(' ')} ms; ` +
        `carried ${samples
          .slice(-30)
          .map(({ carriedKbps }) => carriedKbps)
          .join(' ')}`,
    )
    const lower = published.find(({ at, kbps }) => at > fell && kbps < 0.75 * 3635)!
    const share = idle()
    expect(lower.at - fell).toBeLessThan(limitFor(share, 4000, 12_000))
    expect(fits()!).toBeLessThan(limitFor(share, 6000, 20_000))
    expect(await eventually(() => /\(network\)/.test(stats.at(-1)!.step))).toBe(true)
    await view.close()
  } finally {
    await engine.close()
    await feed.close()
    line.close()
    await Promise.all([viewer.stop(), broadcaster.stop()])
  }
})
