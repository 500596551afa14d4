import { extname } from 'node:path'
import { StudioError } from '@shared/errors'
import type { AudioStream, VideoStream } from './probe'

interface Container {
  /** ffmpeg's muxer and its options. */
  muxer: string[]
  video: string[]
  /** Sound that may be copied into it unchanged. */
  copies: RegExp
  /** For all other sound. */
  audio: string[]
}

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-profile:v', 'high', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '192k']
const MP4: Container = {
  muxer: ['-movflags', '+faststart', '-f', 'mp4'],
  video: H264,
  copies: /^(aac|mp3|ac3|eac3|alac)$/,
  audio: AAC,
}

const CONTAINERS: Record<string, Container> = {
  '.mp4': MP4,
  '.m4v': MP4,
  '.mov': { ...MP4, muxer: ['-movflags', '+faststart', '-f', 'mov'], copies: /^(aac|mp3|ac3|eac3|alac|pcm_\w+)$/ },
  // Without B-frames: with them the old build shifts all but the first pictures when copied sound begins before 0.
  '.mkv': { muxer: ['-f', 'matroska'], video: [...H264, '-bf', '0'], copies: /./, audio: AAC },
  '.webm': {
    muxer: ['-f', 'webm'],
    video: ['-c:v', 'libvpx', '-deadline', 'good', '-cpu-used', '4', '-crf', '10', '-b:v', '8M', '-pix_fmt', 'yuv420p'],
    copies: /^(opus|vorbis)$/,
    audio: ['-c:a', 'libopus', '-b:a', '128k'],
  },
}

/** Whether a file of this name is MP4 or its elder, MOV. */
export function isMp4Name(path: string): boolean {
  return ['.mp4', '.m4v', '.mov'].includes(extname(path).toLowerCase())
}

/**
 * Output options of ffmpeg for a finished video file, by its name's ending: codecs, sound copied where the container
 * allows it, colour named as the source named it.
 * @throws StudioError `unsupported-output`
 */
export function videoOutput(path: string, video: VideoStream, audio: AudioStream | null): string[] {
  const container = CONTAINERS[extname(path).toLowerCase()]
  if (!container) {
    const names = Object.keys(CONTAINERS).join(', ')
    throw new StudioError(
      'unsupported-output',
      `A video cannot be written as ${path}. Use one of these endings: ${names}.`,
    )
  }
  const sound = audio === null ? [] : container.copies.test(audio.codec) ? ['-c:a', 'copy'] : container.audio
  const level = container.video.includes('libx264') ? ['-level:v', h264Level(video)] : []
  return [...container.video, ...level, ...colour(video), ...sound, ...container.muxer]
}

/**
 * Levels of H.264 from 3.1 on (ITU-T H.264 table A-1): macroblocks a second and macroblocks a picture. With times of
 * their own x264 takes the clock for the frame rate and would claim a level that many players refuse.
 */
const LEVELS: [name: string, perSecond: number, perPicture: number][] = [
  ['3.1', 108_000, 3_600],
  ['3.2', 216_000, 5_120],
  ['4.1', 245_760, 8_192],
  ['4.2', 522_240, 8_704],
  ['5.0', 589_824, 22_080],
  ['5.1', 983_040, 36_864],
  ['5.2', 2_073_600, 36_864],
  ['6.2', 16_711_680, 139_264],
]

/** The lowest level from 3.1 on that holds a picture of this size and rate. */
export function h264Level({ width, height, fps }: Pick<VideoStream, 'width' | 'height' | 'fps'>): string {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16)
  const level = LEVELS.find(([, perSecond, perPicture]) => blocks <= perPicture && blocks * (fps || 30) <= perSecond)
  return level?.[0] ?? '6.2'
}

function colour({ matrix }: VideoStream): string[] {
  const name = { bt709: 'bt709', bt601: 'smpte170m', unknown: null }[matrix]
  return name === null ? [] : ['-colorspace', name, '-color_range', 'tv']
}
