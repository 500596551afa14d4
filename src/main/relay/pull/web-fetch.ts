import { errorOfRequest, errorOfStatus, pullError } from './pull-error'

/** What was found at an address of the web. */
export interface WebAnswer {
  bytes: Uint8Array
  /** Where it was found in the end, with the name and password of the request when it is the same server. */
  at: string
  /** Content type; may be empty. */
  type: string
}

export interface WebFetchOptions {
  signal: AbortSignal
  /** Bytes at most. */
  limit: number
  /** Gives up after so long, milliseconds. */
  timeoutMs: number
  range?: { from: number; length: number } | null
}

/**
 * Fetches a small file of somebody else: bounded in time and in bytes, by http or https with a checked certificate, also
 * after redirects. @throws StudioError `nothing-there`, `not-allowed`, `server-broken`; `too-long` becomes `not-a-video`
 */
export async function webFetch(url: string, options: WebFetchOptions): Promise<WebAnswer> {
  const { limit, timeoutMs, range } = options
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)])
  const asked = range ? { range: `bytes=${range.from}-${range.from + range.length - 1}` } : {}
  try {
    const response = await fetch(withoutPerson(url), { signal, headers: { ...personOf(url), ...asked } })
    const reader = response.body?.getReader()
    if (!response.ok || !reader) {
      await reader?.cancel()
      throw pullError(errorOfStatus(response.status))
    }
    const parts: Uint8Array[] = []
    let length = 0
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length
      if (length > limit) {
        await reader.cancel().catch(() => undefined)
        throw pullError('not-a-video')
      }
      parts.push(part.value)
    }
    let bytes: Uint8Array = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length)
    // A server that knows no ranges sends all of it.
    if (range && response.status !== 206) bytes = bytes.subarray(range.from, range.from + range.length)
    return { bytes, at: withPerson(response.url, url), type: response.headers.get('content-type') ?? '' }
  } catch (error) {
    if (error instanceof Error && error.name === 'StudioError') throw error
    throw errorOfRequest(url, error)
  }
}

/** `fetch` refuses a name and a password in an address. */
export function withoutPerson(url: string): string {
  return Object.assign(new URL(url), { username: '', password: '' }).href
}

export function personOf(url: string): Record<string, string> {
  const { username, password } = new URL(url)
  if (username === '') return {}
  const person = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(person).toString('base64')}` }
}

/** The name and password go along to the same server only. */
export function withPerson(found: string, asked: string): string {
  const at = new URL(found)
  const { username, password, host } = new URL(asked)
  if (host === at.host) Object.assign(at, { username, password })
  return at.href
}
