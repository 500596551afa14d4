import type { IncomingMessage, ServerResponse } from 'node:http'
import { StudioError } from '@shared/errors'
import type { ReaderFigures } from '../figures'
import { OfferDesk } from '../http/offer-desk'
import { FULL_WORDS, type ReaderRoom } from '../reader-room'
import type { Live } from '../relay-hub'
import type { TranscodeProgram } from '../relay-parts'
import { OpusShare } from './opus-share'
import { WhepSession } from './whep-session'

/** Viewers over WebRTC by WHEP: far fewer than readers over HTTP. */
export class WhepDesk {
  readonly sessions = new OfferDesk({ most: 64, mostEach: 16, fullWords: FULL_WORDS })
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
  post(live: Live, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? ''
    return this.sessions.take(request, response, `/whep/${live.stream.name}`, () => this.begin(live, address))
  }

  private begin(live: Live, address: string): WhepSession {
    const { stream } = live
    const session = new WhepSession(stream, this.opus)
    const out = this.room.enter(
      address,
      () => stream.bytesPerSecond,
      () => session.close(),
    )
    if (!out) {
      session.close()
      throw new StudioError('relay-full', FULL_WORDS)
    }
    const leave = this.figures.enter(live.sourceName ?? stream.name, 'whep')
    let counted = 0
    const tally = (): void => {
      this.figures.bytesOut.whep += session.bytesSent - counted
      counted = session.bytesSent
    }
    const counting = setInterval(tally, 1000)
    void session.over.then(() => {
      clearInterval(counting)
      tally()
      leave()
      out()
    })
    return session
  }
}
