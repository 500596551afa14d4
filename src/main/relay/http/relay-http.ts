import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ConnectionCount } from '../connection-count'
import type { Protocol, ReaderFigures } from '../figures'
import { HlsOrigin, type HlsFile } from '../hls/hls-origin'
import { FLV_WIRE, type Wire } from '../live-reader'
import type { Live, RelayHub } from '../relay-hub'
import { socketPipe } from '../socket-pipe'
import { ALWAYS, crossOrigin, isOwnHost, PAGE_POLICY, type HttpAccess } from './access'
import { describeLive, describeLives } from './describe-live'
import { Mp4Wire } from './mp4-wire'
import { PageAssets } from './page-assets'
import { readRoute, type Route } from './route'
import { FULL_WORDS, RETRY_AFTER_S, type ReaderRoom } from '../reader-room'
import type { WhipDesk } from '../whip-in/whip-desk'
import type { WhepDesk } from '../whep/whep-desk'
import type { RelayedShows } from '../shows/relayed-shows'

export const HTTP_LIMITS = {
  connections: 1024,
  /** From one address: many viewers may sit behind one. */
  connectionsEach: 256,
  headerBytes: 8192,
  /** For the headers of a request, milliseconds: a slow one takes no place. */
  headersMs: 5_000,
  /** A connection on which nothing happens, milliseconds. */
  idleMs: 20_000,
} as const

export interface RelayHttpOptions {
  hub: RelayHub
  figures: ReaderFigures
  /** Who may read, where the owner has set a limit. */
  room: ReaderRoom
  access: HttpAccess
  /** Shows as they travel between peers. */
  shows: RelayedShows
  /** Viewers over WebRTC. */
  whep: WhepDesk
  /** Shows that come over WebRTC. */
  whip: WhipDesk
  limits?: Partial<Record<keyof typeof HTTP_LIMITS, number>>
}

/** The relay's side of HTTP: lives as FLV, MP4 and HLS, and the page on which any browser can watch. */
export class RelayHttp {
  readonly server: Server
  private readonly origins = new WeakMap<Live, HlsOrigin>()
  private readonly mp4 = new WeakMap<Live, Mp4Wire>()
  private readonly assets = new PageAssets()

