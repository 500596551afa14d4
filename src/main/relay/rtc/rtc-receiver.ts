import { randomInt } from 'node:crypto'
import type { Audio, PeerConnection, Track, Video } from 'node-datachannel'
import { StudioError } from '@shared/errors'
import { H264Assembler, type AssembledPicture } from './h264-assembler'
import type { Rtc } from './load-rtc'
import type { OfferedMedia } from './offered-media'
import { readRtcp, writeBitrateLimit, writeNack, writePictureLoss, writeReceiverReport } from './rtcp'
import { isRtcp, readRtp, type RtpPacket } from './rtp-packet'
import { RtpReorder } from './rtp-reorder'
import { TrackClock } from './track-clock'

const LOOK_MS = 40
const REPORT_LOOKS = 25
/** A sender that is silent for so many looks is gone: five seconds. */
const SILENT_LOOKS = 125
/** And one that has not begun, so many: connecting may take its time. */
const FIRST_LOOKS = 375
/** A key picture is asked for again only after so many looks. */
const KEY_LOOKS = 12
/**
 * A picture that needs no other is asked for when none has come for so many looks: browsers send one only when asked, and
 * without one nobody can begin to watch. A little more than the two seconds that programs such as OBS are set to.
 */
const GROUP_LOOKS = 56
/** Without a report on both tracks after so many looks, what comes first is taken to belong together. */
const CLOCK_LOOKS = 50
const MAX_BITS = 12_000_000

export interface ReceiverSinks {
  /** @param ms by the sender's clock, the same for both */
  picture: (picture: AssembledPicture, ms: number) => void
  sound: (packet: Buffer, ms: number) => void
}

interface Line {
  track: Track
  payloadType: number
  ssrc: number | null
  order: RtpReorder
  clock: TrackClock
  lostBefore: number
  highestBefore: number
}

/** One show that comes over WebRTC: packets are put in order, asked for again where they are missing, and told with their times. */
export class RtcReceiver {
  /** Resolves when it is over. */
  readonly over: Promise<void>
  private readonly connection: PeerConnection
  private readonly lines: Line[] = []
  private readonly assembler: H264Assembler
  private readonly own = randomInt(1, 2 ** 32 - 1)
  private readonly looking: NodeJS.Timeout
  private looks = 0
  private silence = SILENT_LOOKS - FIRST_LOOKS
  private sinceKey = 0
  private sinceAsked = KEY_LOOKS
  private firstLook: number | null = null
  /** The sender's wall clock when ours here said zero, milliseconds: a track without a report yet is told by ours. */
  private zeroNtp: number | null = null
  private isOver = false
  private finish!: () => void

  constructor(
    rtc: Rtc,
    private readonly media: OfferedMedia,
    private readonly sinks: ReceiverSinks,
  ) {
    this.over = new Promise((resolve) => (this.finish = resolve))
    this.connection = new rtc.PeerConnection('', {
      ...{ iceServers: [], disableAutoNegotiation: true, forceMediaTransport: true },
    })
    this.connection.onStateChange((state) => {
      if (state === 'disconnected' || state === 'failed' || state === 'closed') this.close()
    })
    this.assembler = new H264Assembler((picture) => {
      if (picture.key) this.sinceKey = 0
      const ms = this.timeOf(0, picture.timestamp)
      if (ms !== null) this.sinks.picture(picture, ms)
      else this.assembler.needsKey = true
    })
    const { picture, sound } = media
    const video = new rtc.Video(picture.mid, 'RecvOnly')
    video.addH264Codec(picture.payloadType, picture.format)
    this.add(video, picture.payloadType, 90_000, (packet) => this.assembler.push(packet))
    if (sound) {
      const audio = new rtc.Audio(sound.mid, 'RecvOnly')
      audio.addOpusCodec(sound.payloadType, 'minptime=10;useinbandfec=1;stereo=1')
      this.add(audio, sound.payloadType, 48_000, (packet) => {
        const ms = packet ? this.timeOf(1, packet.timestamp) : null
        if (packet && ms !== null) this.sinks.sound(packet.payload, ms)
      })
    }
    this.looking = setInterval(() => this.look(), LOOK_MS)
  }

