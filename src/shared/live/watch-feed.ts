import { z } from 'zod'
import type { CaptionCue } from '../captions/caption-cue'
import type { AccessConfig, AccessUnit } from '../media/access-unit'

/**
 * What the peer engine posts on the watch port, straight to the window: verified access units of the watched live, in
 * the order of decoding for each track. The player decodes them with WebCodecs (live.md 9, rung 1).
 */
export type WatchFeedMessage =
  | { t: 'config'; config: AccessConfig }
  | { t: 'unit'; unit: AccessUnit }
  /** Units are missing and will not come; pictures go on with the next key picture. */
  | { t: 'gap'; track: 'picture' | 'sound' }
  /** What comes next lies elsewhere in time (somebody has sought): nothing from before it is to be shown any more. */
  | { t: 'jump' }
  /** More captions of a pulled video; `fresh`: instead of those before. */
  | { t: 'captions'; fresh: boolean; cues: CaptionCue[] }
  | { t: 'end' }

/** What the player posts back, about once a second, so that the figures of the network include what was really seen. */
export const WatchFeedReport = z.object({
  t: z.literal('report'),
  /** Capture to presentation of the newest picture shown, milliseconds; null while none was shown. */
  delayMs: z.number().nullable(),
  /** What lies between arrival and presentation, milliseconds. */
  bufferMs: z.number(),
  /** Time in which the picture stood still though the live went on, milliseconds since the live was opened. */
  stalledMs: z.number(),
  framesShown: z.int().nonnegative(),
  framesDropped: z.int().nonnegative(),
})
export type WatchFeedReport = z.output<typeof WatchFeedReport>