  constructor(private readonly options: RelayHttpOptions) {
    const limits = { ...HTTP_LIMITS, ...options.limits }
    const count = new ConnectionCount(limits.connections, limits.connectionsEach)
    this.server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersMs,
        requestTimeout: 0, // a show is one request for as long as it lasts; other bodies are refused
        keepAliveTimeout: limits.idleMs,
        connectionsCheckingInterval: Math.min(1000, limits.headersMs),
      },
      (request, response) => void this.answer(request, response),
    )
    this.server.on('connection', (socket) => {
      socket.on('error', () => undefined)
      const leave = count.enter(socket.remoteAddress ?? '')
      if (leave) socket.on('close', leave)
      else socket.destroy()
    })
    this.server.setTimeout(limits.idleMs, (socket) => socket.destroy())
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.server.closeAllConnections()
    await closed
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access } = this.options
    for (const [name, value] of Object.entries({ ...ALWAYS, ...crossOrigin(request.headers.origin, access) })) {
      response.setHeader(name, value)
    }
    const route = readRoute(request.url ?? '')
    const isOwn = isOwnHost(request.headers.host, access)
    if (isOwn && request.method === 'POST' && route?.kind === 'we') {
      this.options.shows.post(route.name, request, response)
      return
    }
    const isExchange = route?.kind === 'whep' || route?.kind === 'whip'
    if (isOwn && isExchange && this.exchange(route, request, response)) return
    if (hasBody(request)) {
      response.setHeader('Connection', 'close')
      response.once('finish', () => request.destroy())
    } else request.resume()
    if (!isOwn) {
      say(response, 421, 'This relay is for this computer only. Open it as http://localhost.')
    } else if (request.method !== 'GET' && request.method !== 'HEAD' && !isExchange) {
      say(response, 405, 'A relay can only be read.')
    } else {
      const found = route !== null && (await this.serve(route, request, response))
      if (!found) say(response, 404, wordsFor(route))
    }
  }

  /** Offers and goodbyes of WebRTC (WHEP out, WHIP in); false for what is neither, or for no live of ours. */
  private exchange(
    route: Route & { kind: 'whep' | 'whip' },
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const desk = this.options[route.kind]
    const isOffer = request.method === 'POST' && route.id === null
    const live = route.kind === 'whep' ? this.options.hub.find(route.name) : null
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'POST, DELETE')
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization')
    } else if (isOffer && (live || route.kind === 'whip')) {
      response.setHeader('Access-Control-Expose-Headers', 'Location')
      if (route.kind === 'whip') void this.options.whip.post(route.key, request, response)
      else void this.options.whep.post(live!, request, response)
      return true
    } else if (request.method !== 'DELETE' || route.id === null || !desk.sessions.delete(route.id)) return false
    request.resume()
    response.writeHead(204).end()
    return true
  }

  /** Whether there is such a thing; then it was sent. */
  private async serve(route: Route, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { hub, figures } = this.options
    if (route.kind === 'page' || route.kind === 'open') {
      response.setHeader('Content-Security-Policy', PAGE_POLICY)
      return this.assets.send(route.kind === 'page' ? 'watch.html' : 'open.html', request, response)
    }
    if (route.kind === 'asset') return this.assets.send(route.name, request, response)
    if (route.kind === 'whep' || route.kind === 'whip') return false // nothing to get there
    if (route.kind === 'lives') return json(response, describeLives(hub, figures))
    if (route.kind === 'we') return this.options.shows.read(route.name, route.from, request, response)
    const live = hub.find(route.name)
    if (!live) return false
    switch (route.kind) {
      case 'live':
        return json(response, describeLive(hub, live, figures))
      case 'flv':
        return this.stream(live, 'flv', 'video/x-flv', FLV_WIRE, request, response)
      case 'mp4':
        return this.stream(live, 'mp4', 'video/mp4', this.mp4Of(live), request, response)
      default: {
        const who = `${request.socket.remoteAddress} ${request.headers['user-agent']?.slice(0, 200)}`
        const address = request.socket.remoteAddress ?? ''
        const { stream } = live
        if (!this.options.room.ask(address, `${stream.name} ${who}`, () => stream.bytesPerSecond)) return full(response)
        figures.asked(live.sourceName ?? live.stream.name, who)
        const file = await this.hlsFile(live, route, response)
        if (file) this.send(file, response)
        return file !== null
      }
    }
  }

  private hlsFile(live: Live, route: Route, response: ServerResponse): Promise<HlsFile | null> | HlsFile | null {
    const origin = this.originOf(live)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    if (route.kind === 'variants') {
      const copies = this.options.hub.lives.filter(({ sourceName }) => sourceName === live.stream.name)
      return origin.variants(copies, gone.signal)
    }
    if (route.kind === 'playlist') return origin.playlist(route.until, gone.signal)
    if (!('run' in route) || route.run !== live.run) return null
    if (route.kind === 'init') return origin.init(route.id)
    return route.kind === 'segment' ? origin.segment(route.number) : origin.part(route.number, route.part, gone.signal)
  }

  private send({ contentType, bytes, forEver }: HlsFile, response: ServerResponse): void {
    const length = bytes.reduce((sum, part) => sum + part.length, 0)
    response.writeHead(200, {
      'Content-Type': contentType,
      'Content-Length': length,
      'Cache-Control': forEver ? 'public, max-age=600, immutable' : 'no-store',
    })
    this.options.figures.bytesOut.hls += length
    if (response.req.method !== 'HEAD') for (const part of bytes) response.write(part)
    response.end()
  }

  private stream(
    live: Live,
    protocol: Protocol,
    contentType: string,
    wire: Wire,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const { figures } = this.options
    // Ends with the connection: no chunks around what is a stream already.
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    const { socket } = request
    const isRead = request.method === 'GET'
    const out = isRead
      ? this.options.room.enter(
          socket.remoteAddress ?? '',
          () => live.stream.bytesPerSecond,
          () => socket.destroy(),
        )
      : (): undefined => undefined
    if (out === null) return full(response)
    response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' })
    if (!isRead) {
      response.end()
      return true
    }
    response.flushHeaders()
    request.socket.setTimeout(0) // its reader decides when it is too slow
    const pipe = socketPipe(response, request.socket, (bytes) => {
      figures.bytesOut[protocol] += bytes
    })
    const leave = figures.enter(live.sourceName ?? live.stream.name, protocol)
    const { stop } = live.stream.read(wire, pipe)
    response.once('close', () => {
      stop()
      leave()
      out()
    })
    return true
  }

  private originOf(live: Live): HlsOrigin {
    const origin = this.origins.get(live) ?? new HlsOrigin(live)
    this.origins.set(live, origin)
    return origin
  }

  private mp4Of(live: Live): Mp4Wire {
    const wire = this.mp4.get(live) ?? new Mp4Wire()
    this.mp4.set(live, wire)
    return wire
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** No room for one more reader: better refused than all served badly. */
function full(response: ServerResponse): true {
  response.setHeader('Retry-After', RETRY_AFTER_S)
  say(response, 503, FULL_WORDS)
  return true
}

function wordsFor(route: Route | null): string {
  if (route === null || !('name' in route) || route.kind === 'asset') return 'There is nothing at this address.'
  if ('run' in route) return 'This piece of the live is gone, or not there yet.'
  return `There is no live named ${route.name} here at the moment. It may begin later, or its name is another one.`
}

function json(response: ServerResponse, value: unknown): boolean {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(response.req.method === 'HEAD' ? undefined : JSON.stringify(value))
  return true
}

function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(response.req.method === 'HEAD' ? undefined : `${words}\n`)
}
