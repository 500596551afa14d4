import { readHlsPlaylist, variantLabel, type HlsCaptions, type HlsVariant } from './hls-playlist'
import { errorOfRequest, errorOfStatus, pullError } from './pull-error'
import type { WatchAddress } from './watch-address'
import { personOf, withoutPerson, withPerson } from './web-fetch'

/** What ffmpeg is to be given. */
export interface PullSource {
  kind: 'hls' | 'flv' | 'rtmp' | 'file'
  /** The video, and the sound where it is separate. */
  inputs: string[]
  /** It goes on; null: not known before it was opened. */
  live: boolean | null
  /** Milliseconds; null: not known yet or without end. */
  durationMs: number | null
  /** Of an HLS master, best first; else empty. */
  variants: HlsVariant[]
  /** Of an HLS master. */
  captions: HlsCaptions[]
  /** A live whose parts are fetched here, see `PartFeed`. */
  parts: boolean
}

export type WebAddress = Exclude<WatchAddress, { kind: 'live' }>

const ANSWER_MS = 10_000
const MAX_PLAYLIST = 1 << 20
/** The best that is chosen by itself. */
const AUTO_HEIGHT = 1080

/**
 * Finds out what is at an address. Only playlists, and addresses that do not tell by their looks, are asked for here.
 * @throws StudioError in words: nothing there, not allowed, not a video
 */
export async function findSource(address: WebAddress, signal: AbortSignal): Promise<PullSource> {
  const { kind, url } = address
  const plain = (as: PullSource['kind'], live: boolean | null): PullSource => {
    return { kind: as, inputs: [url], live, durationMs: null, variants: [], captions: [], parts: false }
  }
  if (kind === 'rtmp') return plain('rtmp', true)
  if (kind === 'flv' || kind === 'file') return plain(kind, null)
  const { text, at, type } = await ask(url, signal)
  if (text === null) {
    if (/^(text|image)\/|json|xml/.test(type)) throw pullError('not-a-video')
    return plain(/flv/.test(type) ? 'flv' : 'file', null)
  }
  const list = readHlsPlaylist(text, at)
  if (list.kind === 'media') {
    const { live, durationMs, parts } = list
    return { ...plain('hls', live), inputs: [at], durationMs: live ? null : durationMs, parts }
  }
  const first = automatic(list.variants)
  const chosen = await ask(list.variants[first]!.url, signal)
  const media = chosen.text === null ? null : readHlsPlaylist(chosen.text, chosen.at)
  if (media?.kind !== 'media') throw pullError('not-a-video')
  const durationMs = media.live ? null : media.durationMs
  const { variants, captions } = list
  const { live, parts } = media
  return { kind: 'hls', inputs: inputsOf(variants[first]!), live, durationMs, variants, captions, parts }
}

/** The best up to 1080p; the smallest when all are larger. */
export function automatic(variants: readonly HlsVariant[]): number {
  const fits = variants.findIndex(({ height }) => height <= AUTO_HEIGHT)
  return fits < 0 ? variants.length - 1 : fits
}

export function inputsOf({ url, soundUrl }: HlsVariant): string[] {
  return soundUrl === null ? [url] : [url, soundUrl]
}

/** For the menu. */
export function qualitiesOf({ variants }: PullSource): { id: number; label: string }[] {
  return variants.map((variant, id) => ({ id, label: variantLabel(variant, variants) }))
}

/** Text of a playlist (null: it is something else), where it was found in the end, and its type. */
async function ask(url: string, signal: AbortSignal): Promise<{ text: string | null; at: string; type: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
  try {
    const response = await fetch(withoutPerson(url), { signal: limit, headers: personOf(url) })
    const reader = response.body?.getReader()
    if (!response.ok || !reader) {
      await reader?.cancel()
      throw pullError(errorOfStatus(response.status))
    }
    const at = new URL(response.url)
    const type = response.headers.get('content-type') ?? ''
    let bytes = new Uint8Array(0)
    let isList = true
    for (let part = await reader.read(); !part.done && isList; part = await reader.read()) {
      bytes = Buffer.concat([bytes, part.value])
      isList = bytes.length < 10 || Buffer.from(bytes.subarray(0, 10)).toString('utf8').includes('#EXTM3U')
      if (isList && bytes.length > MAX_PLAYLIST) throw pullError('not-a-video')
    }
    if (!isList || bytes.length < 7) {
      await reader.cancel().catch(() => undefined)
      return { text: null, at: at.href, type }
    }
    return { text: new TextDecoder().decode(bytes), at: withPerson(at.href, url), type }
  } catch (error) {
    if (error instanceof Error && error.name === 'StudioError') throw error
    throw errorOfRequest(url, error)
  }
}
