/** To the worklet. Places in samples of the live, times in seconds of the audio context. */
export type SoundCommand =
  | { t: 'write'; place: number; left: Float32Array; right: Float32Array }
  /** Plays from there: `place` was due at `at`. */
  | { t: 'play'; place: number; at: number; rate: number }
  | { t: 'rate'; rate: number }
  | { t: 'hold' }

/** From the worklet: what it plays at the beginning of a block. */
export interface SoundReport {
  place: number
  at: number
}

export const SOUND_PROCESSOR = 'we-live-sound'
