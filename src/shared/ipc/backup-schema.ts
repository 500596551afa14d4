import { z } from 'zod'
import { BackupLook } from '../community/backup-look'
import { invoke, notify } from './channel'

const nothing = z.void()

/** Everything that the person has said, into a file and out of one. Main asks where; the window names no paths. */
export const backupSchema = {
  /** Name of the file and bytes; null: no place was chosen. `cancel` rejects it with `cancelled`. */
  make: invoke(nothing, z.object({ name: z.string(), bytes: z.number() }).nullable()),
  /** Asks for a backup and reads it to its end; nothing is taken in. Null: none was chosen. */
  look: invoke(nothing, BackupLook.extend({ file: z.string() }).nullable()),
  /** Takes in what was looked at last; how many entries were new. */
  restore: invoke(nothing, z.number()),
  /** Own entries as signed Nostr events, one to a line; null: no place was chosen. Ends on the wallet's sheet. */
  nostr: invoke(
    nothing,
    z
      .object({
        name: z.string(),
        events: z.number(),
        /** Entries by kind for which there is no event. */
        left: z.record(z.string(), z.number()),
      })
      .nullable(),
  ),
  cancel: invoke(nothing, nothing),
  /** Of what is under way; `done` 0 to 1. Null: nothing is. */
  progress: notify(
    z.object({ what: z.enum(['making', 'looking', 'restoring', 'signing']), done: z.number() }).nullable(),
  ),
} as const
