import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { configBodies, packetHead, TAG } from '../flv/flv-tag'
import type { RtmpPublisher } from './rtmp-publisher'

const AUDIO_RATE = 48_000
const AAC_FRAME = 1024
/** So much of the show may wait in this computer; then pictures are left out up to the next key picture. */
const QUEUE_MS = 1_500
/** Below any stream's 1.5 s: a single key picture must fit. */
const LEAST_QUEUE_BYTES = 256 * 1024

/** What a show sends to; the publisher, or a stand-in in tests of the order of things. */
export type ShowLine = Pick<RtmpPublisher, 'send' | 'sendMetadata' | 'queuedBytes'>

/**
 * Access units as one publishing: begins with a key picture, times count from it, headers come before what needs them.
 * A line that is slower than the show loses pictures from somewhere in a group up to the next key picture, never sound
 * first, and nothing is ever sent late.
 */
export class RtmpShow {
  droppedPictures = 0
  private readonly configs = new Map<number, AccessConfig>()
  private configId: number | null = null
  /** Milliseconds of the show's clock at which this publishing begins; null before its first key picture. */
  private beginMs: number | null = null
  private isDropping = false
  private recent: { ms: number; bytes: number }[] = []

  constructor(private readonly line: ShowLine) {}

  setConfig(config: AccessConfig): void {
    this.configs.set(config.id, config)
    for (const id of this.configs.keys()) if (this.configs.size > 4) this.configs.delete(id)
  }

  take(unit: AccessUnit): void {
    if (unit.track === 'picture') this.picture(unit)
    else this.sound(unit)
  }

  private picture(unit: AccessUnit & { track: 'picture' }): void {
    const config = this.configs.get(unit.configId)
    if (!config) return
    const ms = (unit.slot * 1000) / config.fps
    this.note(ms, unit.data.length)
    if (this.beginMs === null && !unit.key) return
    const queued = this.line.queuedBytes
    if (unit.key && queued < this.limit / 2) this.isDropping = false
    else if (queued > this.limit) this.isDropping = true
    if (this.isDropping) {
      this.droppedPictures++
      return
    }
    if (unit.key && unit.configId !== this.configId) this.begin(config, ms)
    if (unit.configId !== this.configId) return
    const head = packetHead({ track: 'picture', key: unit.key, offsetMs: 0 })
    this.send(TAG.picture, ms, [head, unit.data])
  }

  private sound(unit: AccessUnit & { track: 'sound' }): void {
    const ms = (unit.frame * AAC_FRAME * 1000) / AUDIO_RATE
    if (this.beginMs === null || ms < this.beginMs) return
    if (this.line.queuedBytes > 2 * this.limit) return
    this.send(TAG.sound, ms, [packetHead({ track: 'sound', key: true, offsetMs: 0 }), unit.data])
  }

  /** At the first key picture, and where another encoder has taken over. */
  private begin(config: AccessConfig, ms: number): void {
    const last = this.configId === null ? undefined : this.configs.get(this.configId)
    this.configId = config.id
    this.beginMs ??= ms
    const { width, height, fps } = config
    if (last?.width !== width || last.height !== height || last.fps !== fps) {
      this.line.sendMetadata({
        ...{ width, height, framerate: fps, videocodecid: 7, audiocodecid: 10 },
        ...{ audiosamplerate: AUDIO_RATE, stereo: true, encoder: 'WE Studio' },
      })
    }
    const sound = { asc: config.asc, rate: AUDIO_RATE, channels: 2 }
    for (const { type, body } of configBodies({ picture: config, sound })) this.send(type, ms, [body])
  }

  private send(type: number, ms: number, body: readonly Uint8Array[]): void {
    this.line.send(type, Math.round(ms - this.beginMs!), body)
  }

  /** Bytes of about 1.5 s of this show. */
  private get limit(): number {
    return Math.max(
      LEAST_QUEUE_BYTES,
      this.recent.reduce((sum, { bytes }) => sum + bytes, 0),
    )
  }

  private note(ms: number, bytes: number): void {
    this.recent.push({ ms, bytes })
    while (this.recent.length > 0 && ms - this.recent[0]!.ms > QUEUE_MS) this.recent.shift()
  }
}
