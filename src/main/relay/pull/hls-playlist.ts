import { StudioError } from '@shared/errors'

/** One quality of a master playlist. */
export interface HlsVariant {
  url: string
  /** The playlist of its sound, where that is separate. */
  soundUrl: string | null
  /** Bits a second at most, as stated. */
  bandwidth: number
  /** Pixels; 0: not stated. */
  width: number
  height: number
}

/** Captions of a master playlist: the address of a playlist of WebVTT files. */
export interface HlsCaptions {
  url: string
  /** For the menu, e.g. "English". */
  label: string
  /** BCP 47, lower case; empty: not stated. */
  language: string
}

export type HlsPlaylist =
  | { kind: 'master'; variants: HlsVariant[]; captions: HlsCaptions[] }
  /** `durationMs`: of all its segments; `live`: more will come; `parts`: pieces of segments may be waited for. */
  | { kind: 'media'; live: boolean; durationMs: number; parts: boolean }

const MAX_VARIANTS = 64
const MAX_CAPTIONS = 64

/**
 * Reads as much of an HLS playlist (RFC 8216) as the choice of a quality needs. The best variant comes first.
 * @param base where it came from: addresses in it are relative to that
 * @throws StudioError `not-a-video` for what is none; addresses that are not http(s) are left out
 */
export function readHlsPlaylist(text: string, base: string): HlsPlaylist {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  if (!lines[0]?.replace(/^\uFEFF/, '').startsWith('#EXTM3U')) throw damaged()
  if (!lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:'))) return readMedia(lines)
  const sounds = new Map<string, string | null>()
  const variants: HlsVariant[] = []
  const captions: HlsCaptions[] = []
  let stated: ReturnType<typeof attributes> | null = null
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MEDIA:')) {
      const { TYPE, URI, 'GROUP-ID': group = '', DEFAULT } = attributes(line)
      if (TYPE === 'AUDIO' && (DEFAULT === 'YES' || !sounds.has(group))) {
        sounds.set(group, URI === undefined ? null : webUrl(URI, base))
      } else if (TYPE === 'SUBTITLES') addCaptions(captions, attributes(line), base)
    } else if (line.startsWith('#EXT-X-STREAM-INF:')) stated = attributes(line)
    else if (line !== '' && !line.startsWith('#') && stated !== null) {
      // The address is the next line that is no tag.
      const url = webUrl(line, base)
      const [width = 0, height = 0] = (stated['RESOLUTION'] ?? '').split('x').map((side) => Number(side) || 0)
      const bandwidth = Number(stated['BANDWIDTH']) || 0
      if (url !== null) variants.push({ url, soundUrl: stated['AUDIO'] ?? null, bandwidth, width, height })
      if (variants.length === MAX_VARIANTS) break
      stated = null
    }
  }
  for (const variant of variants) variant.soundUrl = sounds.get(variant.soundUrl ?? '') ?? null
  if (variants.length === 0) throw damaged()
  return { kind: 'master', variants: variants.sort((a, b) => b.bandwidth - a.bandwidth), captions }
}

/** The same captions may be listed again for each quality; forced ones (signs in the picture) are no captions. */
function addCaptions(
  all: HlsCaptions[],
  { URI = '', NAME = '', LANGUAGE = '', FORCED }: Attributes,
  base: string,
): void {
  const url = webUrl(URI, base)
  if (url === null || FORCED === 'YES' || all.length >= MAX_CAPTIONS) return
  const language = /^[a-z0-9-]{2,35}$/i.test(LANGUAGE) ? LANGUAGE.toLowerCase() : ''
  const name = NAME.replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 60)
  const label = name || language || `Captions ${all.length + 1}`
  if (!all.some((other) => other.url === url || (other.label === label && other.language === language))) {
    all.push({ url, label, language })
  }
}

/** "720p", with the rate where two have the same height. */
export function variantLabel({ height, bandwidth }: HlsVariant, all: readonly HlsVariant[]): string {
  const rate = `${(bandwidth / 1e6).toFixed(1)} Mbit/s`
  if (height === 0) return rate
  return all.filter((other) => other.height === height).length > 1 ? `${height}p, ${rate}` : `${height}p`
}

function readMedia(lines: string[]): HlsPlaylist {
  const seconds = lines.reduce((sum, line) => sum + (Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1]) || 0), 0)
  const live = !lines.includes('#EXT-X-ENDLIST')
  const canWait = lines.some((line) => /^#EXT-X-SERVER-CONTROL:.*\bCAN-BLOCK-RELOAD=YES/.test(line))
  const parts = live && canWait && lines.some((line) => line.startsWith('#EXT-X-PART-INF:'))
  return { kind: 'media', live, durationMs: Math.round(seconds * 1000), parts }
}

type Attributes = Partial<Record<string, string>>

/** The list behind a tag: `NAME=value` or `NAME="value"` (RFC 8216, 4.2). */
export function attributes(line: string): Attributes {
  const found: Attributes = {}
  for (const [, name = '', quoted, plain] of line.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g)) {
    found[name] = quoted ?? plain ?? ''
  }
  return found
}

/** An address in a playlist; null: empty, or not of the web. */
export function webUrl(text: string, base: string): string | null {
  if (text === '' || !URL.canParse(text, base)) return null
  const url = new URL(text, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}

function damaged(): StudioError {
  return new StudioError('not-a-video', 'There is a playlist at this address, but nothing in it can be played.')
}
