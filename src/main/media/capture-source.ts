import { AUDIO_CHANNELS, AUDIO_RATE } from '@shared/media/sound-format'
import type { SourceInfo } from '@shared/media/source-spec'
import type { StudioError } from '@shared/errors'
import type { I420Frame } from './i420'

/** PCM everywhere in the engine: signed 16 bit little endian, 48 kHz, 2 channels interleaved. */
export { AUDIO_CHANNELS, AUDIO_RATE }
export const AUDIO_BYTES_PER_SECOND = AUDIO_RATE * AUDIO_CHANNELS * 2

/** Where a source puts what it captures. All calls come from the engine's own thread. */
export interface CaptureSink {
  /**
   * A free frame to fill, or null while the engine has none. A pipe then waits for `onFree`; a source with its own
   * clock drops that slot and says so with `dropped`.
   */
  acquire(): I420Frame | null
  /** Calls back once when a frame is free again. */
  onFree(callback: () => void): void
  /**
   * Hands the filled frame over; frames arrive in order and each is one slot of the constant-rate clock.
   * @param dressedFaces of a picture whose people have been worked on already (a scene): how many faces were found
   */
  commit(frame: I420Frame, capturedAtMs: number, dressedFaces?: number): void
  dropped(count: number): void
  /** Any number of whole sample pairs; the sink copies what it keeps. */
  audio(pcm: Uint8Array): void
  /** The source is over: by itself (no error) or because it broke. Called at most once. */
  ended(error?: StudioError): void
  /**
   * The device is away, for the reason given, and is tried again by itself; its last picture and silence go on
   * meanwhile. Again with another reason, until `back`.
   */
  away?(why: StudioError): void
  /** The device gives pictures again. */
  back?(): void
}

/**
 * A constant-rate picture and sound source. Every slot of 1/fps yields exactly one frame; audio is delivered
 * continuously at AUDIO_RATE (silence when the source has none), so counting frames and samples is the clock.
 */
export interface CaptureSource {
  readonly info: SourceInfo
  start(sink: CaptureSink): void
  /** Ends the source and everything it started (child process, worker); safe to call twice. */
  close(): Promise<void>
}
