import type { PlayableSegment } from './live-view'

/** What a playlist is made of: a `LiveView`, or the same as data. */
export interface PlaylistSource {
  /** Oldest first; a number left out was missed. */
  window: () => PlayableSegment[]
  /** Not null: nothing more comes. */
  ended: unknown
}

/**
 * The media playlist of a watched live (RFC 8216bis): fMP4 segments `seg-<rendition>-<seq>.m4s` after `init-<cid>.mp4`, names
 * relative to the playlist. Each in the rendition that this viewer has of it: another one is a discontinuity with another
 * init, and its times go on, so the picture does. A missed number is an EXT-X-GAP (hence version 8), so that numbers and names stay in step.
 * CAN-BLOCK-RELOAD lets players ask for a number and be answered when it is there. Null while nothing can be played.
 */
export function hlsPlaylist(source: PlaylistSource): string | null {
  const segments = source.window()
  const first = segments[0]
  if (first === undefined) return null
  // RFC 8216 4.3.3.1: every duration, rounded to whole seconds, must not be longer than the target
  const target = Math.max(1, ...segments.map(({ durationMs }) => Math.round(durationMs / 1000)))
  const hasGap = segments.some(({ seq }, index) => seq !== first.seq + index)
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${hasGap ? 8 : 7}`,
    `#EXT-X-TARGETDURATION:${target}`,
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES',
    `#EXT-X-MEDIA-SEQUENCE:${first.seq}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuitySequence}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ]
  let init: string | null = null
  let next = first.seq
  for (const { seq, durationMs, rendition, initCid, discontinuity, publishedAt } of segments) {
    const jump = init === null || discontinuity || next < seq
    for (; next < seq; next++)
      lines.push('#EXT-X-GAP', `#EXTINF:${seconds(durationMs)},`, `seg-${rendition}-${next}.m4s`)
    if (discontinuity && init !== null) lines.push('#EXT-X-DISCONTINUITY')
    if (initCid !== init) lines.push(`#EXT-X-MAP:URI="init-${initCid}.mp4"`)
    init = initCid
    // published when its last picture was encoded, so it began its duration earlier; only where the time jumps, since
    // the jitter of publishing would move every segment a little
    if (jump) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(publishedAt - durationMs).toISOString()}`)
    lines.push(`#EXTINF:${seconds(durationMs)},`, `seg-${rendition}-${seq}.m4s`)
    next = seq + 1
  }
  if (source.ended !== null) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(5)
}
