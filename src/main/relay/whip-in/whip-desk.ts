import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StudioError } from '@shared/errors'
import { ConnectionCount } from '../connection-count'
import { offerOf, say } from '../http/sdp-exchange'
import type { Publication } from '../relay-hub'
import type { TranscodeProgram } from '../relay-parts'
import { WhipIntake } from './whip-intake'

const MAX_SESSIONS = 32
const MAX_SESSIONS_EACH = 16

export interface WhipHost {
  /** @throws StudioError `wrong-key`, `already-live`, `too-many-lives` */
  publish: (key: string, putOut: (why: string) => void) => Publication
  ffmpeg?: ((args: string[]) => TranscodeProgram) | undefined
  log: (line: string) => void
}

/** Shows that come by WHIP (RFC 9725): OBS and browsers. The stream key is the bearer token or the end of the address. */
export class WhipDesk {
  private readonly sessions = new Map<string, WhipIntake>()
  private readonly count = new ConnectionCount(MAX_SESSIONS, MAX_SESSIONS_EACH)

  constructor(private readonly host: WhipHost) {}

  /** Takes an offer; never throws. @param key of the address, where it has one */
  async post(key: string | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? key
    if (given === null) {
      response.setHeader('WWW-Authenticate', 'Bearer')
      say(request, response, 401, 'Put the stream key into the field for the bearer token.')
      return
    }
    const leave = this.count.enter(request.socket.remoteAddress ?? '')
    if (!leave) {
      say(request, response, 503, 'This relay takes no more shows by WebRTC now. Try later.')
      return
    }
    const offer = await offerOf(request, response)
    if (offer === null) {
      leave()
      return
    }
    let intake: WhipIntake | null = null
    try {
      const publication = this.host.publish(given, () => intake?.close())
      intake = new WhipIntake(publication, this.host.ffmpeg, this.host.log)
      const id = randomUUID()
      this.sessions.set(id, intake)
      void intake.over.then(() => {
        this.sessions.delete(id)
        leave()
      })
      const answer = await intake.answer(offer)
      response
        .writeHead(201, {
          'Content-Type': 'application/sdp',
          Location: `/whip/session/${id}`,
          'Cache-Control': 'no-store',
        })
        .end(answer)
    } catch (error) {
      if (!intake) leave()
      const isOurs = error instanceof StudioError
      const status = STATUS[isOurs ? error.code : ''] ?? 400
      say(request, response, status, isOurs ? error.message : 'This offer cannot be answered.')
    }
  }

  /** Ends a session; whether there was one. */
  delete(id: string): boolean {
    const intake = this.sessions.get(id)
    intake?.close()
    return intake !== undefined
  }

  close(): void {
    for (const intake of this.sessions.values()) intake.close()
  }
}

const STATUS: Partial<Record<string, number>> = {
  'wrong-key': 401,
  'already-live': 409,
  'too-many-lives': 503,
  'not-h264': 406,
}
