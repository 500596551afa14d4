import { z } from 'zod'

/** What a replay holds. */
export const REPLAY_MS = 30_000

/** A recording or a clip that is on this computer now. */
export const SavedFile = z.object({
  path: z.string(),
  /** File name without its folder, for the person. */
  name: z.string(),
  /** How much of the show is in it. */
  durationMs: z.number(),
})
export type SavedFile = z.infer<typeof SavedFile>

/** Where a new file shall go; a name that is taken gets a number. */
export interface NewFileTarget {
  /** Made when it is missing. */
  folder: string
  /** Without `.mp4`; safe on every system. */
  name: string
}
