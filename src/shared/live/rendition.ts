import { z } from 'zod'

/** The rendition that every segment has: the picture as the broadcaster made it. */
export const SOURCE = 'source'
/** The smaller one, for viewers whose line does not carry the source; there while the broadcaster's computer has time. */
export const SMALL = 'small'
/** Bounds a record, and the bits that say which of them a peer holds. */
export const MAX_RENDITIONS = 4

export const RenditionId = z.string().regex(/^[a-z][a-z0-9]{0,7}$/)

/** One size in which a show can be had. */
export const Rendition = z.strictObject({
  id: RenditionId,
  /** Pixels. */
  width: z.int().positive().max(16_384),
  height: z.int().positive().max(16_384),
  /** Meant bitrate of the picture, kilobits a second. */
  kbps: z.int().positive().max(1_000_000),
  /** RFC 6381, e.g. `avc1.64001e,mp4a.40.2`. */
  codecs: z.string().regex(/^[\w.,+ -]{1,100}$/),
})
export type Rendition = z.infer<typeof Rendition>

/** The source first, each id once. */
export function inOrder(renditions: readonly { id: string }[]): boolean {
  const ids = renditions.map(({ id }) => id)
  return ids[0] === SOURCE && new Set(ids).size === ids.length
}

/** What a viewer wants to see: the id of a rendition, or the best that its line carries. */
export const QualityChoice = z.union([z.literal('auto'), RenditionId])
export type QualityChoice = z.infer<typeof QualityChoice>
