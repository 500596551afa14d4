import { StudioError } from '@shared/errors'
import { FfmpegProcess } from './ffmpeg-process'
import { fileUrl, FILE_INPUT } from './probe'

/** When each decoded picture of a file is shown. */
export interface FrameTimes {
  /** Ticks per second. */
  timescale: number
  /** Ticks since the file's start, strictly growing; as many as there are pictures. */
  ticks: number[]
}

/**
 * Decodes the pictures of a file once, only to count them and to learn their times (exact, also of a variable rate).
 * @throws StudioError `not-a-video` when no picture can be decoded; the signal's reason when aborted
 */
export async function readFrameTimes(ffmpegPath: string, path: string, signal: AbortSignal): Promise<FrameTimes> {
  signal.throwIfAborted()
  // The checksum that framecrc makes is of a 16x16 picture, so it costs nothing.
  const filter = ['-map', '0:V:0', '-vf', 'scale=16:16:flags=neighbor', '-vsync', '0', '-enc_time_base', '-1']
  const args = [
    ...['-v', 'error', '-nostdin', ...FILE_INPUT, '-i', fileUrl(path)],
    ...[...filter, '-c:v', 'rawvideo', '-f', 'framecrc', 'pipe:1'],
  ]
  const child = new FfmpegProcess(ffmpegPath, args, { signal })
  child.stdin.end()
  let text = ''
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await child.exited
  signal.throwIfAborted()
  if (child.startError) throw child.startError
  const times = parseFrameCrc(text)
  if (times.ticks.length === 0)
    throw new StudioError('not-a-video', `No picture of ${path} can be decoded (${child.lastWords}). Try another file.`)
  return times
}

/** Parses `-f framecrc` of one stream: `#tb 0: 1/15360`, then `stream, dts, pts, duration, size, checksum`. */
export function parseFrameCrc(text: string): FrameTimes {
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(text)
  const [numerator, denominator] = base ? [Number(base[1]), Number(base[2])] : [1, 90_000]
  const ticks: number[] = []
  for (const line of text.split('\n')) {
    const fields = line.startsWith('#') ? [] : line.split(',')
    if (fields.length < 6) continue
    const last = ticks.at(-1) ?? -1
    // A broken file may repeat a time or have none: one tick later keeps the picture and the order.
    ticks.push(Math.max(last + 1, Number(fields[2]) * numerator || 0))
  }
  return { timescale: denominator, ticks }
}
