import type { StudioError } from '@shared/errors'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink } from '../capture-source'
import type { I420Frame } from '../i420'
import { samplesOfFrames } from '../studio-format'

const PAIR = AUDIO_CHANNELS * 2
/** A device that stays behind for so long will not catch up: its pictures are taken as they come. */
const CATCH_UP_MS = 1000
/** Pictures ahead of time that are taken at once; a device that sends more makes up for hours of sleep. */
const MOST_AHEAD = 60

/** What a feed leads to. */
export interface FeedTarget {
  /** Slots and samples that have been given so far, by this feed or by others. */
  slots(): number
  samples(): number
  acquire(): I420Frame | null
  onFree(callback: () => void): void
  picture(frame: I420Frame, atMs: number): void
  lost(count: number): void
  sound(pcm: Uint8Array): void
  /** The device sends far more than there is time for. */
  hurried(): void
  ended(error: StudioError | undefined): void
}

/**
 * One opening of a device, laid over the slots of a source that goes on without it: its first picture belongs to the
 * slot that is next, and its sound to its pictures. What comes for slots that were filled up meanwhile is left out.
 */
export class SourceFeed implements CaptureSink {
  /** The slot of its first picture; null before anything came. */
  private base: number | null = null
  private frames = 0
  private samples = 0
  private lateSinceMs: number | null = null
  private closed = false
  /** Frames that the device has and that are not given yet. */
  private readonly lent = new Set<I420Frame>()
  /** A frame whose picture was left out, to be filled again. */
  private spare: I420Frame | null = null
  private ahead = MOST_AHEAD
  private filledAtMs = performance.now()

  constructor(
    private readonly fps: number,
    private readonly target: FeedTarget,
  ) {}

  acquire(): I420Frame | null {
    if (this.closed) return null
    const frame = this.spare ?? this.target.acquire()
    this.spare = null
    if (frame) this.lent.add(frame)
    return frame
  }

  onFree(callback: () => void): void {
    this.target.onFree(callback)
  }

  commit(frame: I420Frame, capturedAtMs: number): void {
    if (this.closed || !this.lent.delete(frame)) return
    // Sound may have come before the first picture, and a slot been filled up since.
    if (this.frames === 0) this.base = this.target.slots()
    const slot = this.begin() + this.frames++
    const behind = this.target.slots() - slot
    if (behind > 0 && !this.givenUp(behind)) {
      this.spare = frame
      return
    }
    if (this.takesTooMany()) {
      this.spare = frame
      this.target.hurried()
      return
    }
    this.lateSinceMs = null
    this.target.picture(frame, capturedAtMs)
  }

  dropped(count: number): void {
    if (this.closed) return
    this.frames += count
    const lost = this.begin() + this.frames - this.target.slots()
    if (lost > 0) this.target.lost(lost)
  }

  audio(pcm: Uint8Array): void {
    if (this.closed) return
    const first = samplesOfFrames(this.begin(), this.fps, AUDIO_RATE) + this.samples
    this.samples += pcm.length / PAIR
    const missing = first - this.target.samples()
    if (missing > 0) this.target.sound(new Uint8Array(missing * PAIR))
    const known = Math.max(0, -missing)
    if (known * PAIR < pcm.length) this.target.sound(pcm.subarray(known * PAIR))
  }

  ended(error?: StudioError): void {
    if (!this.closed) this.target.ended(error)
  }

  close(): void {
    this.closed = true
  }

  /** After `close`: the frame that the device had borrowed and has not given back, if there is one. */
  borrowed(): I420Frame | null {
    const frame = this.spare ?? [...this.lent][0] ?? null
    this.spare = null
    if (frame) this.lent.delete(frame)
    return frame
  }

  private begin(): number {
    this.base ??= this.target.slots()
    return this.base
  }

  /** Whether the device has been behind for too long: from now on its picture of now is the next. */
  private givenUp(behind: number): boolean {
    const now = performance.now()
    this.lateSinceMs ??= now
    if (now - this.lateSinceMs < CATCH_UP_MS) return false
    this.base = this.begin() + behind
    return true
  }

  /** A device may be as many pictures ahead as fit into its allowance, which grows at twice the studio's rate. */
  private takesTooMany(): boolean {
    const now = performance.now()
    this.ahead = Math.min(MOST_AHEAD, this.ahead + ((now - this.filledAtMs) * this.fps * 2) / 1000)
    this.filledAtMs = now
    this.ahead--
    return this.ahead < 0
  }
}
