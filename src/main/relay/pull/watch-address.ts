import { StudioError } from '@shared/errors'

/** What a person may put into the field of links: a live between peers, or an address of somebody else. */
export type WatchAddress =
  | { kind: 'live'; url: string }
  /** `web`: what it is can only be told by asking. */
  | { kind: 'hls' | 'flv' | 'file' | 'web' | 'rtmp'; url: string }

const MAX_LENGTH = 2048
const KINDS: Partial<Record<string, 'hls' | 'flv' | 'file'>> = {
  ...{ m3u8: 'hls', m3u: 'hls', flv: 'flv' },
  ...{ mp4: 'file', m4v: 'file', mov: 'file', webm: 'file', mkv: 'file', ts: 'file' },
}

/**
 * Recognises an address by its looks. Private hosts are allowed: the person asks for them by name.
 * @throws StudioError `bad-address` for everything else, with words on what would do
 */
export function readWatchAddress(text: string): WatchAddress {
  const url = text.trim()
  if (/^we:/i.test(url)) return { kind: 'live', url }
  // Blanks and control characters never belong here; programs disagree about what they mean.
  if (url.length > MAX_LENGTH || !/^[\x21-\x7e\u00a1-\uffff]+$/.test(url))
    throw bad('It has blanks in it or is too long.')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || !URL.canParse(url)) throw bad('It does not say how to get there.')
  if (scheme === 'file') throw bad('A file on this computer is opened in the studio, as a source.')
  const parsed = new URL(url)
  if (!/^[a-z]+:\/\/[^/]/i.test(url) || parsed.hostname === '') throw bad('It names no server.')
  if (scheme === 'rtmp' || scheme === 'rtmps') return { kind: 'rtmp', url }
  if (scheme !== 'http' && scheme !== 'https') throw bad(`Addresses that begin with ${scheme}: cannot be played.`)
  const ending = /\.([a-z0-9]{1,5})$/i.exec(parsed.pathname)?.[1]?.toLowerCase() ?? ''
  return { kind: KINDS[ending] ?? 'web', url: parsed.href }
}

function bad(why: string): StudioError {
  return new StudioError(
    'bad-address',
    `This is not an address that can be played. ${why} Paste a we:// link, or an address that begins with https://, http:// or rtmp://.`,
  )
}
