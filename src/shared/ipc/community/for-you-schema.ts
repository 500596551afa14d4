import { z } from 'zod'
import { ForYouSettings, WhySource, type ForYouCard } from '../../community/for-you'
import { EntryId } from '../../community/subject'
import { invoke } from '../channel'

/** What is recommended; learnt and kept on this computer only. */
export const forYouSchema = {
  /** `shown`: already on the page. Fewer than `count`: that was all. */
  next: invoke(
    z.object({ count: z.int().min(1).max(50), shown: z.array(EntryId).max(1_000) }),
    z.custom<ForYouCard[]>(),
  ),
  getSettings: invoke(z.void(), ForYouSettings),
  setSettings: invoke(ForYouSettings, z.void()),
  /** Forgets what was watched and liked here; the settings stay. */
  reset: invoke(z.void(), z.void()),
  /** How far a video was watched, 0 to 1; `source`: why it was there, where it was recommended. */
  noteWatched: invoke(
    z.object({ subject: EntryId, share: z.number().min(0).max(1), source: WhySource.optional() }),
    z.void(),
  ),
  /** "Not this one" of something that was recommended. */
  notePassed: invoke(z.object({ source: WhySource }), z.void()),
} as const
