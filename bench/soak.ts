import '../src/main/platform/runtime-floor'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import type { MediaStats } from '@shared/media/media-stats'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import { MediaEngine } from '../src/main/media/media-engine'
import { openNewFile } from '../src/main/media/new-file'
import { Recording } from '../src/main/media/recording'
import { childrenCpuMs, ownCpuMs } from './cpu-time'
import { FLASH, makeFlashClip } from './flash-clip'

/**
 * Ten minutes (`--minutes N`; `--quick` one) of a live at 720p30 with face work, encoding, preview and recording, as it
 * comes from a camera that flashes and beeps every second: late and lost frames, memory of minute 2 beside that of the
 * last one, and how far sound and picture are apart in the recording, minute by minute.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, minutes: { type: 'string' } },
})
const minutes = Number(values.minutes ?? (values.quick === true ? 1 : 10))
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}
const ffmpeg = ffmpegPath()
const modelsDir = join(process.cwd(), 'resources/models')
const folder = mkdtempSync(join(tmpdir(), 'we-soak-'))

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Brightness of the flashing square in each picture of a file. */
function flashes(path: string): Uint8Array {
  const { at, size } = FLASH
  const filter = `crop=${size / 2}:${size / 2}:${at + size / 4}:${at + size / 4},scale=1:1:flags=area,format=gray`
  const args = ['-v', 'error', '-i', path, '-an', '-vsync', '0', '-vf', filter, '-f', 'rawvideo', 'pipe:1']
  return spawnSync(ffmpeg, args, { maxBuffer: 1 << 28 }).stdout
}

/** Loudness of each millisecond of a file's sound, 0 to 1. */
function loudness(path: string): Float32Array {
  const args = ['-v', 'error', '-i', path, '-vn', '-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']
  const pcm = spawnSync(ffmpeg, args, { maxBuffer: 1 << 29 }).stdout
  const peaks = new Float32Array(Math.floor(pcm.length / 96))
  for (let ms = 0; ms < peaks.length; ms++) {
    for (let i = 0; i < 48; i++) peaks[ms] = Math.max(peaks[ms]!, Math.abs(pcm.readInt16LE((ms * 48 + i) * 2)) / 32768)
  }
  return peaks
}

/** Where values rise above `threshold`, in seconds. */
function rises(values: ArrayLike<number>, threshold: number, rate: number): number[] {
  const found: number[] = []
  let quiet = 0
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < threshold) quiet++
    else {
      if (quiet > rate / 4) found.push(i / rate)
      quiet = 0
    }
  }
  return found
}

/** Sound less picture in each minute, milliseconds: the one that is farthest from 0. */
function offsets(path: string): number[] {
  const seen = rises(flashes(path), 128, 30)
  const heard = rises(loudness(path), 0.1, 1000)
  const worst: number[] = []
  for (const flash of seen) {
    const beep = heard.reduce((best, at) => (Math.abs(at - flash) < Math.abs(best - flash) ? at : best), Infinity)
    const minute = Math.floor(flash / 60)
    const off = (beep - flash) * 1000
    if (worst[minute] === undefined || Math.abs(off) > Math.abs(worst[minute])) worst[minute] = round(off)
  }
  return worst
}

try {
  const clip = join(folder, 'camera.mkv')
  await makeFlashClip(clip, ffmpeg, modelsDir)
  const engine = new MediaEngine({ ffmpegPath: ffmpeg, modelsDir, log: (line) => console.error(line) })
  const problems: string[] = []
  engine.on('problem', ({ message }) => problems.push(message))
  engine.setBeauty(DEFAULT_BEAUTY)
  const link = engine.setPreviewSink(() => setImmediate(() => link.acknowledge()))
  await engine.openSource({ kind: 'file', path: clip, loop: true })
  await new Promise((done) => setTimeout(done, 3000))
  const recording = new Recording(await openNewFile({ folder, name: 'soak' }))
  let first: MediaStats | null = null
  let last: MediaStats | null = null
  const memory: number[][] = []
  const begun = performance.now()
  const cpu = [ownCpuMs(), childrenCpuMs()] as const
  await engine.startEncoding({ onInit: () => undefined, onSegment: () => undefined, recording })
  await new Promise<void>((done) => {
    engine.on('stats', (stats) => {
      first ??= stats
      last = stats
      const minute = Math.floor((performance.now() - begun) / 60_000)
      if (minute >= minutes) {
        done()
        return
      }
      if (memory[minute] === undefined && minute > 0) {
        say(`minute ${minute}: late ${stats.lateFrames} dropped ${stats.droppedFrames} reduced ${stats.reducedFrames}`)
      }
      ;(memory[minute] ??= []).push(process.memoryUsage.rss() / 1e6)
    })
  })
  const wall = performance.now() - begun
  const total = ownCpuMs() - cpu[0] + childrenCpuMs() - cpu[1]
  await engine.stopEncoding()
  await engine.close()
  const [from, to] = [first!, last!] as [MediaStats, MediaStats]
  const base = median(memory[Math.min(1, memory.length - 1)] ?? [])
  const end = median(memory.at(-1) ?? [])
  const perMinute = offsets(recording.path)
  const result = {
    bench: 'soak',
    minutes,
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', load: round(loadavg()[0]!), node: process.version },
    frames: to.framesIn - from.framesIn,
    late: to.lateFrames - from.lateFrames,
    dropped: to.droppedFrames - from.droppedFrames,
    reduced: to.reducedFrames - from.reducedFrames,
    totalCpuPercent: round((total * 100) / wall),
    memoryMb: { minute2: round(base), last: round(end), growthPercent: round(((end - base) * 100) / base) },
    /** Of the flash and beep farthest apart in each minute. */
    avOffsetMs: perMinute,
    problems,
  }
  say(`${result.frames} frames: ${result.late} late, ${result.dropped} dropped, ${result.reduced} reduced`)
  say(`CPU ${result.totalCpuPercent} % of a core, with decoding and encoding`)
  say(`memory ${result.memoryMb.minute2} -> ${result.memoryMb.last} MB (${result.memoryMb.growthPercent} %)`)
  say(`sound less picture, worst of each minute: ${perMinute.join(', ')} ms`)
  console.log(JSON.stringify(result))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
