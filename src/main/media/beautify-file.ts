import { randomBytes } from 'node:crypto'
import { realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { LookSettings } from '@shared/media/look-settings'
import { beautifyPicture } from './beautify-picture'
import { createFaceWork, type FaceWork } from './engine-parts'
import { FfmpegProcess } from './ffmpeg-process'
import { readFrameTimes, type FrameTimes } from './frame-times'
import { i420Size, type I420Frame } from './i420'
import { fileUrl, FILE_INPUT, probeVideo, type AudioStream, type VideoStream } from './probe'
import type { ColourMap } from './look/colour-map'
import { FrameLook } from './look/frame-look'
import { fixLastFrame } from './mp4-last-frame'
import { matroskaFrameHead, matroskaHead } from './raw-matroska'
import { effortFor } from './overload'
import type { PersonSettings } from './person/person-effect'
import { isStillName } from './still-image'
import { isMp4Name, videoOutput } from './video-output'

export interface BeautifyFileOptions {
  input: string
  /** The ending decides the format: a picture for a picture, a video for a video. */
  output: string
  settings: PersonSettings
  /** Colours of the whole picture, after the retouch; `cube` is the table of the look `cube`. */
  look?: { settings: LookSettings; cube: ColourMap | null }
  modelsDir: string
  ffmpegPath: string
  /** Ends the work; nothing half-written stays, and the call rejects with the signal's reason. */
  signal: AbortSignal
  onProgress?: (progress: BeautifyProgress) => void
}

export interface BeautifyProgress {
  frames: number
  total: number
}

export interface BeautifyResult {
  /** Pictures written, the same number as in the input. */
  frames: number
  /** Pixels. A video with an odd side loses its last column or row, because H.264 shares colour between 2x2 pixels. */
  width: number
  height: number
  /** Pictures on which a face was found. */
  withFaces: number
}

/**
 * Retouches a video or picture file into a new one: the same number of pictures at the same times, the same size
 * (rounded down to even for a video), sound copied where the container allows it, else as AAC. Written beside the
 * output and renamed when it is whole.
 * @throws StudioError as `probeVideo`, `decodeStill`; `unsupported-output`, `same-file`, `video-failed`
 */
export async function beautifyFile(options: BeautifyFileOptions): Promise<BeautifyResult> {
  const { input, output, signal } = options
  signal.throwIfAborted()
  await refuseSameFile(input, output)
  const work = await createFaceWork(options.modelsDir)
  try {
    if (isStillName(output)) return await beautifyPicture(work, options)
    return await beautifyVideo(work, options)
  } finally {
    await work.close()
  }
}

async function refuseSameFile(input: string, output: string): Promise<void> {
  const [from, to] = await Promise.all([input, output].map((path) => realpath(path).catch(() => null)))
  if (from && from === to)
    throw new StudioError('same-file', `${output} is the file to be read. Choose another name for the result.`)
}

async function beautifyVideo(work: FaceWork, options: BeautifyFileOptions): Promise<BeautifyResult> {
  const { input, output, ffmpegPath, signal } = options
  const { video, audio } = await probeVideo(ffmpegPath, input, signal)
  videoOutput(output, video, audio) // a wrong ending shows before the long work
  const size = evenSize(video)
  const times = await readFrameTimes(ffmpegPath, input, signal)
  const beside = join(dirname(output), `.${basename(output)}.${randomBytes(4).toString('hex')}${extname(output)}`)
  const decoder = new FfmpegProcess(ffmpegPath, decodeArgs(input, video, size), { signal })
  const encoder = new FfmpegProcess(ffmpegPath, encodeArgs(options, video, audio, times, beside), { signal })
  try {
    const result = await convert(work, options, { decoder, encoder, size, times, fps: video.fps })
    if (isMp4Name(output)) await fixLastFrame(beside, lastGap(times, video.fps))
    await rename(beside, output)
    return result
  } finally {
    await Promise.all([decoder.stop(), encoder.stop()])
    await rm(beside, { force: true })
  }
}

interface Conversion {
  decoder: FfmpegProcess
  encoder: FfmpegProcess
  size: { width: number; height: number }
  times: FrameTimes
  fps: number
}

async function convert(work: FaceWork, options: BeautifyFileOptions, conversion: Conversion): Promise<BeautifyResult> {
  const { settings, signal, onProgress } = options
  const { decoder, encoder, size, times } = conversion
  const total = times.ticks.length
  const look = new FrameLook()
  if (options.look) look.set(options.look.settings, options.look.cube)
  const person = work.createPerson()
  person.settings = settings
  let frames = 0
  let withFaces = 0
  decoder.stdin.end()
  encoder.stdout.resume()
  encoder.stdin.write(matroskaHead(size.width, size.height, conversion.fps))
  for await (const frame of rawFrames(decoder, size)) {
    signal.throwIfAborted()
    if (person.wanted) {
      const timeMs = timeOf(frames, times) / 1000
      if ((await person.apply(frame, effortFor(0), timeMs)).length > 0) withFaces++
    }
    look.apply(frame)
    await writePicture(encoder, frame, timeOf(frames, times))
    frames++
    onProgress?.({ frames, total })
  }
  encoder.stdin.end()
  const [decoded, encoded] = await Promise.all([decoder.exited, encoder.exited])
  signal.throwIfAborted()
  if (decoded.code !== 0) throw failed(options.input, decoder)
  if (encoded.code !== 0) throw failed(options.output, encoder)
  return { frames, ...size, withFaces }
}

/**
 * Seconds that the last picture is shown, which no decoder tells: the gap before it, but not more than the usual one,
 * because a file that was cut can lack pictures there.
 */
function lastGap({ ticks, timescale }: FrameTimes, fps: number): number {
  const usual = 1 / (fps || 25)
  const [before, last] = ticks.slice(-2)
  return before === undefined || last === undefined ? usual : Math.min(usual, (last - before) / timescale)
}

/** Microseconds; a picture more than was counted follows the last one at once. */
function timeOf(frame: number, { ticks, timescale }: FrameTimes): number {
  const last = ticks.length - 1
  return Math.round(((ticks[Math.min(frame, last)]! + Math.max(0, frame - last)) * 1e6) / timescale)
}

/** The pictures of the decoder's pipe; each is valid until the next is asked for. */
async function* rawFrames(
  decoder: FfmpegProcess,
  { width, height }: { width: number; height: number },
): AsyncGenerator<I420Frame> {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  let filled = 0
  for await (const chunk of decoder.stdout as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length;) {
      const count = Math.min(frame.data.length - filled, chunk.length - from)
      frame.data.set(chunk.subarray(from, from + count), filled)
      filled += count
      from += count
      if (filled < frame.data.length) continue
      filled = 0
      yield frame
    }
  }
}

