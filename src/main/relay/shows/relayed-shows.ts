import type { IncomingMessage, ServerResponse } from 'node:http'
import { MeshFault } from '@shared/mesh/byte-reader'
import type { ReaderFigures } from '../figures'
import { socketPipe } from '../socket-pipe'
import { FULL_WORDS, RETRY_AFTER_S, type ReaderRoom } from '../reader-room'
import { RelayedShow } from './relayed-show'

/** A broadcaster that sends nothing for so long is gone, milliseconds. */
const SILENT_MS = 10_000
const MAX_SHOWS = 32

interface Passage {
  show: RelayedShow
  request: IncomingMessage
}

/** Shows of our own broadcasters by name: one posts, many read. */
export class RelayedShows {
  readonly #passages = new Map<string, Passage>()

  /** @param mayPost whether this key opens this name */
  constructor(
    private readonly mayPost: (name: string, key: string) => boolean,
    private readonly figures: ReaderFigures,
    private readonly room: ReaderRoom,
    private readonly log: (line: string) => void,
  ) {}

  /**
   * Takes a show in for as long as the request lasts. A newer post with the right key takes the place of an older one:
   * a broadcaster whose line broke comes back before the old connection is known to be dead.
   */
  post(name: string, request: IncomingMessage, response: ServerResponse): void {
    const key = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
    if (key === undefined || !this.mayPost(name, key)) {
      refuse(request, response, 403, 'This stream key is not known here.')
      return
    }
    // whoever only asks whether the key fits must not put out a show that is on
    if (request.headers['content-length'] === '0') {
      request.resume()
      response.writeHead(204).end()
      return
    }
    if (!this.#passages.has(name) && this.#passages.size >= MAX_SHOWS) {
      refuse(request, response, 503, `This relay carries ${MAX_SHOWS} shows at most. Try later.`)
      return
    }
    this.#passages.get(name)?.request.destroy()
    const show = new RelayedShow()
    const passage = { show, request }
    this.#passages.get(name)?.show.end()
    this.#passages.set(name, passage)
    request.socket.setTimeout(SILENT_MS)
    request.on('data', (bytes: Buffer) => {
      try {
        show.push(bytes)
      } catch (error) {
        if (!(error instanceof MeshFault)) throw error
        this.log(`${name}: what was posted is no show: ${error.message}`)
        refuse(request, response, 400, 'This is no show.')
      }
    })
    request.on('end', () => response.writeHead(200).end())
    request.on('error', () => undefined)
    request.once('close', () => {
      show.end()
      if (this.#passages.get(name) === passage) this.#passages.delete(name)
    })
  }

  /** Hands a show to a viewer; false when there is none of that name. */
  read(name: string, from: number | null, request: IncomingMessage, response: ServerResponse): boolean {
    const passage = this.#passages.get(name)
    if (passage === undefined) return false
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    const { show } = passage
    const out =
      request.method === 'HEAD'
        ? (): undefined => undefined
        : this.room.enter(
            request.socket.remoteAddress ?? '',
            () => show.bytesPerSecond,
            () => request.socket.destroy(),
          )
    if (out === null) {
      response.setHeader('Retry-After', RETRY_AFTER_S)
      refuse(request, response, 503, FULL_WORDS)
      return true
    }
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' })
    if (request.method === 'HEAD') {
      response.end()
      return true
    }
    response.flushHeaders()
    request.socket.setTimeout(0) // the show decides when a reader is too slow
    request.socket.setNoDelay(true)
    const leave = this.figures.enter(name, 'we')
    const stop = show.read(
      from,
      socketPipe(response, request.socket, (bytes) => {
        this.figures.bytesOut.we += bytes
      }),
    )
    response.once('close', () => {
      stop()
      leave()
      out()
    })
    return true
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  response.end(`${words}\n`, () => request.destroy())
}
