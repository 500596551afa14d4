import type { CaptionCue } from '@shared/captions/caption-cue'
import type { WatchFeedMessage, WatchFeedReport } from '@shared/live/watch-feed'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { JitterBuffer, playRate } from '@shared/live/jitter-buffer'
import { PictureDecoder, type DecodedPicture, type EncodedPicture } from './picture-decoder'
import { PictureOutput } from './picture-output'
import { PlayClock } from '@shared/live/play-clock'
import { SoundOutput } from './sound-output'

const SOUND_FRAME_MS = 1024 / 48
/** Decoded pictures and such on their way: enough to be in time, few enough for decoders with a small pool. */
const AHEAD = 5
/** A decoder that puts pictures in order keeps up to 16 (ITU-T H.264, A.3.1). */
const AHEAD_REORDERED = 20
const DECODE_AHEAD_MS = 300
/** Encoded pictures that wait; beyond this only the newest group is kept. */
const MAX_WAITING = 300
const TUNE_MS = 250
const REPORT_MS = 1000
/** Farther behind than asked for by this: jump to a key picture instead of hurrying. */
const JUMP_MS = 1000
/** Nothing to show for so long is worth a word. */
const SILENT_MS = 1000
/** A picture that stands still longer than it should by this is a stall (live.md 2: gaps above 190 ms at 30 a second). */
const STALL_MS = 155
/** A slot that is earlier than one before by this is of another encoding: a new time line. */
const BACKWARDS_MS = 1000

export interface UnitPlayerEvents {
  /** The first picture is on its way to the screen. */
  onStarted(): void
  /** `broken`: it could not be decoded or heard; `closed`: the feed is gone. */
  onTrouble(kind: 'broken' | 'closed', why: string): void
  /** Nothing to show came for so long, milliseconds; told each second. */
  onSilence(silentMs: number): void
  /** More captions; `fresh`: instead of those before. */
  onCaptions?(cues: readonly CaptionCue[], fresh: boolean): void
}

/**
 * Rung 1: access units by WebCodecs, with its own jitter buffer, clock and sync of sound and picture. Heals itself from
 * gaps and decoder errors at the next key picture; what it could not do is told as trouble.
 */
export class UnitPlayer {
  readonly output = new PictureOutput()
  readonly #jitter = new JitterBuffer()
  readonly #clock = new PlayClock()
  readonly #sound: SoundOutput
  readonly #decoder: PictureDecoder
  readonly #configs = new Map<number, AccessConfig>()
  readonly #timer: ReturnType<typeof setInterval>
  #waiting: EncodedPicture[] = []
  #ready: DecodedPicture[] = []
  #started = false
  #shownOnce = false
  #paused = false
  #closed = false
  #needsKey = true
  /** Pictures come in another order than they are shown (B-pictures of somebody else's encoder). */
  #reorders = false
  #newestEnd = -Infinity
  #lastPicture = -Infinity
  #silentSince = performance.now()
  #silencesTold = 0
  #tunedAt = 0
  #reportedAt = performance.now()
  #tickedAt = 0
  #lastShown: { at: number; mediaMs: number } | null = null
  #stalledMs = 0
  #shown = 0
  #dropped = 0

