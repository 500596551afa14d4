import { pictureConfig, soundConfig } from '../flv/flv-media'
import type { Publication } from '../relay-hub'
import type { TranscodeProgram } from '../relay-parts'
import { AAC_CONFIG, AacMaker } from '../rtc/aac-maker'
import { avcCOf, type AssembledPicture } from '../rtc/h264-assembler'
import { loadRtc } from '../rtc/load-rtc'
import { offeredMedia } from '../rtc/offered-media'
import { RtcReceiver } from '../rtc/rtc-receiver'

/** A show that comes by WHIP becomes a live like any other: H.264 as it is, sound as AAC. */
export class WhipIntake {
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<void>
  private receiver: RtcReceiver | null = null
  private readonly sound: AacMaker | null
  private isOver = false
  private origin: number | null = null
  private finish!: () => void

  /** @param ffmpeg for the sound; missing: pictures alone */
  constructor(
    private readonly publication: Publication,
    ffmpeg: ((args: string[]) => TranscodeProgram) | undefined,
    private readonly log: (line: string) => void,
  ) {
    this.over = new Promise((resolve) => (this.finish = resolve))
    const { stream } = publication
    this.sound = ffmpeg
      ? new AacMaker(ffmpeg, ({ ms, data }) => {
          if (this.isOver) return
          stream.setSound(soundConfig(AAC_CONFIG))
          stream.take({ track: 'sound', key: false, timeMs: Math.max(0, ms), offsetMs: 0, data })
        })
      : null
  }

  /** @throws StudioError `bad-offer`, `not-h264`; it is over then */
  async answer(offer: string): Promise<string> {
    try {
      const media = offeredMedia(offer, null)
      const wanted = this.sound ? media : { ...media, sound: null }
      const receiver = new RtcReceiver(await loadRtc(), wanted, {
        picture: (picture, ms) => this.picture(picture, ms),
        sound: (packet, ms) => this.sound?.take(this.since(ms), packet),
      })
      this.receiver = receiver
      void receiver.over.then(() => this.close())
      if (this.isOver) receiver.close()
      return await receiver.answer(offer)
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    if (this.isOver) return
    this.isOver = true
    this.receiver?.close()
    this.sound?.close()
    this.publication.end()
    this.finish()
  }

  private picture({ key, data, sets }: AssembledPicture, ms: number): void {
    if (this.isOver) return
    const { stream } = this.publication
    this.publication.alive()
    try {
      if (sets) stream.setPicture(pictureConfig(avcCOf(sets)))
    } catch (error) {
      this.log(`WHIP: ${error instanceof Error ? error.message : String(error)}`)
      this.close()
      return
    }
    stream.take({ track: 'picture', key, timeMs: this.since(ms), offsetMs: 0, data })
  }

  /** Small numbers, as publishers by RTMP have. */
  private since(ms: number): number {
    this.origin ??= ms - 1000
    return ms - this.origin
  }
}
