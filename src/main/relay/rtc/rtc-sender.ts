import { randomBytes } from 'node:crypto'
import type { Audio, IceServer, PeerConnection, Track, Video } from 'node-datachannel'
import { StudioError } from '@shared/errors'
import { h264Profile } from '@shared/media/codec-names'
import { h264Payloads, parameterSets } from './h264-payload'
import type { Rtc } from './load-rtc'
import type { OpusPacket } from './opus-maker'
import { PacedQueue } from './paced-queue'
import { readRtcp } from './rtcp'
import { isRtcp } from './rtp-packet'
import { RtpSender } from './rtp-sender'

const PICTURE_RATE = 90_000
const SOUND_RATE = 48_000
const REPORT_MS = 1_000
/**
 * A receiver reports each few seconds (RFC 3550, 6.2). One that is silent four times as long as ever before is gone:
 * between so many of our reports, which a computer that stands still does not send either.
 */
const SILENT_TIMES = 4
const LEAST_SILENCE = 4
const MOST_SILENCE = 12

/** The offer names the very profile of the pictures first. */
const TRUE_PROFILE = 102
/**
 * And then the one that every WebRTC receiver knows: Chromium names High only where the graphics card decodes it, and
 * decodes it all the same. OBS names no other at all.
 */
const PLAIN_PROFILE = 108

export interface RtcSenderOptions {
  /** AVCDecoderConfigurationRecord of the picture: the offer names its profile and level. */
  avcC: Uint8Array
  /** STUN and TURN servers that the receiver has named; ours alone are none. */
  iceServers?: readonly (string | IceServer)[]
  /** Numbers of the payloads and names of the lines; those of an offer that is answered. */
  picture?: { mid: string; payloadType: number; format?: string }
  sound?: { mid: string; payloadType: number } | null
}

/**
 * One show over WebRTC to one receiver: H.264 as it was encoded once for everybody, and Opus. The packets are our own
 * (RFC 3550, 6184, 7587); libdatachannel does ICE, DTLS and SRTP. [Note: Why own RTP] the library's packetizer can be told no
 * time for its reports but the moment of sending, and sound that was encoded a second time leaves later than its picture:
 * a receiver would play it too late. Here both tracks report the time of the show.
 */
export class RtcSender {
  /** Resolves when the connection is over; with what went wrong, null after `close`. */
  readonly over: Promise<StudioError | null>
  /** Resolves when packets can be sent. */
  readonly open: Promise<void>
  bytesSent = 0
  /** Key pictures that the receiver has asked for; it gets the next one that comes anyway. */
  keysWanted = 0
  private readonly connection: PeerConnection
  private readonly tracks: { track: Track; sender: RtpSender }[] = []
  private readonly pictures: RtpSender
  private readonly sounds: RtpSender | null = null
  private readonly cname = randomBytes(8).toString('hex')
  private readonly queue = new PacedQueue<{ track: Track; packet: Buffer }>((one) => this.put(one.track, one.packet))
  private reporting: NodeJS.Timeout | undefined
  private finish!: (error: StudioError | null) => void
  private isOver = false
  isOpen = false
  private hasHeard = false
  /** Our reports since the receiver was heard, and the most of them so far. */
  private silence = 0
  private usualSilence = 1
  /** Wall time of the show's beginning by its first picture here, milliseconds. */
  private epoch: number | null = null
  private newestMs = 0

  constructor(rtc: Rtc, options: RtcSenderOptions) {
    const { avcC, iceServers = [] } = options
    const profile = h264Profile(avcC)
    const picture = options.picture ?? { mid: '0', payloadType: TRUE_PROFILE, format: h264Format(profile) }
    const sound = options.sound === undefined ? { mid: '1', payloadType: 111 } : options.sound
    this.over = new Promise((resolve) => (this.finish = resolve))
    this.connection = new rtc.PeerConnection('', {
      ...{ iceServers: [...iceServers], disableAutoNegotiation: true, forceMediaTransport: true },
    })
    this.pictures = new RtpSender(picture.payloadType, PICTURE_RATE)
    const video = new rtc.Video(picture.mid, 'SendOnly')
    video.addH264Codec(picture.payloadType, picture.format ?? h264Format(profile))
    if (!options.picture) video.addH264Codec(PLAIN_PROFILE, h264Format(`42e0${profile.slice(4)}`))
    this.add(video, this.pictures, 'picture')
    if (sound) {
      this.sounds = new RtpSender(sound.payloadType, SOUND_RATE)
      const audio = new rtc.Audio(sound.mid, 'SendOnly')
      audio.addOpusCodec(sound.payloadType, 'minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1')
      this.add(audio, this.sounds, 'sound')
    }
    this.open = new Promise((resolve) => {
      const look = (): void => {
        if (!this.tracks.every(({ track }) => track.isOpen())) return
        this.isOpen = true
        resolve()
      }
      for (const { track } of this.tracks) track.onOpen(look)
    })
    this.connection.onStateChange((state) => {
      if (state === 'disconnected' || state === 'failed' || state === 'closed') this.end(lost())
    })
  }

