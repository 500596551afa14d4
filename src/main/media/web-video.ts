import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import { FfmpegProcess } from './ffmpeg-process'
import { FILE_INPUT, fileUrl, type MediaProbe, type VideoStream } from './probe'

/** Longest side of what is made for browsers out of something else, pixels. */
const LONGEST_SIDE = 1920
/** Of a cover. */
const COVER_SIDE = 1280

/** What a file needs before every browser plays it from its first bytes on. */
export type WebReadiness = 'as-is' | 'rewrap-mp4' | 'rewrap-webm' | 'convert'

type Probe = MediaProbe & { video: VideoStream }

/**
 * Whether browsers play a file as it is: MP4 with H.264 and AAC or MP3 whose index is in front, or WebM. The same in another
 * wrapping is only rewrapped; all else has to be encoded anew. Throws what reading its first bytes throws.
 */
export async function webReadiness(path: string, { video, audio, durationMs }: Probe): Promise<WebReadiness> {
  const isEven = /^yuvj?420p$/.test(video.pixelFormat)
  const wrapping = await wrappingOf(path)
  if (video.codec === 'h264' && isEven && (audio === null || /^(aac|mp3)$/.test(audio.codec))) {
    return wrapping === 'mp4' && durationMs !== null ? 'as-is' : 'rewrap-mp4'
  }
  if (/^(vp8|vp9|av1)$/.test(video.codec) && isEven && (audio === null || /^(opus|vorbis)$/.test(audio.codec))) {
    return wrapping === 'webm' && durationMs !== null ? 'as-is' : 'rewrap-webm'
  }
  return 'convert'
}

/** `mp4`: with its index in front of the data. */
async function wrappingOf(path: string): Promise<'mp4' | 'webm' | 'other'> {
  const file = await open(path)
  try {
    const head = Buffer.alloc(64)
    await file.read(head, 0, head.length, 0)
    if (head.readUInt32BE(0) === 0x1a45dfa3) return head.includes('webm', 0, 'latin1') ? 'webm' : 'other'
    if (head.toString('latin1', 4, 8) !== 'ftyp' || head.toString('latin1', 8, 12) === 'qt  ') return 'other'
    // ISO/IEC 14496-12, 4.2: a box is its size, its type, and where the size is 1 a longer size
    for (let at = 0, boxes = 0; boxes < 32; boxes++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      const type = head.toString('latin1', 4, 8)
      if (bytesRead < 8 || type === 'mdat') return 'other'
      if (type === 'moov') return 'mp4'
      const size = head.readUInt32BE(0)
      at += size === 1 ? Number(head.readBigUInt64BE(8)) : size
      if (size === 0 || !Number.isSafeInteger(at)) return 'other'
    }
    return 'other'
  } finally {
    await file.close()
  }
}

export interface WebVideoJob {
  ffmpegPath: string
  input: string
  /** `.mp4` or `.webm`, by `how`; replaced. */
  output: string
  probe: Probe
  how: Exclude<WebReadiness, 'as-is'>
  signal: AbortSignal
  /** Part that is done, 0 to 1. */
  onProgress: (done: number) => void
}

/** Makes a file that browsers play. Throws StudioError `video-failed`, of starting ffmpeg, or the signal's reason. */
export async function makeWebVideo({
  ffmpegPath,
  input,
  output,
  probe,
  how,
  signal,
  onProgress,
}: WebVideoJob): Promise<void> {
  const args = ['-hide_banner', '-nostdin', '-y', ...FILE_INPUT, '-i', fileUrl(input)]
  const streams = ['-map', '0:V:0', '-map', '0:a:0?', '-map_metadata', '-1', '-sn', '-dn']
  const child = new FfmpegProcess(
    ffmpegPath,
    [...args, ...streams, ...codingOf(how, probe.video), '-nostats', '-progress', 'pipe:2', fileUrl(output)],
    {
      signal,
      onLine: (line) => {
        const micros = /^out_time_ms=(\d+)/.exec(line)?.[1]
        if (micros === undefined || probe.durationMs === null) return
        onProgress(Math.min(1, Number(micros) / 1000 / probe.durationMs))
      },
    },
  )
  child.stdin.end()
  child.stdout.resume()
  const { code } = await child.exited
  signal.throwIfAborted()
  if (child.startError) throw child.startError
  if (code !== 0)
    throw new StudioError('video-failed', `${basename(input)} could not be read to its end. Try another file.`)
}

function codingOf(how: WebVideoJob['how'], { width, height }: VideoStream): string[] {
  if (how === 'rewrap-mp4') return ['-c', 'copy', '-movflags', '+faststart', '-f', 'mp4']
  if (how === 'rewrap-webm') return ['-c', 'copy', '-f', 'webm']
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  const even = (side: number): number => Math.max(16, 2 * Math.round((side * shrink) / 2))
  const picture = ['-vf', `scale=${even(width)}:${even(height)},setsar=1`, '-pix_fmt', 'yuv420p']
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-profile:v', 'high', '-g', '120']
  return [...picture, ...coding, '-c:a', 'aac', '-b:a', '160k', '-ac', '2', '-movflags', '+faststart', '-f', 'mp4']
}

/**
 * Writes the picture of a moment as JPEG, its longer side 1280 at most; the first picture where there is none so late.
 * Throws StudioError `no-cover`.
 */
export async function grabCover(job: {
  ffmpegPath: string
  input: string
  output: string
  atMs: number
  size: { width: number; height: number }
}): Promise<void> {
  const { ffmpegPath, input, output, atMs, size } = job
  const shrink = Math.min(1, COVER_SIDE / Math.max(size.width, size.height))
  const side = (length: number): number => Math.max(2, Math.round(length * shrink))
  for (const seconds of [atMs / 1000, 0]) {
    const child = new FfmpegProcess(ffmpegPath, [
      ...[
        '-hide_banner',
        '-nostdin',
        '-y',
        '-v',
        'error',
        '-ss',
        seconds.toFixed(3),
        ...FILE_INPUT,
        '-i',
        fileUrl(input),
      ],
      ...['-frames:v', '1', '-vf', `scale=${side(size.width)}:${side(size.height)},setsar=1`, '-q:v', '3'],
      ...['-f', 'image2', '-update', '1', fileUrl(output)],
    ])
    child.stdin.end()
    child.stdout.resume()
    const { code } = await child.exited
    if (child.startError) throw child.startError
    if (code === 0 && (await hasBytes(output))) return
  }
  throw new StudioError('no-cover', 'No picture of the video could be taken for its cover. Choose another moment.')
}

async function hasBytes(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null)
  if (file === null) return false
  try {
    return (await file.stat()).size > 0
  } finally {
    await file.close()
  }
}
