import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { SceneItemState } from '@shared/media/scene-state'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import type { I420Frame } from '../i420'
import { SoundRing } from '../mixer/sound-ring'
import { effortFor } from '../overload'
import type { PersonSettings } from '../person/person-effect'
import type { PersonWork } from '../person/person-work'
import { samplesOfFrames, type StudioFormat } from '../studio-format'
import { FrameQueue } from './frame-queue'
import { SoundAlignment } from './sound-alignment'
import { dim } from './scene-canvas'

/** How long to wait before a source is opened again, each time; the last for ever. */
const RETRY_MS = [2000, 2000, 4000, 8000, 15_000]
/** In the straight path a copy is kept of every n-th frame, for the case that the source goes away. */
const KEEP_EVERY = 15

/** Where the frames of an input go when it is the whole picture: straight to the engine. */
export interface StraightPath {
  acquire(): I420Frame | null
  onFree(callback: () => void): void
  commit(frame: I420Frame, capturedAtMs: number, index: number): void
  dropped(count: number): void
  /** A frame that was lent before the path was changed, not filled. */
  takeBack(frame: I420Frame): void
}

/** What an input needs of its scene. */
export interface InputHost {
  format: StudioFormat
  openSource(spec: SourceSpec): Promise<CaptureSource>
  createPerson(): PersonWork
  personSettings(): PersonSettings
  /** Its state or its picture's place has changed. */
  changed(): void
  soundCame(): void
  /** Milliseconds before each next try; tests shorten them. */
  retryMs?: readonly number[]
  log(line: string): void
}

/** One source of a scene: its newest frames and sound, the work on its person, and its return after a failure. */
export class SceneInput implements CaptureSink {
  readonly ring = new SoundRing()
  readonly queue: FrameQueue
  readonly alignment: SoundAlignment
  info: SourceInfo | null = null
  /** Of the newest opening: its last picture still lies so. */
  lastInfo: SourceInfo | null = null
  failure: ErrorReport | null = null
  hasEnded = false
  /** Its sound does not come: nobody waits for it. */
  starved = false
  /** The person in it is worked on here. */
  dressing = false
  /** Found in its newest picture, while it is worked on here. */
  faces = 0
  private straight: StraightPath | null = null
  private readonly borrowed = new Map<I420Frame, StraightPath>()
  private capture: CaptureSource | null = null
  private person: PersonWork | null = null
  /** Why the device is away; it comes back by itself. */
  private gone: ErrorReport | null = null
  private working = false
  private slots = 0
  private tries = 0
  private attempt = 0
  private closed = false
  private timer: NodeJS.Timeout | undefined
  private opening: Promise<void> | null = null

  constructor(
    readonly key: string,
    readonly spec: SourceSpec,
    private readonly host: InputHost,
  ) {
    this.queue = new FrameQueue(host.format, spec.kind !== 'file')
    this.alignment = new SoundAlignment(AUDIO_RATE / host.format.fps)
  }

  get isOpen(): boolean {
    return this.info !== null && !this.failure && !this.hasEnded
  }

  /** It has a picture, or it is clear that there is none. */
  get isSettled(): boolean {
    return this.failure !== null || this.hasEnded || this.queue.shown !== null || this.hasPicture
  }
  private hasPicture = false

  /** What the window is told about an item of this input. */
  stateOf(itemId: string): SceneItemState {
    if (this.failure) return { itemId, state: 'failed', ...this.failure }
    if (this.hasEnded) return { itemId, state: 'ended' }
    if (this.info && this.gone) return { itemId, state: 'waiting', info: this.info, ...this.gone }
    return this.info ? { itemId, state: 'open', info: this.info } : { itemId, state: 'opening' }
  }

  get hasSound(): boolean {
    return this.lastInfo?.hasAudio === true
  }

  /** Opens the source, or waits for it. Never rejects: `failure` says what is wrong. */
  open(): Promise<void> {
    this.opening ??= this.tryToOpen().finally(() => (this.opening = null))
    return this.opening
  }

  /** Opens it anew. */
  async restart(): Promise<void> {
    if (this.opening) return this.opening
    this.failure = null
    this.hasEnded = false
    this.tries = 0
    await this.leave()
    this.host.changed()
    await this.open()
  }

  /** From the next frame on all frames go this way; null: they are kept here. */
  setPath(path: StraightPath | null): void {
    this.straight = path
  }

  setPerson(settings: PersonSettings): void {
    if (this.person) this.person.settings = settings
  }

  /** One slot of the show in which it may be seen or heard. */
  advance(slot: number): void {
    this.queue.advance()
    if (this.queue.shownIndex >= 0) this.alignment.see(slot, this.queue.shownIndex)
  }

  acquire(): I420Frame | null {
    if (this.closed || this.failure || this.hasEnded) return null
    const { straight } = this
    if (!straight) return this.queue.acquire()
    const frame = straight.acquire()
    if (frame) this.borrowed.set(frame, straight)
    return frame
  }

  onFree(callback: () => void): void {
    if (this.straight) this.straight.onFree(callback)
    else this.queue.onFree(callback)
  }

