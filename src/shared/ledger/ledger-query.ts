import { z } from 'zod'
import { Address } from '../money/address'
import { EntryKind, LedgerEntry } from './ledger-entry'

export const MAX_PAGE = 200
/** Matches are counted up to here. */
export const MAX_COUNT = 10_000

/** Which entries; a filter that is null or empty takes all. */
export const LedgerFilter = z.object({
  /** Somebody, in whatever part. */
  person: Address.nullable(),
  /** A creator: what reached them, and what they did. */
  channel: Address.nullable(),
  /** A CID, or the digest that stands for it on the ledger (0x). */
  content: z.string().trim().max(200).nullable(),
  kinds: z.array(EntryKind).max(EntryKind.options.length),
  /** Unix seconds, inclusive. */
  since: z.int().min(0).nullable(),
  /** Unix seconds, exclusive. */
  until: z.int().min(0).nullable(),
  /** Also the transfers and approvals that are part of something larger. */
  parts: z.boolean(),
})
export type LedgerFilter = z.infer<typeof LedgerFilter>

export const EVERYTHING: LedgerFilter = {
  ...{ person: null, channel: null, content: null, kinds: [], since: null, until: null, parts: false },
}

export const LedgerQuery = LedgerFilter.extend({
  /** Where the page before ended. */
  after: z.string().max(40).nullable(),
  limit: z.int().min(1).max(MAX_PAGE),
})
export type LedgerQuery = z.infer<typeof LedgerQuery>

/** Newest first. */
export const LedgerPage = z.object({
  entries: z.array(LedgerEntry),
  /** For `after`; null at the end. */
  next: z.string().nullable(),
  /** All that match, at most `MAX_COUNT`. */
  total: z.int(),
})
export type LedgerPage = z.infer<typeof LedgerPage>

export const ExportFormat = z.enum(['csv', 'json'])
export type ExportFormat = z.infer<typeof ExportFormat>
