import { z } from 'zod'
import { invoke, notify } from '../channel'

/** Whom this profile speaks for, and what it has. */
export const CommunityState = z.object({
  /** The account that this device acts for, `0x...`; null: there is none yet, or it has not granted the device. */
  me: z.string().nullable(),
  /** Entries of all logs that are here. */
  entries: z.number(),
})
export type CommunityState = z.infer<typeof CommunityState>

/** What the index took in: pages that show some of it read it again. */
export const CommunityChange = z.object({
  /** Kinds of entries that came, changed or went. */
  kinds: z.array(z.string()),
  /** Accounts that they are of. */
  accounts: z.array(z.string()),
})
export type CommunityChange = z.infer<typeof CommunityChange>

export const communityBaseSchema = {
  getState: invoke(z.void(), CommunityState),
  stateChanged: notify(CommunityState),
  /** Four times a second at most. */
  changed: notify(CommunityChange),
} as const
