import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StudioError } from '@shared/errors'
import { ConnectionCount } from '../connection-count'
import { RETRY_AFTER_S } from '../reader-room'
import { MAX_OFFER } from '../rtc/offered-media'

/** An offer is one or two packets: whoever takes longer holds a place that others want, milliseconds. */
const OFFER_MS = 10_000

/** What an offer begins: a viewer or a show over WebRTC. */
export interface OfferSession {
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<unknown>
  /** @throws StudioError; it is over then */
  answer: (offer: string) => Promise<string>
  close: () => void
}

export interface OfferDeskOptions {
  /** Sessions at once, in all and from one address: each has a socket and threads' work of its own. */
  most: number
  mostEach: number
  /** What is said when there is no place. */
  fullWords: string
}

/** Sessions over WebRTC as WHIP (RFC 9725, 4.2) and WHEP (draft-ietf-wish-whep) begin and end them: an offer is posted and answered, a DELETE ends it. */
export class OfferDesk {
  private readonly sessions = new Map<string, OfferSession>()
  private readonly count: ConnectionCount

  constructor(private readonly options: OfferDeskOptions) {
    this.count = new ConnectionCount(options.most, options.mostEach)
  }

  /**
   * Takes an offer; never throws.
   * @param path of the address that the session gets: its name comes behind it
   * @param begin called when the offer has come; what it throws is told to who asks (StudioError) or is none of theirs
   */
  async take(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    begin: () => OfferSession,
  ): Promise<void> {
    const leave = this.count.enter(request.socket.remoteAddress ?? '')
    if (!leave) {
      refuse(request, response, new StudioError('relay-full', this.options.fullWords))
      return
    }
    let session: OfferSession | null = null
    try {
      const offer = await offerOf(request, response)
      if (offer === null) return
      session = begin()
      const id = this.keep(session, leave)
      const answer = await session.answer(offer)
      const headers = { 'Content-Type': 'application/sdp', Location: `${path}/${id}`, 'Cache-Control': 'no-store' }
      response.writeHead(201, headers).end(answer)
    } catch (error) {
      refuse(request, response, error)
    } finally {
      if (!session) leave()
    }
  }

  /** Ends a session; whether there was one. */
  delete(id: string): boolean {
    const session = this.sessions.get(id)
    session?.close()
    return session !== undefined
  }

  close(): void {
    for (const session of this.sessions.values()) session.close()
  }

  private keep(session: OfferSession, leave: () => void): string {
    const id = randomUUID()
    this.sessions.set(id, session)
    void session.over.then(() => {
      this.sessions.delete(id)
      leave()
    })
    return id
  }
}

/** The offer that a request posts; null when it has none: then it was answered. */
async function offerOf(request: IncomingMessage, response: ServerResponse): Promise<string | null> {
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/sdp') {
    say(request, response, 415, 'An offer is application/sdp.')
    return null
  }
  const chunks: Buffer[] = []
  let length = 0
  const timer = setTimeout(() => request.destroy(), OFFER_MS)
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length
      if (length > MAX_OFFER) {
        say(request, response, 413, 'This is longer than any offer.')
        return null
      }
      chunks.push(chunk as Buffer)
    }
  } catch {
    return null // the connection broke; nobody hears an answer
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks).toString()
}

const STATUS: Partial<Record<string, number>> = {
  'wrong-key': 401,
  'not-h264': 406,
  'not-for-webrtc': 406,
  'destination-not-webrtc': 406,
  'already-live': 409,
  'too-many-lives': 503,
  'relay-full': 503,
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const isOurs = error instanceof StudioError
  const status = (isOurs && STATUS[error.code]) || 400
  if (status === 503) response.setHeader('Retry-After', RETRY_AFTER_S)
  say(request, response, status, isOurs ? error.message : 'This offer cannot be answered.')
}

/** Answers in words; of a body that has not come, nothing more is read. */
export function say(request: IncomingMessage, response: ServerResponse, status: number, words: string): void {
  if (!request.complete) {
    response.setHeader('Connection', 'close')
    response.once('finish', () => request.destroy())
  }
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(`${words}\n`)
}
