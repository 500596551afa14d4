import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_ENCODE, type Quality } from '@shared/media/encode-settings'
import type { MediaStats } from '@shared/media/media-stats'
import type { I420Frame } from '../src/main/media/i420'
import { MediaEngine } from '../src/main/media/media-engine'
import { childrenCpuMs, ownCpuMs } from './cpu-time'

export interface GraphFigures {
  seconds: number
  fps: number
  /** CPU milliseconds a frame of the Node side: pipes, face mesh, retouch, preview. */
  nodeMsPerFrame: number
  /** The same with the retouch off. */
  nodeMsPlain: number
  /** Of one core, percent: Node, and both ffmpeg (decoding the source, encoding). */
  nodePercent: number
  ffmpegPercent: number
  totalPercent: number
  lateFrames: number
  droppedFrames: number
}

/** Runs the engine on these frames, there and back without end, as in a live with preview and encoder. */
export async function wholeGraph(
  frames: readonly I420Frame[],
  options: { ffmpegPath: string; modelsDir: string; seconds: number; quality: Quality },
): Promise<GraphFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'we-graph-'))
  try {
    const path = join(folder, 'source.mkv')
    await write(path, frames, options.ffmpegPath)
    const plain = await run(path, frames[0]!, options, false)
    const full = await run(path, frames[0]!, options, true)
    return { ...full, nodeMsPlain: plain.nodeMsPerFrame }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function write(path: string, frames: readonly I420Frame[], ffmpeg: string): Promise<void> {
  const { width, height } = frames[0]!
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', '30'],
      ...['-i', 'pipe:0', '-c:v', 'libx264', '-preset', 'superfast', '-crf', '18', '-g', '30', path],
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  for (const frame of [...frames, ...[...frames].reverse()]) {
    if (!child.stdin.write(frame.data)) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The source for the whole graph could not be written.')
}

async function run(
  path: string,
  { width, height }: I420Frame,
  options: { ffmpegPath: string; modelsDir: string; seconds: number; quality: Quality },
  beautify: boolean,
): Promise<Omit<GraphFigures, 'nodeMsPlain'>> {
  const { ffmpegPath, modelsDir, seconds, quality } = options
  const format = { width, height, fps: 30 }
  const engine = new MediaEngine({ ffmpegPath, modelsDir, format, log: (line) => console.error(line) })
  engine.setBeauty({ ...DEFAULT_BEAUTY, enabled: beautify })
  engine.setEncoding({ ...DEFAULT_ENCODE, quality })
  const link = engine.setPreviewSink(() => setImmediate(() => link.acknowledge()))
  await engine.openSource({ kind: 'file', path, loop: true })
  await engine.startEncoding({ onInit: () => undefined, onSegment: () => undefined })
  const stats = (): Promise<MediaStats> => new Promise((done) => engine.once('stats', done))
  await stats()
  await stats()
  const first = await stats()
  const [own, children, begun] = [ownCpuMs(), childrenCpuMs(), performance.now()]
  let last = first
  while (performance.now() - begun < seconds * 1000) last = await stats()
  const wall = performance.now() - begun
  const [node, ffmpeg] = [ownCpuMs() - own, childrenCpuMs() - children]
  await engine.close()
  const count = Math.max(1, last.framesIn - first.framesIn)
  const percent = (ms: number): number => round((ms * 100) / wall)
  return {
    seconds: round(wall / 1000),
    fps: round((count * 1000) / wall),
    nodeMsPerFrame: round(node / count),
    nodePercent: percent(node),
    ffmpegPercent: percent(ffmpeg),
    totalPercent: percent(node + ffmpeg),
    lateFrames: last.lateFrames - first.lateFrames,
    droppedFrames: last.droppedFrames - first.droppedFrames,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
