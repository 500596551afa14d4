import { z } from 'zod'

/** Somebody else's video as it is being played: what the window shows besides the picture. */
export const PulledShow = z.object({
  /** What a person would call it: the last part of its address. */
  title: z.string(),
  /** The server it comes from. */
  host: z.string(),
  kind: z.enum(['hls', 'flv', 'rtmp', 'file']),
  live: z.boolean(),
  /** Null: it goes on. */
  durationMs: z.number().nullable(),
  /** Pixels. */
  width: z.number(),
  height: z.number(),
  /** Its picture is encoded anew on this computer. */
  recoded: z.boolean(),
  /** Of an HLS master, best first; else empty. */
  qualities: z.array(z.object({ id: z.int(), label: z.string() })),
  /** Which one is played; null where there is no choice. */
  quality: z.int().nullable(),
  /** It is chosen by how fast it comes. */
  automatic: z.boolean(),
  /** What its captions are called; language in BCP 47, empty: not stated. */
  captions: z.array(z.object({ id: z.int(), label: z.string(), language: z.string() })),
  /** Which of them come along; null: none. */
  caption: z.int().nullable(),
  phase: z.enum(['playing', 'reconnecting', 'held', 'ended']),
})
export type PulledShow = z.infer<typeof PulledShow>

/** Once a second while one is played; counts since it was opened. */
export const PullStats = z.object({
  /** Of the video as it reaches the player. */
  bytes: z.number(),
  /** Bits a second over the last second. */
  bitrate: z.number(),
  /** Times that it broke off and was fetched again. */
  reconnects: z.number(),
  /** Times that it came too late to be played in time. */
  lates: z.number(),
})
export type PullStats = z.infer<typeof PullStats>
