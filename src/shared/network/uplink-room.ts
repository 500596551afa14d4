import { z } from 'zod'

/** Most kilobits a second given to others, all ways together; 0: no limit. */
export const UplinkLimit = z.int().min(0).max(100_000_000)

/** How the line to others is shared now, kilobits a second. */
export const UplinkRoom = z.object({
  /** What the owner allows; 0: no limit. */
  limitKbps: z.number(),
  /** What the own show takes in any case; 0 without one. */
  needKbps: z.number(),
  /** What is left for viewers at the relay of this app; null: no limit. */
  leftKbps: z.number().nullable(),
})
export type UplinkRoom = z.infer<typeof UplinkRoom>