  commit(frame: I420Frame, capturedAtMs: number): void {
    if (this.closed) return
    const index = this.slots++
    const lender = this.borrowed.get(frame)
    this.borrowed.delete(frame)
    const { straight } = this
    if (straight) {
      const out = lender ? frame : straight.acquire()
      if (!lender) {
        out?.data.set(frame.data)
        this.queue.giveBack(frame)
      }
      if (!out) {
        straight.dropped(1)
        return
      }
      if (index % KEEP_EVERY === 0) this.queue.keep(out, index)
      this.queue.shownIndex = index
      straight.commit(out, capturedAtMs, index)
      return
    }
    let own = frame
    if (lender) {
      own = this.queue.lend()
      own.data.set(frame.data)
      lender.takeBack(frame)
    }
    const mustWork = this.dressing && this.person?.wanted === true
    this.queue.commit(own, index, !mustWork)
    if (mustWork) void this.work()
    if (this.hasPicture) return
    this.hasPicture = true
    this.host.changed()
  }

  dropped(count: number): void {
    if (this.closed) return
    this.slots += count
    this.straight?.dropped(count)
  }

  audio(pcm: Uint8Array): void {
    if (this.closed || this.info?.hasAudio !== true) return
    this.ring.push(pcm)
    this.host.soundCame()
  }

  ended(error?: StudioError): void {
    if (this.closed || this.failure || this.hasEnded) return
    if (error) this.fail(error)
    else {
      this.hasEnded = true
      void this.leaveDimmed()
      this.host.changed()
    }
  }

  away(why: StudioError): void {
    if (this.closed) return
    this.gone = reportError(why)
    this.host.changed()
  }

  back(): void {
    this.gone = null
    if (!this.closed) this.host.changed()
  }

  /** The person in it is worked on here from now on, or not any more. */
  dress(wanted: boolean): void {
    if (wanted && !this.dressing) {
      this.person ??= this.host.createPerson()
      this.person.settings = this.host.personSettings()
      this.person.reset()
    }
    this.dressing = wanted
    if (!wanted) this.faces = 0
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    await this.leave()
  }

  private async tryToOpen(): Promise<void> {
    clearTimeout(this.timer)
    const mine = ++this.attempt
    try {
      const capture = await this.host.openSource(this.spec)
      if (this.closed || mine !== this.attempt) {
        await capture.close()
        return
      }
      this.begin(capture)
    } catch (error) {
      if (!this.closed && mine === this.attempt) this.fail(error)
    }
  }

  private begin(capture: CaptureSource): void {
    // Numbers go on over a failure: frame n still belongs to the samples from n frames on.
    const samples = (frames: number): number => samplesOfFrames(frames, this.host.format.fps, AUDIO_RATE)
    while (samples(this.slots) < this.ring.end) this.slots++
    this.ring.push(new Uint8Array((samples(this.slots) - this.ring.end) * AUDIO_CHANNELS * 2))
    this.capture = capture
    this.info = this.lastInfo = capture.info
    this.failure = null
    this.hasEnded = false
    this.starved = false
    this.tries = 0
    capture.start(this)
    this.host.changed()
  }

  private fail(error: unknown): void {
    this.failure = reportError(error)
    void this.leaveDimmed()
    const waits = this.host.retryMs ?? RETRY_MS
    this.timer = setTimeout(() => void this.open(), waits[Math.min(this.tries++, waits.length - 1)])
    this.host.changed()
  }

  private async leave(): Promise<void> {
    const { capture } = this
    this.capture = null
    this.info = null
    this.gone = null
    this.attempt++
    const closed = capture?.close() // from here on it fills nothing
    for (const [frame, lender] of this.borrowed) lender.takeBack(frame)
    this.borrowed.clear()
    this.queue.recall()
    await closed?.catch((error: unknown) => this.host.log(`scene: closing a source failed: ${String(error)}`))
  }

  /** Its last picture stays, darker. One that was never worked on is not shown undressed. */
  private async leaveDimmed(): Promise<void> {
    const wasStraight = this.straight !== null
    await this.leave()
    while (this.queue.advance()) continue
    const { shown } = this.queue
    if (!shown) return
    if (wasStraight && this.wantsPerson) {
      this.queue.shown = null
      this.person ??= this.host.createPerson()
      this.person.settings = this.host.personSettings()
      await this.apply(this.person, shown, this.queue.shownIndex, 0)
    }
    dim(shown)
    this.queue.shown ??= shown
  }
  /** Some item shows a person in it. */
  wantsPerson = false

  private async work(): Promise<void> {
    if (this.working) return
    this.working = true
    for (let next = this.queue.takeWork(); next; next = this.queue.takeWork()) {
      if (this.person && !this.closed) await this.apply(this.person, next.frame, next.index, this.queue.unfinished - 1)
      next.ready = true
    }
    this.working = false
  }

  private async apply(person: PersonWork, frame: I420Frame, index: number, waiting: number): Promise<void> {
    try {
      this.faces = (await person.apply(frame, effortFor(waiting), (index * 1000) / this.host.format.fps)).length
    } catch (error) {
      if (!this.complained) this.host.log(`scene: face work failed, the plain picture goes on: ${String(error)}`)
      this.complained = true
    }
  }
  private complained = false
}
