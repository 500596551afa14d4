import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { StudioError } from '@shared/errors'
import { runFfmpeg } from './ffmpeg-process'

/**
 * Containers we open. ffmpeg would take a text file for a picture (its `tty` demuxer), and a playlist could name
 * other files or hosts; with the whitelist both are "not a video". Names of ffmpeg's demuxers.
 */
const FORMATS = [
  'mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,nut,gif,ivf,m4v,h264,hevc,mpegvideo,dv,mxf,rm,wtv,yuv4mpegpipe',
  'mp3,wav,flac,aac,aiff,ac3,caf,w64',
].join(',')

/** Input options for every file of a person: local files only, known containers only. */
export const FILE_INPUT = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS]

/** A path as ffmpeg takes it literally: never an option, never another protocol. */
export function fileUrl(path: string): string {
  return `file:${path}`
}

export interface VideoStream {
  codec: string
  /** As stored, before rotation and pixel shape. */
  codedWidth: number
  codedHeight: number
  /** As shown: rotated, square pixels; whole pixels, perhaps odd. */
  width: number
  height: number
  /** Degrees clockwise that the picture must be turned: 0, 90, 180 or 270. */
  rotation: number
  /** Frames per second, an average for variable rates; 0 when unknown. */
  fps: number
  /** e.g. `yuv420p`. */
  pixelFormat: string
  /** 'bt709', 'bt601' or 'unknown', as the stream itself says. */
  matrix: 'bt709' | 'bt601' | 'unknown'
}

export interface AudioStream {
  codec: string
  rate: number
  /** As ffmpeg names it, e.g. `stereo`. */
  layout: string
}

export interface MediaProbe {
  /** Demuxer names, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
  format: string
  /** Milliseconds; null when the file does not say. */
  durationMs: number | null
  video: VideoStream | null
  audio: AudioStream | null
}

/**
 * Reads what a media file holds, from what `ffmpeg -i` says (the bundled package has no ffprobe).
 * @throws StudioError `file-missing`, `not-a-video` (no known container, or broken), or of starting ffmpeg.
 */
export async function probeFile(ffmpeg: string, path: string, signal?: AbortSignal): Promise<MediaProbe> {
  const info = await stat(path).catch(() => null)
  if (!info) throw new StudioError('file-missing', `There is no file ${path}. Check the path.`)
  const refuse = (why: string): StudioError =>
    new StudioError(
      'not-a-video',
      `${basename(path)} cannot be used as a video: ${why}. Choose an MP4, MOV, MKV or WebM file.`,
    )
  if (!info.isFile()) throw refuse('it is not a file')
  if (info.size === 0) throw refuse('it is empty')
  const run = await runFfmpeg(
    ffmpeg,
    ['-hide_banner', '-nostdin', ...FILE_INPUT, '-i', fileUrl(path)],
    signal ? { signal } : {},
  )
  signal?.throwIfAborted()
  if (run.timedOut) throw refuse('reading it took too long')
  const probe = parseProbe(run.stderr)
  if (!probe) throw refuse('it holds no picture and sound that we know, or it is damaged')
  return probe
}

/**
 * Like `probeFile`, for what must have a picture that moves.
 * @throws StudioError `no-picture` for sound alone, and all of `probeFile`.
 */
export async function probeVideo(
  ffmpeg: string,
  path: string,
  signal?: AbortSignal,
): Promise<MediaProbe & { video: VideoStream }> {
  const probe = await probeFile(ffmpeg, path, signal)
  const { video } = probe
  if (!video) throw new StudioError('no-picture', `${path} holds sound only. Choose a file with a picture.`)
  return { ...probe, video }
}

