import { readHlsPlaylist, variantLabel, type HlsVariant } from './hls-playlist'
import { errorOfStatus, pullError } from './pull-error'
import type { WatchAddress } from './watch-address'

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
    return { kind: as, inputs: [url], live, durationMs: null, variants: [] }
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
    const { live, durationMs } = list
    return { kind: 'hls', inputs: [at], live, durationMs: live ? null : durationMs, variants: [] }
  }
  const first = automatic(list.variants)
  const chosen = await ask(list.variants[first]!.url, signal)
  const media = chosen.text === null ? null : readHlsPlaylist(chosen.text, chosen.at)
  if (media?.kind !== 'media') throw pullError('not-a-video')
  const durationMs = media.live ? null : media.durationMs
  const source: PullSource = { kind: 'hls', inputs: [], live: media.live, durationMs, variants: list.variants }
  return { ...source, inputs: inputsOf(list.variants[first]!) }
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
    const { username, password } = new URL(url)
    if (new URL(url).host === at.host) Object.assign(at, { username, password })
    return { text: new TextDecoder().decode(bytes), at: at.href, type }
  } catch (error) {
    if (error instanceof Error && error.name === 'StudioError') throw error
    throw pullError('nothing-there', error)
  }
}

/** `fetch` refuses a name and a password in an address. */
function withoutPerson(url: string): string {
  return Object.assign(new URL(url), { username: '', password: '' }).href
}

function personOf(url: string): Record<string, string> {
  const { username, password } = new URL(url)
  if (username === '') return {}
  const person = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(person).toString('base64')}` }
}
