import { z } from 'zod'
import { MAX_STRIPES } from './piece'
import type { MeshSettings } from './mesh-settings'

/** How a show is split for its mesh; in its manifest, so signed and the same for all. */
export const MeshPlan = z
  .strictObject({
    /** Stripes with data; all stripes, parity included. */
    data: z.int().min(1).max(MAX_STRIPES),
    stripes: z.int().min(1).max(MAX_STRIPES),
    /** Pictures of a batch. */
    pictures: z.int().min(1).max(8),
    /** Signed lists of hashes instead of a signature in each piece. */
    listed: z.boolean(),
    /** Meant rate of picture and sound, kilobits a second. */
    kbps: z.int().positive().max(1_000_000),
  })
  .refine(({ data, stripes }) => data <= stripes)
export type MeshPlan = z.infer<typeof MeshPlan>

/** Framing, signatures and what a meant bitrate is exceeded by. */
const OVERHEAD = 1.04
const REPAIR_SHARE = 0.12

/** What the decision module has to know of a plan. */
export function settingsOf({ data, stripes, pictures, kbps }: MeshPlan, fps: number): MeshSettings {
  return {
    stripes,
    stripeBps: ((kbps * 1000) / data) * OVERHEAD,
    pieceMs: (pictures * 1000) / fps,
    repairShare: REPAIR_SHARE,
  }
}

/**
 * The plan of a show, for the rooms that one broadcaster serves today (up to some dozens): one stripe, a picture in each
 * batch, a signature in each piece. A newcomer brings the one slot that it needs, so that a crowd finds places at once; more
 * stripes need more proven slots first, wait for their lists and cost framing (live.md 4, 7).
 */
export function planFor(kbps: number): MeshPlan {
  return { data: 1, stripes: 1, pictures: 1, listed: false, kbps }
}
