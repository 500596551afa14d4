import { z } from 'zod'

/** A service that the show is also sent to. Its stream key is kept apart, sealed, and never shown again. */
export const Destination = z.strictObject({
  id: z.uuid(),
  /** As the person calls it. */
  name: z.string().trim().min(1).max(40),
  /** Id of a preset of `STREAMING_SERVICES`, or `custom`. */
  service: z.string().min(1).max(20),
  /** `rtmp://` or `rtmps://` address of the server, without the key; `https://` is WHIP. */
  url: z.string().min(1).max(1024),
  /** Whether the next live goes there. */
  enabled: z.boolean(),
})
export type Destination = z.infer<typeof Destination>

/** At least 8 (product row S4); more than any machine's uplink carries. */
export const MAX_DESTINATIONS = 16

export const StreamKey = z.string().trim().min(1).max(512)

/** How it goes with one destination of the running live. */
export const DestinationState = z.object({
  id: z.string(),
  state: z.enum(['off', 'connecting', 'live', 'retrying']),
  /** What is wrong, in plain words; null while all is well. */
  problem: z.string().nullable(),
  /** Unix milliseconds: since when it is live without a break, or when it is tried again. Null otherwise. */
  at: z.number().nullable(),
  /** Of the last seconds, kbit/s. */
  kbps: z.number(),
  bytes: z.number(),
  /** Pictures left out because the line was slower than the show. */
  droppedPictures: z.number(),
  /** Times that it was connected anew. */
  reconnects: z.number(),
})
export type DestinationState = z.infer<typeof DestinationState>

/** What the window knows of a destination: all but its key. */
export const DestinationEntry = Destination.extend({ hasKey: z.boolean() })
export type DestinationEntry = z.infer<typeof DestinationEntry>

/** A destination made or changed; without a key the one before is kept. */
export const DestinationChange = z.strictObject({ destination: Destination, key: StreamKey.nullable() })
export type DestinationChange = z.infer<typeof DestinationChange>