  constructor(
    private readonly port: MessagePort,
    private readonly events: UnitPlayerEvents,
  ) {
    this.#sound = new SoundOutput(
      (heardAt, mediaMs) => this.#followSound(heardAt, mediaMs),
      (why) => this.#trouble('broken', why),
    )
    this.#decoder = new PictureDecoder(
      (picture) => this.#decoded(picture),
      (why) => this.#trouble('broken', why),
    )
    port.onmessage = ({ data }: MessageEvent<WatchFeedMessage>) => this.#take(data)
    port.addEventListener('close', () => this.#trouble('closed', 'the feed was closed'))
    // By the display where there is one; a covered window draws nothing and still must be heard and fed.
    const paint = (): void => {
      if (this.#closed) return
      this.#tick()
      requestAnimationFrame(paint)
    }
    requestAnimationFrame(paint)
    this.#timer = setInterval(() => {
      if (performance.now() - this.#tickedAt > 30) this.#tick()
    }, 20)
  }

  get report(): WatchFeedReport {
    return {
      t: 'report',
      delayMs: this.output.delayMs,
      bufferMs: Math.max(0, this.#delayMs(performance.now())),
      stalledMs: Math.round(this.#stalledMs),
      framesShown: this.#shown,
      framesDropped: this.#dropped,
    }
  }

  /** Moment of the video that is shown now, milliseconds; null before the first picture. */
  get positionMs(): number | null {
    return this.#shownOnce ? this.#clock.position(performance.now()) : null
  }

  /** What the jitter buffer asks for, milliseconds. */
  get targetMs(): number {
    return this.#jitter.targetMs
  }

  /** Nothing is there to be shown. */
  get isWaiting(): boolean {
    return !this.#paused && (!this.#shownOnce || this.#clock.held) && performance.now() - this.#silentSince > 300
  }

  get paused(): boolean {
    return this.#paused
  }

  /** 0 to 1. */
  set volume(volume: number) {
    this.#sound.volume = volume
  }

  pause(): void {
    this.#paused = true
    this.#clock.hold(performance.now())
    this.#sound.hold()
  }

  /** Goes on where the live is now. */
  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#startOver()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.port.onmessage = null
    this.port.close()
    this.#decoder.close()
    this.#sound.close()
    this.#dropReady()
    this.output.close()
  }

  #take(message: WatchFeedMessage): void {
    if (this.#closed) return
    if (message.t === 'config') this.#configure(message.config)
    else if (message.t === 'unit') this.#takeUnit(message.unit)
    else if (message.t === 'jump') this.#newTimeLine()
    else if (message.t === 'captions') this.events.onCaptions?.(message.cues, message.fresh)
    else if (message.t === 'gap' && message.track === 'picture') this.#needsKey = true
  }

  #configure(config: AccessConfig): void {
    this.#configs.set(config.id, config)
    for (const id of this.#configs.keys()) if (this.#configs.size > 4) this.#configs.delete(id)
    this.#sound.configure(config.asc)
  }

  #takeUnit(unit: AccessUnit): void {
    const config = this.#configs.get(unit.configId)
    if (config === undefined) return
    const now = performance.now()
    if (unit.track === 'sound') {
      const mediaMs = unit.frame * SOUND_FRAME_MS
      // It must be there earlier than a picture by the time that it takes to the loudspeaker.
      if (this.#isCurrent(mediaMs)) this.#arrived(now + this.#sound.latencyMs, mediaMs, SOUND_FRAME_MS)
      this.#sound.decode(unit.frame, unit.data)
      return
    }
    const frameMs = 1000 / config.fps
    const mediaMs = unit.slot * frameMs
    if (!this.#isCurrent(mediaMs)) this.#newTimeLine()
    this.#arrived(now, mediaMs, frameMs)
    if (mediaMs < this.#lastPicture) this.#reorders = true
    this.#lastPicture = mediaMs
    if (this.#needsKey && !unit.key) {
      this.#dropped++
      return
    }
    this.#needsKey = false
    if (unit.key && (this.#paused || this.#waiting.length > MAX_WAITING)) this.#waiting = []
    if (this.#waiting.length > 2 * MAX_WAITING) {
      this.#waiting = []
      this.#needsKey = true
      return
    }
    this.#waiting.push({ mediaMs, key: unit.key, data: unit.data, capturedAt: unit.capturedAt, config })
  }

  #isCurrent(mediaMs: number): boolean {
    return mediaMs > this.#lastPicture - BACKWARDS_MS
  }

  #arrived(now: number, mediaMs: number, lastsMs: number): void {
    this.#jitter.arrive(now, mediaMs)
    this.#newestEnd = Math.max(this.#newestEnd, mediaMs + lastsMs)
  }

  /** The broadcaster's engine was restarted: slots count from 0 again. */
  #newTimeLine(): void {
    this.#waiting = []
    this.#needsKey = true
    this.#newestEnd = -Infinity
    this.#lastPicture = -Infinity
    this.#jitter.reset()
    this.#startOver()
  }

  #startOver(): void {
    this.#started = false
    this.#decoder.drop()
    this.#dropReady()
    this.#clock.hold(performance.now())
    this.#sound.hold()
  }

  /** How far behind the fastest arrival it is played, milliseconds. */
  #delayMs(now: number): number {
    return this.#started ? now - this.#clock.position(now) - this.#jitter.base : 0
  }

  #tick(): void {
    if (this.#closed) return
    const now = performance.now()
    this.#tickedAt = now
    this.#report(now)
    if (this.#paused) return
    if (now - this.#tunedAt >= TUNE_MS) this.#tune(now)
    if (!this.#started) this.#begin(now)
    if (!this.#started) {
      this.#noteSilence(now)
      return
    }
    this.#holdOrGo(now)
    const position = this.#clock.position(now)
    this.#feed(position)
    this.#show(now, position)
  }

  /** From the newest key picture that lies before the place where the live should be played, or the first one. */
  #begin(now: number): void {
    const want = now - this.#jitter.base - this.#jitter.targetMs
    const keys = this.#waiting.filter(({ key }) => key)
    const from = keys.findLast(({ mediaMs }) => mediaMs <= want) ?? keys[0]
    if (from === undefined) return
    this.#skipTo(from)
    this.#started = true
    this.#playFrom(now, want)
  }

  #skipTo(key: EncodedPicture): void {
    this.#waiting.splice(0, this.#waiting.indexOf(key))
    this.#dropReady()
  }

  #playFrom(now: number, mediaMs: number): void {
    this.#clock.start(now, mediaMs)
    this.#sound.play(now, mediaMs, this.#clock.rate)
    this.#silentSince = now
    this.#silencesTold = 0
  }

  /** Stands still where nothing more is there, and goes on from the same place when something is. */
  #holdOrGo(now: number): void {
    const position = this.#clock.position(now)
    if (this.#clock.held) {
      if (this.#newestEnd > position + SOUND_FRAME_MS) this.#playFrom(now, position)
      else this.#noteSilence(now)
    } else if (position >= this.#newestEnd) {
      this.#clock.hold(now, this.#newestEnd)
      this.#sound.hold()
      this.#silentSince = now
      this.#silencesTold = 0
    }
  }

  #noteSilence(now: number): void {
    const silentMs = now - this.#silentSince
    if (silentMs < SILENT_MS * (this.#silencesTold + 1)) return
    this.#silencesTold++
    this.events.onSilence(silentMs)
  }

  #tune(now: number): void {
    this.#tunedAt = now
    this.#jitter.update(now)
    if (!this.#started || this.#clock.held) return
    const { targetMs } = this.#jitter
    const delayMs = this.#delayMs(now)
    const want = now - this.#jitter.base - targetMs
    const key =
      delayMs - targetMs > JUMP_MS
        ? this.#waiting.findLast((picture) => picture.key && picture.mediaMs <= want)
        : undefined
    if (key !== undefined) {
      this.#dropped += this.#waiting.indexOf(key)
      this.#skipTo(key)
      this.#playFrom(now, want)
    }
    const rate = playRate(key === undefined ? delayMs : targetMs, targetMs)
    if (rate === this.#clock.rate) return
    this.#clock.setRate(now, rate)
    this.#sound.setRate(rate)
  }

  #followSound(heardAt: number, mediaMs: number): void {
    if (!this.#started || this.#paused || this.#clock.held) return
    const now = performance.now()
    if (!this.#clock.follow(heardAt, mediaMs)) this.#sound.play(now, this.#clock.position(now), this.#clock.rate)
  }

  #feed(position: number): void {
    const { length } = this.#waiting
    let taken = 0
    while (taken < length && this.#hasRoom()) {
      const next = this.#waiting[taken]!
      if (next.mediaMs > position + DECODE_AHEAD_MS) break
      taken++
      if (this.#decoder.needsKey && !next.key) this.#dropped++
      else this.#decoder.decode(next)
    }
    if (taken > 0) this.#waiting.splice(0, taken)
  }

  #hasRoom(): boolean {
    const { length } = this.#ready
    const { pending } = this.#decoder
    return this.#reorders ? length < AHEAD && pending < AHEAD_REORDERED : length + pending < AHEAD
  }

  #decoded(picture: DecodedPicture): void {
    if (this.#closed) {
      picture.frame.close()
      return
    }
    this.#ready.push(picture)
    const now = performance.now()
    // The first is shown at once; others that are late already need not wait for the next tick.
    if (this.#started && !this.#paused) this.#show(now, this.#clock.position(now))
  }

  /** Shows the newest picture whose time has come. */
  #show(now: number, position: number): void {
    let due: DecodedPicture | null = null
    // Half a refresh early is nearer than half a refresh late.
    while (this.#ready[0] && (this.#ready[0].mediaMs <= position + 8 || !this.#shownOnce)) {
      if (due) {
        due.frame.close()
        this.#dropped++
      }
      due = this.#ready.shift()!
      this.#shownOnceNow()
    }
    if (!due) return
    const { mediaMs } = due
    if (!this.output.show(due)) {
      this.#dropped++
      return
    }
    this.#shown++
    const last = this.#lastShown
    this.#lastShown = { at: now, mediaMs }
    const late = last ? now - last.at - Math.max(0, mediaMs - last.mediaMs) : 0
    if (late > STALL_MS && this.#shown > 2) this.#stalledMs += late
  }

  #shownOnceNow(): void {
    if (this.#shownOnce) return
    this.#shownOnce = true
    this.events.onStarted()
  }

  #dropReady(): void {
    for (const { frame } of this.#ready) frame.close()
    this.#ready = []
  }

  #report(now: number): void {
    if (now - this.#reportedAt < REPORT_MS) return
    this.#reportedAt = now
    this.port.postMessage(this.report)
  }

  #trouble(kind: 'broken' | 'closed', why: string): void {
    if (!this.#closed) this.events.onTrouble(kind, why)
  }
}
