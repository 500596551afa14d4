import { z } from 'zod'

/** What a backup of an account's records holds, every entry checked. */
export const BackupLook = z.object({
  /** Whose it is, `0x...`. */
  account: z.string(),
  /** By the newest profile in it; null: there is none. */
  name: z.string().nullable(),
  /** Each has a log of its own. */
  devices: z.number(),
  entries: z.number(),
  /** Those that are not here yet. */
  fresh: z.number(),
  /** Clocks of their devices, Unix milliseconds, of the oldest and the newest entry. */
  from: z.number(),
  to: z.number(),
  /** How many of each kind have something to say. */
  kinds: z.record(z.string(), z.number()),
})
export type BackupLook = z.infer<typeof BackupLook>
