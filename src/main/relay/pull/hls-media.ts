import { StudioError } from '@shared/errors'
import { attributes, webUrl } from './hls-playlist'

/** A piece of a segment, or all of it. */
export interface HlsPiece {
  url: string
  durationMs: number
  /** Bytes of the file behind the address; null: all of it. */
  range: { from: number; length: number } | null
  /** Can be decoded without what came before. */
  independent: boolean
}

export interface HlsMediaSegment {
  /** Media sequence number. */
  number: number
  /** Null: it is not complete yet. */
  whole: HlsPiece | null
  parts: HlsPiece[]
  /** What must come before the first piece (EXT-X-MAP); null: nothing. */
  init: HlsPiece | null
  /** Since the first segment that is listed, milliseconds. */
  startMs: number
  durationMs: number
  discontinuity: boolean
}

/** A media playlist with its segments and their parts (RFC 8216 and its second edition). */
export interface HlsMedia {
  live: boolean
  /** No segment is longer, milliseconds. */
  targetMs: number
  /** No part is longer, milliseconds; null: it has none. */
  partTargetMs: number | null
  /** The server lets a request wait for what comes next. */
  canBlock: boolean
  encrypted: boolean
  /** The part that comes next can be asked for already; its length is not known yet. */
  hint: HlsPiece | null
  /** Oldest first. */
  segments: HlsMediaSegment[]
}

const MAX_SEGMENTS = 20_000
const MAX_PARTS = 2000
const LONGEST_S = 3600

/**
 * Reads all of a media playlist. Bounded; addresses that are not http(s) are left out with their segments.
 * @throws StudioError `not-a-video` for what is none
 */
export function readHlsMedia(text: string, base: string): HlsMedia {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  if (!lines[0]?.replace(/^\uFEFF/, '').startsWith('#EXTM3U')) throw damaged()
  const media: HlsMedia = {
    ...{ live: true, targetMs: 0, partTargetMs: null, canBlock: false, encrypted: false, hint: null, segments: [] },
  }
  let number = 0
  let startMs = 0
  let durationMs = 0
  let discontinuity = false
  let init: HlsPiece | null = null
  let parts: HlsPiece[] = []
  let allParts = 0
  let range: HlsPiece['range'] = null
  /** Where the next range without an offset begins, for each address. */
  const ends = new Map<string, number>()
  const piece = (address: string, ms: number, stated: string | undefined, independent: boolean): HlsPiece | null => {
    const url = webUrl(address, base)
    return url === null ? null : { url, durationMs: ms, range: readRange(stated, url, ends), independent }
  }
  const push = (whole: HlsPiece | null): void => {
    if (media.segments.length >= MAX_SEGMENTS) return
    const ms = whole ? durationMs : parts.reduce((sum, part) => sum + part.durationMs, 0)
    media.segments.push({ number, whole, parts, init, startMs, durationMs: ms, discontinuity })
  }
  for (const line of lines) {
    const value = line.slice(line.indexOf(':') + 1)
    if (line.startsWith('#EXTINF:')) durationMs = milliseconds(value)
    else if (line.startsWith('#EXT-X-TARGETDURATION:')) media.targetMs = milliseconds(value)
    else if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) number = integer(value)
    else if (line === '#EXT-X-ENDLIST') media.live = false
    else if (line === '#EXT-X-DISCONTINUITY') discontinuity = true
    else if (line.startsWith('#EXT-X-KEY:')) media.encrypted ||= attributes(line)['METHOD'] !== 'NONE'
    else if (line.startsWith('#EXT-X-SERVER-CONTROL:')) media.canBlock = attributes(line)['CAN-BLOCK-RELOAD'] === 'YES'
    else if (line.startsWith('#EXT-X-PART-INF:'))
      media.partTargetMs = milliseconds(attributes(line)['PART-TARGET'] ?? '')
    else if (line.startsWith('#EXT-X-MAP:')) {
      const { URI = '', BYTERANGE } = attributes(line)
      init = piece(URI, 0, BYTERANGE, true)
    } else if (line.startsWith('#EXT-X-PART:') && ++allParts <= MAX_PARTS) {
      const { URI = '', DURATION = '', BYTERANGE, INDEPENDENT, GAP } = attributes(line)
      const part = GAP === 'YES' ? null : piece(URI, milliseconds(DURATION), BYTERANGE, INDEPENDENT === 'YES')
      if (part) parts.push(part)
    } else if (line.startsWith('#EXT-X-PRELOAD-HINT:')) {
      const { TYPE, URI = '', 'BYTERANGE-START': start } = attributes(line)
      // Where only the start of a range is known, its end is not: such a part is fetched when it is listed.
      if (TYPE === 'PART' && start === undefined) media.hint = piece(URI, 0, undefined, false)
    } else if (line.startsWith('#EXT-X-BYTERANGE:')) {
      // Its address is not known before the next line.
      const [length, from] = value.split('@')
      range = { length: integer(length ?? ''), from: from === undefined ? -1 : integer(from) }
    } else if (line !== '' && !line.startsWith('#')) {
      const stated = range ? `${range.length}${range.from < 0 ? '' : `@${range.from}`}` : undefined
      const whole = piece(line, durationMs, stated, true)
      if (whole) push(whole)
      startMs += durationMs
      number++
      durationMs = 0
      discontinuity = false
      range = null
      parts = []
    }
  }
  if (parts.length > 0) push(null)
  return media
}

/** `length@offset`, RFC 8216 4.3.2.2; without an offset it goes on behind the range before. */
function readRange(stated: string | undefined, url: string, ends: Map<string, number>): HlsPiece['range'] {
  if (stated === undefined) return null
  const [length = '', offset] = stated.split('@')
  const from = offset === undefined ? (ends.get(url) ?? 0) : integer(offset)
  if (ends.size > MAX_SEGMENTS) ends.clear()
  ends.set(url, from + integer(length))
  return { from, length: integer(length) }
}

function integer(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

function milliseconds(text: string): number {
  const seconds = Number.parseFloat(text)
  return seconds > 0 ? Math.min(seconds, LONGEST_S) * 1000 : 0
}

function damaged(): StudioError {
  return new StudioError('not-a-video', 'There is a playlist at this address, but nothing in it can be played.')
}