/** Resolves when the encoder has taken the picture; throws its last words when it is gone. */
async function writePicture(encoder: FfmpegProcess, frame: I420Frame, timeUs: number): Promise<void> {
  encoder.stdin.write(matroskaFrameHead(timeUs, frame.data.length))
  const error = await new Promise<Error | null | undefined>((resolve) => encoder.stdin.write(frame.data, resolve))
  if (!error) return
  await encoder.exited
  throw encoder.startError ?? failed('the new video', encoder)
}

function failed(what: string, child: FfmpegProcess): StudioError {
  if (child.startError) return child.startError
  const words = child.lastWords || 'the video program was ended'
  return new StudioError('video-failed', `${what} could not be processed: ${words}. Nothing was written.`)
}

/** Colour is shared by 2x2 pixels: an odd last column or row is left out. */
function evenSize({ width, height }: VideoStream): { width: number; height: number } {
  if (width < 2 || height < 2)
    throw new StudioError(
      'not-a-video',
      `A video of ${width}x${height} pixels cannot be retouched. Choose a larger one.`,
    )
  return { width: width - (width % 2), height: height - (height % 2) }
}

function decodeArgs(input: string, video: VideoStream, size: { width: number; height: number }): string[] {
  // After the rotation that ffmpeg does by itself: square pixels, then even sides.
  const filter = `scale=${video.width}:${video.height}:out_range=tv:flags=bicubic,format=yuv420p,crop=${size.width}:${size.height}:0:0`
  return [
    ...['-v', 'error', '-nostdin', '-threads', '2', ...FILE_INPUT, '-i', fileUrl(input)],
    ...['-map', '0:V:0', '-vf', filter, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'],
  ]
}

function encodeArgs(
  { input, output }: BeautifyFileOptions,
  video: VideoStream,
  audio: AudioStream | null,
  times: FrameTimes,
  beside: string,
): string[] {
  const offset = (times.ticks[0]! / times.timescale).toFixed(6)
  const timescale = String(times.timescale)
  return [
    ...['-v', 'error', '-nostdin', '-y'],
    // ffmpeg begins every input at 0; the offset keeps the distance between the first picture and the sound.
    ...['-itsoffset', offset, '-f', 'matroska', '-i', 'pipe:0'],
    ...(audio ? [...FILE_INPUT, '-i', fileUrl(input), '-map', '0:v:0', '-map', '1:a:0'] : ['-map', '0:v:0']),
    ...(audio ? ['-map_metadata', '1', '-map_metadata:s:v', '-1'] : []),
    ...['-vsync', '0', '-enc_time_base:v', `1:${timescale}`, '-video_track_timescale', timescale],
    ...videoOutput(output, video, audio),
    fileUrl(beside),
  ]
}
