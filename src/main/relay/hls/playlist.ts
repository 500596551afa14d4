import type { HlsMuxer, HlsSegment } from './hls-muxer'

/** Segments that are listed: players without low latency stay three behind the end. */
const LISTED = 10
/** Of the newest ones the parts are listed, too (RFC 8216bis 6.2.2: within three target durations of the end). */
const WITH_PARTS = 3

/** Names of the files of one live; `run` tells two lives of one name apart, for caches. */
export const fileNames = {
  init: (run: string, id: number) => `init-${run}-${id}.mp4`,
  segment: (run: string, number: number) => `seg-${run}-${number}.m4s`,
  part: (run: string, number: number, part: number) => `part-${run}-${number}.${part}.m4s`,
}

/**
 * The media playlist (RFC 8216bis, the second edition of HLS): segments for everybody, parts with blocking reload and
 * preload hints for players that follow closely.
 */
export function mediaPlaylist(muxer: HlsMuxer, run: string): string {
  const whole = muxer.segments.slice(-LISTED)
  const listed = muxer.open ? [...whole, muxer.open] : whole
  const skipped = muxer.segments.slice(0, -LISTED).filter(({ discontinuity }) => discontinuity).length
  const target = Math.ceil(muxer.longestSeconds - 0.1)
  const longest = Math.max(0, ...listed.slice(-WITH_PARTS - 1).flatMap(partSeconds))
  const part = Math.max(muxer.targetPartSeconds, longest)
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(part * 3).toFixed(3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${part.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${muxer.discontinuities + skipped}`,
  ]
  let init: number | null = null
  for (const [i, segment] of listed.entries()) {
    // A discontinuity of the first one is in the sequence number only once that segment is gone.
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.init.id !== init) lines.push(`#EXT-X-MAP:URI="${fileNames.init(run, segment.init.id)}"`)
    init = segment.init.id
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startedAt).toISOString()}`)
    const isOpen = segment === muxer.open
    if (isOpen || i >= whole.length - WITH_PARTS) lines.push(...partLines(segment, run))
    if (!isOpen) lines.push(`#EXTINF:${segment.seconds.toFixed(3)},`, fileNames.segment(run, segment.number))
  }
  if (muxer.isOver) lines.push('#EXT-X-ENDLIST')
  else if (muxer.open) {
    const hint = fileNames.part(run, muxer.open.number, muxer.open.parts.length)
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"`)
  }
  return lines.join('\n') + '\n'
}

function partLines({ number, parts }: HlsSegment, run: string): string[] {
  return parts.map(({ seconds, independent }, i) => {
    const uri = fileNames.part(run, number, i)
    return `#EXT-X-PART:DURATION=${seconds.toFixed(3)},URI="${uri}"${independent ? ',INDEPENDENT=YES' : ''}`
  })
}

function partSeconds({ parts }: HlsSegment): number[] {
  return parts.map(({ seconds }) => seconds)
}

/** One quality of a live, as the list of qualities names it. */
export interface Variant {
  uri: string
  bitsPerSecond: number
  codecs: string
  width: number | null
  height: number | null
  framesPerSecond: number
}

/** The multivariant playlist: the same live in one or more qualities. */
export function variantPlaylist(variants: readonly Variant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9']
  for (const { uri, bitsPerSecond, codecs, width, height, framesPerSecond } of variants) {
    const size = width !== null && height !== null ? `,RESOLUTION=${width}x${height}` : ''
    const rate = size && `,FRAME-RATE=${framesPerSecond.toFixed(3)}`
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(bitsPerSecond)},CODECS="${codecs}"${size}${rate}`, uri)
  }
  return lines.join('\n') + '\n'
}