  /** Bytes that wait to be sent: a large picture leaves in steps. */
  get queuedBytes(): number {
    return this.queue.bytes
  }

  /** The offer, with all addresses of this computer in it. @throws StudioError `destination-lost` when it was ended */
  async offer(): Promise<string> {
    return this.describe('offer')
  }

  /** @throws StudioError `destination-not-webrtc` */
  accept(answer: string): void {
    try {
      this.connection.setRemoteDescription(answer, 'answer')
      const chosen = /^m=video \d+ \S+ (\d+)/m.exec(answer)?.[1]
      if (chosen === String(PLAIN_PROFILE)) this.pictures.payloadType = PLAIN_PROFILE
    } catch (error) {
      throw notWebRtc(error)
    }
  }

  /** Answers the offer of a receiver. @throws StudioError `destination-not-webrtc` */
  async answer(offer: string): Promise<string> {
    try {
      this.connection.setRemoteDescription(offer, 'offer')
      return await this.describe('answer')
    } catch (error) {
      throw error instanceof StudioError ? error : notWebRtc(error)
    }
  }

  /** @param ms time of the picture in the show; @param avcC of key pictures, whose parameter sets go before them */
  picture(ms: number, data: Uint8Array, avcC: Uint8Array | null): void {
    if (!this.isOpen || this.isOver) return
    this.epoch ??= Date.now() - ms
    this.newestMs = ms
    const payloads = h264Payloads(data, avcC ? parameterSets(avcC) : [])
    const { track } = this.tracks[0]!
    for (const packet of this.pictures.write(Math.round(ms * 90), payloads, true)) {
      this.queue.push({ track, packet }, packet.length)
    }
    if (this.reporting === undefined) this.startReporting()
  }

  sound({ samples, data }: OpusPacket): void {
    const entry = this.tracks[1]
    if (!this.isOpen || this.isOver || !entry || this.epoch === null || samples < 0) return
    for (const packet of entry.sender.write(samples, [[data]], false)) this.put(entry.track, packet)
  }

  /** Ends it; safe at any time. */
  close(): void {
    this.end(null)
  }

  private add(media: Video | Audio, sender: RtpSender, name: string): void {
    media.addSSRC(sender.ssrc, this.cname, 'show', name)
    const track = this.connection.addTrack(media)
    track.onClosed(() => undefined) // without it the library keeps the process alive
    track.onMessage((bytes) => this.hear(bytes))
    this.tracks.push({ track, sender })
  }

  private async describe(type: 'offer' | 'answer'): Promise<string> {
    const gathered = new Promise<void>((resolve) => {
      this.connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve()
      })
    })
    this.connection.setLocalDescription(type)
    await Promise.race([gathered, this.over])
    const sdp = this.isOver ? undefined : this.connection.localDescription()?.sdp
    if (sdp === undefined) throw lost()
    return sdp
  }

  /** RTCP; the library may hand it to either track, so the SSRC says whose it is. */
  private hear(bytes: Buffer): void {
    if (this.isOver || !isRtcp(bytes)) return
    if (this.hasHeard) this.usualSilence = Math.max(this.usualSilence, this.silence)
    this.hasHeard = true
    this.silence = 0
    const { missing, keyWanted } = readRtcp(bytes)
    for (const { ssrc, sequences } of missing) {
      const entry = this.tracks.find(({ sender }) => sender.ssrc === ssrc)
      for (const packet of entry?.sender.again(sequences) ?? []) this.put(entry!.track, packet)
    }
    this.keysWanted += keyWanted.length
  }

  private startReporting(): void {
    this.report()
    this.reporting = setInterval(() => {
      const patience = Math.min(MOST_SILENCE, Math.max(LEAST_SILENCE, SILENT_TIMES * this.usualSilence))
      if (this.hasHeard && ++this.silence > patience) this.end(lost())
      else this.report()
    }, REPORT_MS)
  }

  private report(): void {
    for (const { track, sender } of this.tracks) {
      const report = sender.report(this.newestMs, this.epoch! + this.newestMs, this.cname)
      if (report) this.put(track, report)
    }
  }

  private put(track: Track, packet: Buffer): void {
    if (this.isOver) return
    try {
      if (track.sendMessageBinary(packet)) this.bytesSent += packet.length
    } catch {
      // the track is closed; the connection tells why in a moment
    }
  }

  private end(error: StudioError | null): void {
    if (this.isOver) return
    this.isOver = true
    clearInterval(this.reporting)
    this.queue.clear()
    this.finish(error)
    for (const { track } of this.tracks) track.close()
    this.connection.close()
  }
}

/** RFC 6184, 8.1. @param profile profile-level-id */
function h264Format(profile: string): string {
  return `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`
}

function lost(): StudioError {
  return new StudioError('destination-lost', 'The connection to the service broke.')
}

function notWebRtc(cause: unknown): StudioError {
  return new StudioError(
    'destination-not-webrtc',
    'The other side gave no answer that WebRTC understands. Check the address; it must be one for WHIP.',
    { cause },
  )
}
