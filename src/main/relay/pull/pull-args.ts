import type { PullSource } from './pull-source'

/** How an input is reached by another way than its address says. */
export interface InputWay {
  args: string[]
  url: string
}

/** What may be spoken on the way; never file, data, concat, pipe: a playlist or a redirect cannot reach this computer's files. */
const PROTOCOLS = 'http,https,tcp,tls,rtmp,rtmps,crypto,hls,httpproxy'
/** Where its bytes are handed to it, it speaks to nobody. */
const OWN_PIPE = 'pipe'
const FORMATS = 'hls,applehttp,mov,mp4,m4a,flv,live_flv,mpegts,mpeg,aac,mp3,ac3,eac3,matroska,webm,ogg,avi'
/** A silent server is left after so long, microseconds. */
const SILENCE_US = 10_000_000
/** Bytes and microseconds that are looked at to learn what a stream is; a live is waited for while it comes. */
const PROBE_BYTES = 2_000_000
const PROBE_US = 2_000_000
const LIVE_PROBE_US = 800_000
/** The sound of a live may come long before its next key picture. */
const PATIENT_PROBE_US = 6_000_000
export const MAX_WIDTH = 4096
export const MAX_HEIGHT = 2304

/** Smaller where it is larger than 1080p; both sides even. */
const FIT = "scale=w='2*trunc(iw*min(1,min(1920/iw,1080/ih))/2)':h='2*trunc(ih*min(1,min(1920/iw,1080/ih))/2)'"

/** The playlist whose parts are handed to the program; null: it fetches by itself. */
export function feedUrl({ parts, inputs }: PullSource): string | null {
  return parts && inputs.length === 1 ? inputs[0]! : null
}

/**
 * How ffmpeg fetches somebody else's video and writes it as FLV to its output. The picture is copied where it is H.264;
 * the sound is always made AAC of 48,000 a second without holes (`aresample=async`), because the player counts its
 * frames: about 1 % of a core.
 * @param recode make H.264 of whatever it is
 * @param patient look longer: at first there was only sound
 * @param way in place of its only input
 * @param fromMs where to begin in a finished video; times in the output are those of the video
 */
export function pullArgs(
  source: PullSource,
  recode: boolean,
  fromMs: number | null,
  patient = false,
  way: InputWay | null = null,
): string[] {
  const { kind } = source
  const isFed = feedUrl(source) !== null
  const inputs = isFed ? ['pipe:0'] : way ? [way.url] : source.inputs
  const probe = isFed || kind === 'rtmp' || kind === 'flv' ? LIVE_PROBE_US : PROBE_US
  const input = inputs.flatMap((url) => [
    ...[
      '-protocol_whitelist',
      isFed ? OWN_PIPE : PROTOCOLS,
      '-format_whitelist',
      FORMATS,
      '-rw_timeout',
      String(SILENCE_US),
    ],
    // Not `nobuffer`: it throws the pictures away by which the stream was known, and the next key is a second away.
    ...['-probesize', String(PROBE_BYTES), '-fpsprobesize', '0'],
    ...['-analyzeduration', String(patient ? PATIENT_PROBE_US : probe)],
    ...(!isFed && kind === 'hls' && source.live === true ? ['-live_start_index', '-2'] : []),
    ...(fromMs === null || fromMs === 0 ? [] : ['-ss', (fromMs / 1000).toFixed(3)]),
    ...(way?.args ?? []),
    ...['-i', url],
  ])
  const picture = recode
    ? [
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-vf', FIT],
        ...['-g', '60', '-crf', '23', '-maxrate', '8M', '-bufsize', '8M'],
      ]
    : ['-c:v', 'copy']
  return [
    ...['-hide_banner', ...(isFed ? [] : ['-nostdin']), '-nostats', '-loglevel', 'info'],
    ...input,
    ...(fromMs === null ? [] : ['-copyts', '-start_at_zero']),
    ...['-map', '0:v:0?', '-map', `${inputs.length - 1}:a:0?`, '-map_metadata', '-1', '-map_chapters', '-1'],
    ...picture,
    ...['-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2', '-af', 'aresample=async=1000'],
    ...['-max_interleave_delta', '1000000', '-flvflags', 'no_duration_filesize', '-flush_packets', '1'],
    ...['-f', 'flv', 'pipe:1'],
  ]
}
