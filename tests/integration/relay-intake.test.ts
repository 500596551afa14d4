import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import type { RelayFigures } from '@shared/engines/relay-service'
import { FlvPackets } from '../../src/main/media/encode/flv-packets'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { RelayEngine } from '../../src/main/relay/relay-engine'
import { probe, until } from './relay-harness'

const folder = mkdtempSync(join(tmpdir(), 'we-intake-'))
const figures: RelayFigures[] = []
const problems: string[] = []
const engine = new RelayEngine(
  { figures: (one) => figures.push(one), problem: ({ code }) => problems.push(code) },
  () => ({ log: () => undefined }),
)

afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Units of a real encoder, one call a picture, as the media engine's lines read them. */
function encode(
  kind: 'picture' | 'sound',
  onConfig: (bytes: Uint8Array) => void,
  onPacket: FlvHandlersPacket,
): () => void {
  const source = kind === 'picture' ? 'testsrc2=s=320x180:r=30' : 'sine=r=48000'
  const codec =
    kind === 'picture'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-pix_fmt', 'yuv420p']
      : ['-c:a', 'aac', '-ac', '2']
  const args = [
    '-v',
    'error',
    '-re',
    '-f',
    'lavfi',
    '-i',
    source,
    ...codec,
    '-flush_packets',
    '1',
    '-f',
    'flv',
    'pipe:1',
  ]
  const child = spawn(ffmpegPath(), args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const packets = new FlvPackets({ onConfig, onPacket })
  child.stdout.on('data', (chunk: Buffer) => packets.push(chunk))
  return () => child.kill('SIGKILL')
}
type FlvHandlersPacket = (bytes: Uint8Array, key: boolean) => void

describe('a broadcaster of our own', () => {
  it('reaches players through the relay without RTMP, and its end is told at once', async () => {
    const start = {
      rtmpPort: 0,
      httpPort: 0,
      dataDir: folder,
      recordDir: null,
      ladderFfmpeg: null,
      roomKbps: null,
      origins: [],
    }
    const { httpPort, rtmpPort } = await engine.start({ host: '127.0.0.1', ...start })
    const take = engine.unitSink('own', 'My own show')
    const config: { avcC: Uint8Array | null; asc: Uint8Array | null } = { avcC: null, asc: null }
    const told = (): void => {
      const { avcC, asc } = config
      if (avcC && asc) take({ t: 'config', config: { id: 1, width: 320, height: 180, fps: 30, avcC, asc } })
    }
    let [slot, frame] = [0, 0]
    const stops = [
      encode(
        'picture',
        (bytes) => {
          config.avcC = bytes
          told()
        },
        (data, key) =>
          take({ t: 'unit', unit: { track: 'picture', configId: 1, slot: slot++, key, data, capturedAt: Date.now() } }),
      ),
      encode(
        'sound',
        (bytes) => {
          config.asc = bytes
          told()
        },
        (data) => take({ t: 'unit', unit: { track: 'sound', configId: 1, frame: frame++, data } }),
      ),
    ]
    const base = `http://127.0.0.1:${httpPort}`
    await until('the live', async () => (await fetch(`${base}/live/own/live.m3u8`)).ok || null)
    for (const url of [
      `${base}/live/own.flv`,
      `${base}/live/own/index.m3u8`,
      `rtmp://127.0.0.1:${rtmpPort}/live/own`,
    ]) {
      const { streams, packets } = await probe(url, 2)
      expect(streams.map(({ codec_name }) => codec_name).sort(), url).toEqual(['aac', 'h264'])
      expect(packets.filter(({ codec_type }) => codec_type === 'video').length, url).toBeGreaterThan(20)
    }
    const lives = (await (await fetch(`${base}/api/lives.json`)).json()) as { title: string }[]
    expect(lives).toMatchObject([{ title: 'My own show' }])
    await until('figures', () =>
      figures.find(({ bytesOut }) => bytesOut.flv > 0 && bytesOut.hls > 0 && bytesOut.rtmp > 0),
    )
    const reading = await fetch(`${base}/live/own.flv`)
    take({ t: 'end' })
    await reading.arrayBuffer() // ends
    expect((await fetch(`${base}/live/own.flv`)).status).toBe(404)
    stops.forEach((stop) => stop())
    expect(problems).toEqual([])
  })
})