/** Parses the stderr of `ffmpeg -i FILE`; null when it names no input or no stream. */
export function parseProbe(stderr: string): MediaProbe | null {
  const format = /^Input #0, (.+), from /m.exec(stderr)?.[1]
  if (format === undefined) return null
  const probe: MediaProbe = { format, durationMs: parseDuration(stderr), video: null, audio: null }
  const lines = stderr.split('\n')
  lines.forEach((line, index) => {
    const stream = /^\s+Stream #0:\d+\S*: (Video|Audio): (.+)$/.exec(line)
    if (!stream) return
    const details = stream[2]!
    if (stream[1] === 'Audio') probe.audio ??= parseAudio(details)
    else if (!isCover(details)) probe.video ??= parseVideo(details, sideLines(lines, index + 1))
  })
  return (probe.video ?? probe.audio) ? probe : null
}

/** The picture of an album, which newer builds name and the old one only betrays by its clock without frames. */
function isCover(details: string): boolean {
  return details.includes('(attached pic)') || (/ 90k tbr/.test(details) && !/ fps/.test(details))
}

/** The lines below a stream up to the next one: metadata and side data. */
function sideLines(lines: string[], from: number): string {
  const end = lines.findIndex((line, index) => index >= from && /^\s{0,4}Stream #/.test(line))
  return lines.slice(from, end < 0 ? lines.length : end).join('\n')
}

function parseDuration(stderr: string): number | null {
  const match = /^\s+Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(stderr)
  if (!match) return null
  return Math.round((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000)
}

function parseAudio(details: string): AudioStream | null {
  const rate = Number(/, (\d+) Hz/.exec(details)?.[1] ?? 0)
  if (!rate) return null
  return {
    codec: /^\w+/.exec(details)?.[0] ?? '',
    rate,
    layout: /Hz, ([^,]+)/.exec(details)?.[1] ?? '',
  }
}

function parseVideo(details: string, side: string): VideoStream | null {
  const size = /, (\d+)x(\d+)/.exec(details)
  if (!size) return null
  const codedWidth = Number(size[1])
  const codedHeight = Number(size[2])
  if (!codedWidth || !codedHeight) return null
  const aspect = /SAR (\d+):(\d+)/.exec(details)
  const pixelAspect =
    aspect && Number(aspect[1]) > 0 && Number(aspect[2]) > 0 ? Number(aspect[1]) / Number(aspect[2]) : 1
  // Square pixels by widening or narrowing, as players do.
  const square = { width: Math.max(1, Math.round(codedWidth * pixelAspect)), height: codedHeight }
  const rotation = parseRotation(side)
  const turned = rotation === 90 || rotation === 270
  const fps = Number(/, ([\d.]+k?) fps/.exec(details)?.[1]?.replace('k', '000') ?? 0)
  const rate = Number(/, ([\d.]+) tbr/.exec(details)?.[1] ?? 0)
  return {
    codec: /^\w+/.exec(details)?.[0] ?? '',
    codedWidth,
    codedHeight,
    width: turned ? square.height : square.width,
    height: turned ? square.width : square.height,
    rotation,
    fps: fps || rate,
    pixelFormat: /^[^,]+, ([a-z0-9]+)/.exec(details)?.[1] ?? '',
    matrix: parseMatrix(details),
  }
}

/** `yuv420p(tv, bt709, progressive)` or `yuv420p(tv, bt470bg/unknown/unknown)`: matrix, primaries, transfer. */
function parseMatrix(details: string): VideoStream['matrix'] {
  const name = /^[^,]+, [a-z0-9]+\((?:(?:tv|pc), )?([a-z0-9]+)/.exec(details)?.[1] ?? ''
  if (name === 'bt709') return 'bt709'
  return ['smpte170m', 'bt470bg', 'fcc'].includes(name) ? 'bt601' : 'unknown'
}

/** ffmpeg gives the display matrix counter-clockwise, the `rotate` tag clockwise. */
function parseRotation(side: string): number {
  const matrix = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(side)
  const tag = /^\s+rotate\s+: (-?\d+)/m.exec(side)
  const degrees = matrix ? -Number(matrix[1]) : Number(tag?.[1] ?? 0)
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360
}
