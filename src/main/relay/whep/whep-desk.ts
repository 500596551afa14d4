import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StudioError } from '@shared/errors'
import { ConnectionCount } from '../connection-count'
import type { ReaderFigures } from '../figures'
import { FULL_WORDS, RETRY_AFTER_S, type ReaderRoom } from '../reader-room'
import { offerOf, say } from '../http/sdp-exchange'
import type { Live } from '../relay-hub'
import type { TranscodeProgram } from '../relay-parts'
import { OpusShare } from './opus-share'
import { WhepSession } from './whep-session'

/** Each has a socket and threads' work of its own: far fewer than readers over HTTP. */
const MAX_SESSIONS = 64
const MAX_SESSIONS_EACH = 16

/** Viewers over WebRTC by WHEP (draft-ietf-wish-whep): an offer is posted and answered, a DELETE ends it. */
export class WhepDesk {
  private readonly sessions = new Map<string, WhepSession>()
  private readonly count = new ConnectionCount(MAX_SESSIONS, MAX_SESSIONS_EACH)
  private readonly opus: OpusShare | null

  /** @param ffmpeg for the sound; missing: pictures alone */
  constructor(
    private readonly figures: ReaderFigures,
    private readonly room: ReaderRoom,
    ffmpeg?: (args: string[]) => TranscodeProgram,
  ) {
    this.opus = ffmpeg ? new OpusShare(ffmpeg) : null
  }

  /** Takes an offer; never throws. */
  async post(live: Live, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? ''
    const leaveCount = this.count.enter(address)
    if (!leaveCount) {
      full(request, response)
      return
    }
    const { stream } = live
    const offer = await offerOf(request, response)
    if (offer === null) {
      leaveCount()
      return
    }
    const session = new WhepSession(stream)
    const out = this.room.enter(
      address,
      () => stream.bytesPerSecond,
      () => session.close(),
    )
    if (!out) {
      leaveCount()
      session.close()
      full(request, response)
      return
    }
    const leave = this.figures.enter(live.sourceName ?? stream.name, 'whep')
    const id = randomUUID()
    this.sessions.set(id, session)
    let counted = 0
    const tally = (): void => {
      this.figures.bytesOut.whep += session.bytesSent - counted
      counted = session.bytesSent
    }
    const counting = setInterval(tally, 1000)
    void session.over.then(() => {
      clearInterval(counting)
      tally()
      this.sessions.delete(id)
      leaveCount()
      leave()
      out()
    })
    try {
      const answer = await session.answer(offer, this.opus)
      response
        .writeHead(201, {
          'Content-Type': 'application/sdp',
          Location: `/whep/${stream.name}/${id}`,
          'Cache-Control': 'no-store',
        })
        .end(answer)
    } catch (error) {
      const status = error instanceof StudioError && error.code !== 'bad-offer' ? 406 : 400
      say(request, response, status, error instanceof StudioError ? error.message : 'This offer cannot be answered.')
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
}

function full(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Retry-After', RETRY_AFTER_S)
  say(request, response, 503, FULL_WORDS)
}
