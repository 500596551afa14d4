import { StreamName } from '../stream-keys'

/** What a request asks for. */
export type Route =
  | { kind: 'page' }
  /** Shows a link, which stands behind the `#` and never comes here. */
  | { kind: 'open' }
  | { kind: 'asset'; name: string }
  | { kind: 'lives' }
  | { kind: 'live'; name: string }
  | { kind: 'flv'; name: string }
  | { kind: 'mp4'; name: string }
  /** A show as it travels between peers, from the group on that holds chunk `from`. */
  | { kind: 'we'; name: string; from: number | null }
  /** Viewers over WebRTC; `id` of a session that runs. */
  | { kind: 'whep'; name: string; id: string | null }
  /** Shows that come over WebRTC; with a key in the address, or `id` of a session that runs. */
  | { kind: 'whip'; key: string | null; id: string | null }
  | { kind: 'variants'; name: string }
  | { kind: 'playlist'; name: string; until: { segment: number; part: number | null } | null }
  | { kind: 'init'; name: string; run: string; id: number }
  | { kind: 'segment'; name: string; run: string; number: number }
  | { kind: 'part'; name: string; run: string; number: number; part: number }

const MAX_URL = 1024
/** Names of sessions over WebRTC. */
const SESSION = /^[0-9a-f-]{36}$/

/** Reads the path and query of a request; null for what there is not. Never throws. */
export function readRoute(url: string): Route | null {
  if (url.length > MAX_URL || !url.startsWith('/')) return null
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const [, first, second, third, ...more] = path.split('/')
  if (more.length > 0 || first === undefined) return null
  if (second === undefined) return bare(first)
  if (third === undefined) return short(first, second, query)
  if (first === 'whip' && second === 'session')
    return SESSION.test(third) ? { kind: 'whip', key: null, id: third } : null
  if (first === 'whep') {
    const isSession = StreamName.safeParse(second).success && SESSION.test(third)
    return isSession ? { kind: 'whep', name: second, id: third } : null
  }
  if (first !== 'live' || !StreamName.safeParse(second).success) return null
  return file(second, third, query)
}

function bare(first: string): Route | null {
  if (first === '') return { kind: 'page' }
  if (first === 'open') return { kind: 'open' }
  return first === 'whip' ? { kind: 'whip', key: null, id: null } : null
}

function short(first: string, second: string, query: string): Route | null {
  if (first === 'open') return second === '' ? { kind: 'open' } : null
  if (first === 'page') return /^[a-z-]{1,32}\.(js|css|svg)$/.test(second) ? { kind: 'asset', name: second } : null
  if (first === 'watch') return StreamName.safeParse(second).success ? { kind: 'page' } : null
  if (first === 'whip') return /^[\w-]{1,128}$/.test(second) ? { kind: 'whip', key: second, id: null } : null
  if (first === 'whep') return StreamName.safeParse(second).success ? { kind: 'whep', name: second, id: null } : null
  if (first === 'api') {
    if (second === 'lives.json') return { kind: 'lives' }
    const name = second.endsWith('.json') ? second.slice(0, -5) : ''
    return StreamName.safeParse(name).success ? { kind: 'live', name } : null
  }
  const [, name, kind] = first === 'live' ? (/^(.*)\.(flv|mp4|we)$/.exec(second) ?? []) : []
  if (name === undefined || !StreamName.safeParse(name).success) return null
  if (kind === 'we') {
    const from = /^from=(\d{1,10})$/.exec(query)?.[1]
    return { kind, name, from: from === undefined ? null : Number(from) }
  }
  return { kind: kind === 'flv' ? 'flv' : 'mp4', name }
}

function file(name: string, leaf: string, query: string): Route | null {
  if (leaf === 'index.m3u8') return { kind: 'variants', name }
  if (leaf === 'live.m3u8') return { kind: 'playlist', name, until: blockingReload(query) }
  const [, what, run, first, part, ending] =
    /^(init|seg|part)-([a-z0-9]{1,12})-(\d{1,10})(?:\.(\d{1,5}))?\.(mp4|m4s)$/.exec(leaf) ?? []
  if (what === undefined || run === undefined) return null
  const number = Number(first)
  if (what === 'init' && part === undefined && ending === 'mp4') return { kind: 'init', name, run, id: number }
  if (ending !== 'm4s') return null
  if (what === 'seg' && part === undefined) return { kind: 'segment', name, run, number }
  return what === 'part' && part !== undefined ? { kind: 'part', name, run, number, part: Number(part) } : null
}

/** RFC 8216bis, 6.2.5.2. */
function blockingReload(query: string): { segment: number; part: number | null } | null {
  const segment = /(?:^|&)_HLS_msn=(\d{1,10})(?:&|$)/.exec(query)?.[1]
  const part = /(?:^|&)_HLS_part=(\d{1,5})(?:&|$)/.exec(query)?.[1]
  return segment === undefined ? null : { segment: Number(segment), part: part === undefined ? null : Number(part) }
}
