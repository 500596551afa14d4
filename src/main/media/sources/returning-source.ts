import { StudioError } from '@shared/errors'
import type { SourceInfo } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import type { I420Frame } from '../i420'
import { darkPicture } from '../slate-source'
import { samplesOfFrames } from '../studio-format'
import { SourceFeed } from './source-feed'

const PAIR = AUDIO_CHANNELS * 2
/** A picture this late is not waited for: viewers would run dry. */
const LATE_MS = 300
/** Between two attempts: every 2 s, later more rarely. The first comes sooner: a program that crashed starts again. */
const RETRY_MS = 2000
const FIRST_RETRY_MS = 250
const RETRY_GROWTH = 1.5
const RETRY_MOST_MS = 10_000
/** A device that has worked for so long is trusted again. */
const GOOD_SECONDS = 5
/** The clock of the wall ran on by so much between two ticks: the computer slept. */
const ASLEEP_MS = 5000
/** Every third picture is kept for when the next does not come: a tenth of a second back is not seen. */
const KEEP_EVERY = 3

export interface ReturningOptions {
  /** Opens the device, the first time and again. The signal ends an attempt that nobody waits for any more. */
  open: (signal: AbortSignal) => Promise<CaptureSource>
  /** First pause before it is opened again, milliseconds; tests shorten it. */
  retryMs?: number
}

/**
 * A device that may go away and come back: unplugged, taken by another program, crashed, or after the computer slept.
 * It gives a picture for every slot all the same: the last one again, with silence, until the device is back; the
 * counts of slots and samples go on, so sound and picture belong together before and after. The sink is told by `away`
 * and `back`; `ended` never comes.
 */
export class ReturningSource implements CaptureSource {
  readonly info: SourceInfo
  private sink!: CaptureSink
  private feed: SourceFeed | null = null
  private source: CaptureSource | null
  /** Slots and samples that the sink has been given. */
  private slots = 0
  private samples = 0
  /** When the newest slot was there, by `performance.now()`. */
  private slotAtMs = 0
  private wallAtMs = 0
  /** The device is behind: what is missing is filled up. */
  private late = false
  private away: StudioError | null = null
  private readonly last: Uint8Array
  private attempts = 0
  private openedAtSlot = 0
  private retry: NodeJS.Timeout | undefined
  private ticker: NodeJS.Timeout | undefined
  private readonly closing = new AbortController()

  private constructor(
    first: CaptureSource,
    private readonly options: ReturningOptions,
  ) {
    this.source = first
    this.info = first.info
    this.last = darkPicture(first.info).data
  }

  /** @throws what `open` throws the first time */
  static async open(options: ReturningOptions): Promise<ReturningSource> {
    return new ReturningSource(await options.open(new AbortController().signal), options)
  }

  start(sink: CaptureSink): void {
    this.sink = sink
    this.slotAtMs = performance.now()
    this.wallAtMs = Date.now()
    this.use(this.source!)
    this.ticker = setInterval(() => this.tick(), 1000 / this.info.fps / 2)
  }

  async close(): Promise<void> {
    this.closing.abort()
    clearInterval(this.ticker)
    clearTimeout(this.retry)
    await this.leave()
  }

  private use(source: CaptureSource): void {
    this.source = source
    const feed: SourceFeed = new SourceFeed(this.info.fps, {
      slots: () => this.slots,
      samples: () => this.samples,
      acquire: () => this.sink.acquire(),
      onFree: (callback) => this.sink.onFree(callback),
      picture: (frame, atMs) => this.picture(frame, atMs),
      lost: (count) => this.skip(count),
      sound: (pcm) => this.sound(pcm),
      hurried: () => this.reopen(feed, null),
      ended: (error) => this.reopen(feed, error ?? stopped(this.info.label)),
    })
    this.feed = feed
    this.openedAtSlot = this.slots
    source.start(feed)
  }

  private picture(frame: I420Frame, atMs: number): void {
    if (this.slots % KEEP_EVERY === 0) this.last.set(frame.data)
    this.slots++
    this.slotAtMs = performance.now()
    this.late = false
    if (this.slots - this.openedAtSlot > GOOD_SECONDS * this.info.fps) this.attempts = 0
    this.sink.commit(frame, atMs)
    if (!this.away) return
    this.away = null
    this.sink.back?.()
  }

  private skip(count: number): void {
    this.slots += count
    this.sink.dropped(count)
  }

  private sound(pcm: Uint8Array): void {
    this.samples += pcm.length / PAIR
    this.sink.audio(pcm)
  }

  /** Gives what is due while the device does not. */
  private tick(): void {
    const now = performance.now()
    const wall = Date.now()
    if (wall - this.wallAtMs > ASLEEP_MS) {
      // Time goes on where it stopped; a device that was open before may never answer again.
      this.slotAtMs = now
      if (this.feed) this.reopen(this.feed, null)
    }
    this.wallAtMs = wall
    if (this.feed && !this.late && now - this.slotAtMs < LATE_MS) return
    const due = Math.floor(((now - this.slotAtMs) * this.info.fps) / 1000)
    if (due <= 0) return
    this.late = true
    const frame = this.sink.acquire()
    const lost = frame ? due - 1 : due
    if (lost > 0) this.skip(lost)
    if (frame) {
      frame.data.set(this.last)
      this.slots++
      this.sink.commit(frame, now)
    }
    this.slotAtMs += (due * 1000) / this.info.fps
    const missing = samplesOfFrames(this.slots, this.info.fps, AUDIO_RATE) - this.samples
    if (missing > 0) this.sound(new Uint8Array(missing * PAIR))
  }

  /** `why` is null when the device has done nothing wrong: it is only opened anew. */
  private reopen(feed: SourceFeed, why: StudioError | null): void {
    if (this.feed !== feed) return
    void this.leave()
    if (why) this.say(why)
    this.openAgain(why ? this.pauseMs() : 0)
  }

  private say(why: StudioError): void {
    if (this.away?.code === why.code) return
    this.away = why
    this.sink.away?.(why)
  }

  private pauseMs(): number {
    const base = this.options.retryMs ?? RETRY_MS
    const attempt = this.attempts++
    return attempt === 0
      ? Math.min(base, FIRST_RETRY_MS)
      : Math.min(RETRY_MOST_MS, base * RETRY_GROWTH ** (attempt - 1))
  }

  private openAgain(afterMs: number): void {
    this.retry = setTimeout(() => {
      const { signal } = this.closing
      this.options.open(signal).then(
        (source) => {
          if (signal.aborted) void source.close()
          else this.use(source)
        },
        (error: unknown) => {
          if (signal.aborted) return
          this.say(error instanceof StudioError ? error : stopped(this.info.label))
          this.openAgain(this.pauseMs())
        },
      )
    }, afterMs)
  }

  private async leave(): Promise<void> {
    const { feed, source } = this
    this.feed = null
    this.source = null
    feed?.close()
    await source?.close()
    // What the device had borrowed and not filled is put to use, or it would be missing in the ring.
    const frame = feed?.borrowed()
    if (frame && !this.closing.signal.aborted) {
      frame.data.set(this.last)
      this.slots++
      this.sink.commit(frame, performance.now())
      this.slotAtMs += 1000 / this.info.fps
    }
  }
}

function stopped(label: string): StudioError {
  return new StudioError('source-stopped', `"${label}" has stopped. Plug it in again or choose another source.`)
}
