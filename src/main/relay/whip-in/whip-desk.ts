import type { IncomingMessage, ServerResponse } from 'node:http'
import { OfferDesk, say } from '../http/offer-desk'
import type { Publication } from '../relay-hub'
import type { TranscodeProgram } from '../relay-parts'
import { WhipIntake } from './whip-intake'

export interface WhipHost {
  /** @throws StudioError `wrong-key`, `already-live`, `too-many-lives` */
  publish: (key: string, putOut: (why: string) => void) => Publication
  ffmpeg?: ((args: string[]) => TranscodeProgram) | undefined
  log: (line: string) => void
}

/** Shows that come by WHIP (RFC 9725): OBS and browsers. The stream key is the bearer token or the end of the address. */
export class WhipDesk {
  readonly sessions = new OfferDesk({
    ...{ most: 32, mostEach: 16 },
    fullWords: 'This relay takes no more shows by WebRTC now. Try later.',
  })

  constructor(private readonly host: WhipHost) {}

  /** Takes an offer; never throws. @param key of the address, where it has one */
  async post(key: string | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? key
    if (given === null) {
      response.setHeader('WWW-Authenticate', 'Bearer')
      say(request, response, 401, 'Put the stream key into the field for the bearer token.')
      return
    }
    await this.sessions.take(request, response, '/whip/session', () => {
      let intake: WhipIntake | null = null
      const publication = this.host.publish(given, () => intake?.close())
      intake = new WhipIntake(publication, this.host.ffmpeg, this.host.log)
      return intake
    })
  }
}
