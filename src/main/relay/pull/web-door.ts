import { randomBytes } from 'node:crypto'
import { createServer, request as requestHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { webUrl } from './hls-playlist'
import { errorOfRequest } from './pull-error'
import type { TlsOptions } from './tls-bridge'
import { personOf, withoutPerson, withPerson } from './web-fetch'

const MAX_PLAYLIST = 4 << 20
const MAX_REDIRECTS = 5
/** A silent server is left after so long, milliseconds. */
const SILENCE_MS = 10_000
/** ffmpeg has one request for each input, and one more while it changes from segment to segment. */
const MAX_CONNECTIONS = 16
/** What ffmpeg must know of an answer. */
const PASSED = ['content-type', 'content-length', 'content-range', 'accept-ranges'] as const

/**
 * The web as ffmpeg sees it when an address begins with https: [Note: Why a bridge]. It asks at this door on this
 * computer; Node fetches with a checked certificate and rewrites playlists, so that what they name is asked for here too.
 * Redirects are followed here, and from https only to https.
 */
export class WebDoor {
  /** Why the newest request got no answer. */
  problem: Error | null = null
  private readonly server: Server
  /** Nobody else on this computer knows the way. */
  private readonly secret = randomBytes(16).toString('hex')
  private readonly ending = new AbortController()

  static async open(options: TlsOptions = {}): Promise<WebDoor> {
    const door = new WebDoor(options)
    await new Promise<void>((resolve, reject) => {
      door.server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    return door
  }

  private constructor(private readonly options: TlsOptions) {
    this.server = createServer((asked, answer) => {
      asked.resume()
      const url = this.readUrl(asked.url ?? '')
      if (url === null || asked.method !== 'GET') answer.writeHead(404).end()
      else this.pass(url, asked, answer, MAX_REDIRECTS)
    })
    this.server.maxConnections = MAX_CONNECTIONS
  }

  /** Where ffmpeg gets what is at an address. */
  urlFor(url: string): string {
    const { port } = this.server.address() as AddressInfo
    const ending = /\.[a-z0-9]{1,5}$/i.exec(new URL(url).pathname)?.[0] ?? ''
    return `http://127.0.0.1:${port}/${this.secret}/${Buffer.from(url).toString('base64url')}/media${ending}`
  }

  close(): void {
    this.ending.abort()
    this.server.close()
    this.server.closeAllConnections()
  }

  private readUrl(path: string): string | null {
    const [, secret, coded = ''] = path.split('/')
    return secret === this.secret ? webUrl(Buffer.from(coded, 'base64url').toString(), 'http://none/') : null
  }

  private pass(url: string, asked: IncomingMessage, answer: ServerResponse, redirects: number): void {
    const { ca } = this.options
    const { range } = asked.headers
    const headers = { 'user-agent': 'WE Studio', ...personOf(url), ...(range === undefined ? {} : { range }) }
    const { signal } = this.ending
    const isSecure = url.startsWith('https:')
    const made = isSecure
      ? requestHttps(withoutPerson(url), { headers, signal, ...(ca !== undefined && { ca }) })
      : requestHttp(withoutPerson(url), { headers, signal })
    made.setTimeout(SILENCE_MS, () => made.destroy())
    answer.once('close', () => made.destroy())
    made.on('error', (error) => {
      if (answer.destroyed) return
      this.problem = errorOfRequest(url, error)
      if (answer.headersSent) answer.destroy()
      else answer.writeHead(502).end()
    })
    made.once('response', (found) => {
      this.problem = null
      const { statusCode = 502, headers: told } = found
      found.on('error', () => answer.destroy())
      if (statusCode >= 300 && statusCode < 400) {
        found.resume()
        const to = webUrl(told.location ?? '', url)
        if (to === null || redirects === 0 || (isSecure && !to.startsWith('https:'))) answer.writeHead(404).end()
        else this.pass(withPerson(to, url), asked, answer, redirects - 1)
      } else if (/mpegurl/i.test(told['content-type'] ?? '') || /\.m3u8?$/i.test(new URL(url).pathname)) {
        this.passList(url, found, answer)
      } else {
        const passed = PASSED.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]] as const]))
        answer.writeHead(statusCode, Object.fromEntries(passed))
        found.pipe(answer)
      }
    })
    made.end()
  }

  private passList(url: string, found: IncomingMessage, answer: ServerResponse): void {
    const parts: Buffer[] = []
    let length = 0
    found.on('data', (part: Buffer) => {
      length += part.length
      if (length > MAX_PLAYLIST) answer.destroy()
      else parts.push(part)
    })
    found.once('end', () => {
      const list = rewritten(Buffer.concat(parts).toString(), (text) => {
        const to = webUrl(text, url)
        return to === null ? null : this.urlFor(withPerson(to, url))
      })
      answer.writeHead(found.statusCode ?? 502, { 'content-type': 'application/vnd.apple.mpegurl' }).end(list)
    })
  }
}

/** A playlist (RFC 8216) with other addresses; what has none is left out. */
function rewritten(list: string, other: (url: string) => string | null): string {
  return list
    .split(/\r?\n/)
    .map((line) => {
      if (line.startsWith('#')) return line.replace(/URI="([^"]*)"/g, (_, url: string) => `URI="${other(url) ?? ''}"`)
      return line.trim() === '' ? '' : (other(line.trim()) ?? '')
    })
    .join('\n')
}