  /** @throws StudioError `bad-offer` */
  async answer(offer: string): Promise<string> {
    const gathered = new Promise<void>((resolve) => {
      this.connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve()
      })
    })
    try {
      this.connection.setRemoteDescription(offer, 'offer')
      this.connection.setLocalDescription('answer')
      await Promise.race([gathered, this.over])
      const sdp = this.isOver ? undefined : this.connection.localDescription()?.sdp
      if (sdp !== undefined) return sdp
    } catch (error) {
      throw new StudioError('bad-offer', 'This is no offer that WebRTC understands.', { cause: error })
    }
    throw new StudioError('bad-offer', 'The connection was ended.')
  }

  close(): void {
    if (this.isOver) return
    this.isOver = true
    clearInterval(this.looking)
    for (const { track } of this.lines) track.close()
    this.connection.close()
    this.finish()
  }

  private add(media: Video | Audio, payloadType: number, rate: number, take: (packet: RtpPacket | null) => void): void {
    const track = this.connection.addTrack(media)
    const order = new RtpReorder(take)
    const line: Line = {
      ...{ track, payloadType, ssrc: null, order, clock: new TrackClock(rate) },
      ...{ lostBefore: 0, highestBefore: -1 },
    }
    this.lines.push(line)
    track.onClosed(() => undefined) // without it the library keeps the process alive
    track.onMessage((bytes) => this.hear(line, bytes))
  }

  private hear(line: Line, bytes: Buffer): void {
    if (this.isOver) return
    if (isRtcp(bytes)) {
      for (const { ssrc, ntpSeconds, timestamp } of readRtcp(bytes).clocks) {
        this.zeroNtp ??= ntpSeconds * 1000 - performance.now()
        this.lines.find((one) => one.ssrc === ssrc)?.clock.set(ntpSeconds * 1000 - this.zeroNtp, timestamp)
      }
      return
    }
    const packet = readRtp(Buffer.from(bytes)) // the library's memory is not ours for long
    if (packet?.payloadType !== line.payloadType) return
    line.ssrc ??= packet.ssrc
    if (packet.ssrc !== line.ssrc) return
    this.silence = 0
    this.firstLook ??= this.looks
    line.order.push(packet, performance.now())
  }

  /** Null until both tracks can be put in step. */
  private timeOf(index: number, timestamp: number): number | null {
    const line = this.lines[index]!
    const isLate = this.firstLook !== null && this.looks - this.firstLook > CLOCK_LOOKS
    if (!isLate && this.lines.some(({ clock }) => !clock.isKnown)) return null
    if (!line.clock.isKnown) line.clock.set(performance.now(), timestamp)
    return line.clock.timeOf(timestamp)
  }

  private look(): void {
    this.looks++
    if (++this.silence > SILENT_LOOKS) {
      this.close()
      return
    }
    const now = performance.now()
    for (const { track, ssrc, order } of this.lines) {
      const missing = order.missing(now)
      if (ssrc !== null && missing.length > 0) put(track, writeNack(this.own, ssrc, missing))
    }
    const picture = this.lines[0]!
    this.sinceKey++
    this.sinceAsked++
    const isWanted = this.assembler.needsKey || this.sinceKey > GROUP_LOOKS
    if (picture.ssrc !== null && isWanted && this.sinceAsked > KEY_LOOKS) {
      this.sinceAsked = 0
      put(picture.track, writePictureLoss(this.own, picture.ssrc))
    }
    if (this.looks % REPORT_LOOKS === 0) this.report()
  }

  private report(): void {
    for (const line of this.lines) {
      const { track, ssrc, order } = line
      if (ssrc === null) continue
      const expected = Math.max(1, order.highest - line.highestBefore)
      const lost = Math.max(0, order.lostInAll - line.lostBefore) / expected
      line.highestBefore = order.highest
      line.lostBefore = order.lostInAll
      const { highest, lostInAll } = order
      put(track, writeReceiverReport({ own: this.own, ssrc, lost: Math.min(1, lost), lostInAll, highest }))
      if (line === this.lines[0]) put(track, writeBitrateLimit(this.own, ssrc, MAX_BITS))
    }
  }
}

function put(track: Track, packet: Buffer): void {
  try {
    track.sendMessageBinary(packet)
  } catch {
    // not open yet, or closed already; the connection tells in a moment
  }
}
