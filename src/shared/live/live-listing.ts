import { z } from 'zod'
import { GiftTerms } from '../gifts/gift-terms'

/** A live that the node heard of, its manifest verified. */
export const LiveListing = z.object({
  /** `we://<peer id>/live/<manifest CID>`. */
  url: z.string(),
  peerId: z.string(),
  title: z.string(),
  category: z.string(),
  /** Unix milliseconds, by the broadcaster's clock. */
  startedAt: z.number(),
  width: z.number(),
  height: z.number(),
  /** This node is the broadcaster. */
  own: z.boolean(),
  /** Left out: it takes no gifts. */
  gifts: GiftTerms.optional(),
})
export type LiveListing = z.infer<typeof LiveListing>

/** Counters of one watched live, once a second; counts are since it was opened. */
export const WatchStats = z.object({
  segments: z.number(),
  bytes: z.number(),
  /** Bytes that came from peers other than the broadcaster. */
  bytesFromViewers: z.number(),
  /** Bytes that came from a relay; these are of no peer, not even where the broadcaster runs the relay. */
  bytesFromRelay: z.number(),
  /** Whether a relay brings the show now, because peers do not. */
  relay: z.boolean(),
  /** Bytes that came a second time, or too late. */
  bytesDuplicate: z.number(),
  /** Access units: capture to verified and in order here, milliseconds, of the last 100 pictures; 0 without a mesh. */
  unitDelayP50Ms: z.number(),
  unitDelayP95Ms: z.number(),
  /** Whether the mesh carries the show to this viewer now. */
  mesh: z.boolean(),
  /** Bytes this viewer served to others. */
  bytesServed: z.number(),
  /** Pieces refused: wrong hash, wrong signature, replayed number. */
  refused: z.number(),
  missed: z.number(),
  peers: z.number(),
  /** Published to verified here, milliseconds, of the last 100 segments. */
  latencyP50Ms: z.number(),
  latencyP95Ms: z.number(),
  /** Id of the rendition that was fetched last. */
  rendition: z.string(),
  /** What the live can be had in now, the source first; sizes in pixels. */
  renditions: z.array(z.object({ id: z.string(), width: z.number(), height: z.number() })),
})
export type WatchStats = z.infer<typeof WatchStats>
