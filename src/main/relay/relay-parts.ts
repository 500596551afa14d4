import type { Readable, Writable } from 'node:stream'

/** What the relay needs of others; the app and `we` plug it in. */
export interface RelayParts {
  /** Opens a new recording of a live; null or missing: lives are not recorded. */
  record?: (name: string) => Promise<LiveRecording>
  /** Starts ffmpeg with these arguments; missing: no ladder. */
  ffmpeg?: (args: string[]) => TranscodeProgram
  /** Starts ffmpeg for the sound of WebRTC, which is Opus; missing: pictures alone there. */
  soundFfmpeg?: (args: string[]) => TranscodeProgram
  log: (line: string) => void
}

/** A file that plays at every moment of its making. */
export interface LiveRecording {
  readonly path: string
  /** `ftyp` and `moov`; a second time: another file. */
  start: (init: Uint8Array) => void
  /** A whole segment. */
  write: (bytes: Uint8Array, durationMs: number) => void
  finish: () => Promise<unknown>
}

/** A running program that reads from its input and writes to its output, for instance FLV. */
export interface TranscodeProgram {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly exited: Promise<unknown>
  stop: () => Promise<unknown>
}
