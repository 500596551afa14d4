import { z } from 'zod'

/** Bounds of what is read from a captions file: a film has about 1,500 cues and 100 KB. */
export const CAPTION_LIMITS = {
  /** UTF-16 units of a whole file. */
  fileLength: 2 << 20,
  cues: 20_000,
  /** Of one cue, UTF-16 units. */
  textLength: 600,
  linesEach: 8,
} as const

/** Words that are shown over the picture for a while. Plain text: whoever shows it needs no parser. */
export const CaptionCue = z.object({
  /** Of the video, milliseconds. */
  startMs: z.number().min(0),
  endMs: z.number().min(0),
  /** Lines are divided by `\n`. */
  text: z.string().max(CAPTION_LIMITS.textLength),
  /** Its author puts it at the top of the picture, where something else is at the bottom. */
  top: z.boolean(),
})
export type CaptionCue = z.infer<typeof CaptionCue>

/** Cues that are shown at once at most; the newest win. */
const MAX_AT_ONCE = 4

/** What is to be shown at a moment of the video, milliseconds. */
export function cuesAt(cues: readonly CaptionCue[], atMs: number): CaptionCue[] {
  return cues.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs).slice(-MAX_AT_ONCE)
}
