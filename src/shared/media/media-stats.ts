import { z } from 'zod'

/** Counters of the media engine, sent once a second; counts are since the source was opened (or encoding started). */
export const MediaStats = z.object({
  /** Frames per second that left the filter in the last second. */
  fps: z.number(),
  framesIn: z.number(),
  /** Frames given to the encoder since encoding started; 0 when not encoding. */
  framesEncoded: z.number(),
  /** Frames that waited longer than one frame time for processing. */
  lateFrames: z.number(),
  /** Slots the source lost because the whole engine was stalled; never filled by growing delay. */
  droppedFrames: z.number(),
  /** Frames that passed with reduced effort: last landmarks, no warp, or unchanged (ladder of media.md 5). */
  reducedFrames: z.number(),
  /** Encoded kilobits per second, last second. */
  bitrateKbps: z.number(),
  faces: z.number(),
  /** Processing time per frame, milliseconds, last second. */
  processP50Ms: z.number(),
  processP95Ms: z.number(),
  /** Sound level of the last second, dBFS, -100 = silence. */
  audioPeakDb: z.number(),
  /** CPU of this engine and its programs in the last second, percent of one core; null where it cannot be read. */
  cpuPercent: z.number().nullable(),
  /** From the writing of a frame to its encoded packet, milliseconds, median of the last second; 0 when not encoding. */
  encodeMs: z.number(),
  /** How far the encoder's sound is behind its picture, milliseconds: 0 or negative. */
  avOffsetMs: z.number(),
  /** ffmpeg's name of the encoder in use, e.g. `libx264`; empty when not encoding. */
  encoder: z.string(),
  /** Bitrate that the picture is meant to have; 0 when not encoding. */
  targetKbps: z.number(),
  /** What has been lowered against the chosen quality, in words; empty: nothing. */
  step: z.string(),
  /** In which sizes viewers can have the picture, and why not in a smaller one, in words; empty when not encoding. */
  renditions: z.string(),
})
export type MediaStats = z.infer<typeof MediaStats>
