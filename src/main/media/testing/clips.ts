import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpegPath } from '../ffmpeg-path'
import { DECODE_ALL } from './decode-all'

/** A folder of media that a test makes for itself with ffmpeg's generators. */
export class Clips {
  readonly folder = mkdtempSync(join(tmpdir(), 'we-clips-'))
  readonly ffmpeg = ffmpegPath()

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Runs ffmpeg with the arguments; the last is the name of the clip. Returns its path. */
  make(...args: string[]): string {
    const name = args.pop()!
    execFileSync(this.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, this.path(name)])
    return this.path(name)
  }

  /** A moving test picture, H.264, with a tone unless `sound` is false. */
  testPicture(name: string, size: string, fps: number, seconds: number, sound = true): string {
    return this.make(
      ...['-f', 'lavfi', '-i', `testsrc=s=${size}:r=${fps}:d=${seconds}`],
      ...(sound ? ['-f', 'lavfi', '-i', `sine=f=440:r=44100:d=${seconds}`, '-c:a', 'aac'] : []),
      ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', name],
    )
  }

  /** The first tenth of every second is white and beeps, the rest is black and silent. */
  flashAndBeep(name: string, seconds: number): string {
    return this.make(
      ...['-f', 'lavfi', '-i', `color=white:s=320x180:r=30:d=${seconds}`],
      ...['-f', 'lavfi', '-i', `aevalsrc=0.8*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1):s=48000:d=${seconds}`],
      ...['-vf', "drawbox=c=black:t=fill:enable='gte(mod(t,1),0.0999)'", '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'superfast', '-c:a', 'pcm_s16le', name],
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A newer, independent ffmpeg to check our output with (Debian's), else the bundled one. */
export const CHECKING_FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0 ? 'ffmpeg' : ffmpegPath()

/** Decodes everything and returns what ffmpeg complained about: nothing for a clean file. */
export function complaints(path: string): string {
  const run = spawnSync(CHECKING_FFMPEG, ['-v', 'warning', '-nostdin', '-i', path, ...DECODE_ALL, '-'])
  return run.stderr.toString().trim()
}

/** Every packet of a file: stream, decode time, show time, length, hash; sorted. */
export function packets(path: string): string[] {
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    path,
    '-map',
    '0',
    '-c',
    'copy',
    '-f',
    'framehash',
    '-hash',
    'md5',
    '-',
  ]
  const lines = spawnSync(CHECKING_FFMPEG, args, { maxBuffer: 1 << 28 })
    .stdout.toString()
    .split('\n')
  const fields = lines.filter((line) => /^\d/.test(line)).map((line) => line.split(/, */))
  return fields.map(([stream, dts, pts, , size, hash]) => [stream, dts, pts, size, hash].join(' ')).sort()
}

/** Mean brightness (0-255) of every decoded picture, in order. */
export function brightness(path: string): number[] {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-vsync', '0', '-vf', 'scale=8:8:flags=area,format=gray']
  const run = spawnSync(CHECKING_FFMPEG, [...args, '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 1 << 28 })
  const means: number[] = []
  for (let at = 0; at + 64 <= run.stdout.length; at += 64) {
    means.push(run.stdout.subarray(at, at + 64).reduce((sum, value) => sum + value, 0) / 64)
  }
  return means
}

/** When each picture is shown, seconds rounded to milliseconds, in order. */
export function shownAt(path: string): number[] {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-']
  const text = spawnSync(CHECKING_FFMPEG, args, { maxBuffer: 1 << 28 }).stdout.toString()
  const [, up, down] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? []
  const ticks = text.split('\n').flatMap((line) => (/^0,/.test(line) ? [Number(line.split(',')[2])] : []))
  return ticks.map((tick) => Math.round((tick * Number(up) * 1000) / Number(down)) / 1000)
}

/** All decoded sound: one channel, 48 kHz, in order. */
export function sound(path: string): Int16Array {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-vn', '-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']
  const run = spawnSync(CHECKING_FFMPEG, args, { maxBuffer: 1 << 28 })
  return new Int16Array(new Uint8Array(run.stdout).buffer, 0, run.stdout.length >> 1)
}

/** Seconds at which values rise above `threshold` after at least `quiet` values below it. */
export function onsets(values: ArrayLike<number>, threshold: number, quiet: number, rate: number): number[] {
  const found: number[] = []
  let below = quiet
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]!) < threshold) below++
    else {
      if (below >= quiet) found.push(i / rate)
      below = 0
    }
  }
  return found
}

/** Whether a process of this id runs. One that has ended but that nobody has collected yet (a zombie) does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

/** Waits until a condition holds; false after `timeoutMs`. */
export async function eventually(condition: () => boolean, timeoutMs = 30_000): Promise<boolean> {
  const end = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}
