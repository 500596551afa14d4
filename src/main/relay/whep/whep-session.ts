import { StudioError } from '@shared/errors'
import { h264Profile } from '@shared/media/codec-names'
import type { LivePacket, PictureConfig, StreamConfig } from '../live-packet'
import type { StreamSink } from '../live-reader'
import type { RelayStream } from '../relay-stream'
import { loadRtc } from '../rtc/load-rtc'
import { offeredMedia } from '../rtc/offered-media'
import { RtcSender } from '../rtc/rtc-sender'
import type { OpusShare } from './opus-share'

/** Who has made an offer and never connects is let go, milliseconds. */
const CONNECT_MS = 15_000
/**
 * [Note: Beginning in a group] a viewer's first pictures are those since the last key picture, told as if they had been made
 * within these milliseconds each before the newest: the viewer decodes all and shows the newest at once, instead of waiting for
 * the next key picture. A long group would be a burst that lines lose.
 */
const GROUP_STEP_MS = 1
const MAX_GROUP_BYTES = 600_000
/** More than waits after any key picture: this computer does not keep up. */
const MAX_QUEUE = 2 << 20

/** One viewer of a live over WebRTC. */
export class WhepSession implements StreamSink {
  /** Resolves when the viewer is gone or the live is over. */
  readonly over: Promise<unknown>
  private sender: RtcSender | null = null
  private picture: PictureConfig | null = null
  private hasReordered = false
  private isWaiting = true
  private readonly leave: () => void
  private leaveSound: (() => void) | null = null
  private finish!: () => void

  /** @param opus of the live's sound; null: pictures alone */
  constructor(
    private readonly stream: RelayStream,
    private readonly opus: OpusShare | null,
  ) {
    this.over = new Promise<void>((resolve) => (this.finish = resolve))
    this.leave = stream.follow(this)
  }

  get bytesSent(): number {
    return this.sender?.bytesSent ?? 0
  }

  /**
   * Answers a viewer's offer; pictures follow when the connection stands.
   * @throws StudioError `bad-offer`, `not-h264`, `not-for-webrtc`, `destination-not-webrtc`; the session is over then
   */
  async answer(offer: string): Promise<string> {
    const { opus } = this
    try {
      if (!this.picture) throw notYet()
      if (this.hasReordered) throw reordered()
      const { avcC } = this.picture
      const { picture, sound } = offeredMedia(offer, h264Profile(avcC).slice(0, 2))
      const sender = new RtcSender(await loadRtc(), { avcC, picture, sound: opus ? sound : null })
      this.sender = sender
      const timer = setTimeout(() => this.close(), CONNECT_MS)
      void sender.open.then(() => {
        clearTimeout(timer)
        this.beginInGroup(sender)
      })
      void sender.over.then(() => {
        clearTimeout(timer)
        this.close()
      })
      const answer = await sender.answer(offer)
      if (opus && sound) this.leaveSound = opus.follow(this.stream, (packet) => sender.sound(packet))
      return answer
    } catch (error) {
      this.close()
      throw error
    }
  }

  config({ picture }: StreamConfig): void {
    this.picture = picture
    this.isWaiting = true
  }

  packet({ track, key, timeMs, offsetMs, data }: LivePacket): void {
    if (track !== 'picture' || !this.picture) return
    // a live whose pictures come later than they were sent has them out of order, which WebRTC cannot show
    if (offsetMs !== 0) this.hasReordered = true
    const { sender } = this
    if (!sender) return
    if (this.hasReordered) {
      this.close()
      return
    }
    if (!sender.isOpen || sender.queuedBytes > MAX_QUEUE) this.isWaiting = true
    else if (key) this.isWaiting = false
    if (!this.isWaiting) sender.picture(timeMs, data, key ? this.picture.avcC : null)
  }

  end(): void {
    this.close()
  }

  private beginInGroup(sender: RtcSender): void {
    const group = this.stream.newestGroup.filter(({ track }) => track === 'picture')
    const bytes = group.reduce((sum, { data }) => sum + data.length, 0)
    const newest = group.at(-1)
    if (!newest || !this.picture || group[0]?.key !== true || bytes > MAX_GROUP_BYTES || !this.isWaiting) return
    this.isWaiting = false
    for (const [i, { data }] of group.entries()) {
      const ms = newest.timeMs - (group.length - 1 - i) * GROUP_STEP_MS
      sender.picture(ms, data, i === 0 ? this.picture.avcC : null)
    }
  }

  close(): void {
    this.leave()
    this.leaveSound?.()
    this.leaveSound = null
    this.sender?.close()
    this.finish()
  }
}

function notYet(): StudioError {
  return new StudioError('not-for-webrtc', 'This live has no picture yet. Try again in a moment.')
}

function reordered(): StudioError {
  return new StudioError(
    'not-for-webrtc',
    'This live has B-frames, which WebRTC cannot show. Watch it another way, or set B-frames to 0 where it is encoded.',
  )
}
