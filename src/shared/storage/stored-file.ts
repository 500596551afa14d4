import { z } from 'zod'

/** A file that this node holds, or part of one. Sizes are bytes, times Unix milliseconds. */
export const StoredFile = z.object({
  cid: z.string(),
  url: z.string(),
  title: z.string(),
  size: z.number(),
  storedBytes: z.number(),
  /** Every byte of it is here. */
  complete: z.boolean(),
  /** Kept until the person removes it; everything else makes room when the space is used up. */
  pinned: z.boolean(),
  /** Being played, written or exported right now. */
  inUse: z.boolean(),
  addedAt: z.number(),
  lastUsedAt: z.number(),
  servedBytes: z.number(),
})
export type StoredFile = z.infer<typeof StoredFile>

/** What the person allows. */
export const StorageLimits = z.object({
  /** Most bytes of files on disk. */
  spaceBytes: z
    .number()
    .int()
    .min(64 * 1024 * 1024)
    .max(2 ** 50),
  /** Most kilobits a second given to others; 0: no limit. */
  uplinkKbps: z.number().int().min(0).max(100_000_000),
})
export type StorageLimits = z.infer<typeof StorageLimits>

export const DEFAULT_LIMITS: StorageLimits = { spaceBytes: 20e9, uplinkKbps: 0 }

/** Figures of giving and keeping. Served and fetched count since the node was started. */
export const StorageFigures = z.object({
  storedBytes: z.number(),
  pinnedBytes: z.number(),
  spaceBytes: z.number(),
  uplinkKbps: z.number(),
  servedBytes: z.number(),
  fetchedBytes: z.number(),
  /** To whom the most went, at most 20. */
  peers: z.array(z.object({ peerId: z.string(), servedBytes: z.number() })),
})
export type StorageFigures = z.infer<typeof StorageFigures>

/** Something that lasts: publishing, fetching whole, exporting, importing. */
export const StorageTask = z.object({
  id: z.string(),
  kind: z.enum(['publish', 'fetch', 'export', 'import']),
  title: z.string(),
  doneBytes: z.number(),
  totalBytes: z.number(),
})
export type StorageTask = z.infer<typeof StorageTask>

/** All that the library page shows. */
export const LibraryState = z.object({
  files: z.array(StoredFile),
  figures: StorageFigures,
  tasks: z.array(StorageTask),
})
export type LibraryState = z.infer<typeof LibraryState>
