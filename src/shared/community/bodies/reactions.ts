import { z } from 'zod'
import { Account, ChainId, Count, Digest, prose, WalletSignature, Wei, Word } from '../body-fields'
import { EntryId, FollowableText, SubjectText } from '../subject'

/** Undone by withdrawing it (`del`). Several of one account about one subject count once. */
export const LikeBody = z.strictObject({ s: SubjectText })
export const RepostBody = z.strictObject({ s: SubjectText })
export const FollowBody = z.strictObject({ s: FollowableText })

/** A stretch of a text that is more than text; offsets are UTF-16 units. */
const Facet = z
  .strictObject({
    start: z.int().min(0).max(4_000),
    end: z.int().min(1).max(4_000),
    kind: z.enum(['mention', 'link', 'tag', 'time']),
    value: z.string().min(1).max(300),
  })
  .refine(({ start, end }) => end > start)

/** `s` is what it is about; of an answer, `root` is the comment that opened the thread and `parent` the one answered. */
export const CommentBody = z
  .strictObject({
    s: SubjectText,
    root: EntryId.optional(),
    parent: EntryId.optional(),
    text: prose(4_000).refine((text) => text.trim() !== ''),
    facets: z.array(Facet).max(40),
    edits: EntryId.optional(),
  })
  .refine(({ root, parent }) => (root === undefined) === (parent === undefined))

/** Somebody passed something on. `via` is whose link had brought them to it, `net` where they took it (`x`, `qr` ...). */
export const ShareBody = z.strictObject({ s: SubjectText, via: Account.optional(), net: Word })

/** The instant of a gift; the ledger is the truth. `total` and `count` are those of the payer's tab after it. */
export const GiftBody = z.strictObject({
  s: SubjectText,
  creator: Account,
  sharer: Account.optional(),
  item: Word,
  qty: z.int().min(1).max(100_000),
  amount: Wei,
  total: Wei,
  count: Count,
  chain: z.union([ChainId, Digest]),
  signature: WalletSignature.optional(),
})

export const PurchaseBody = z.strictObject({ s: SubjectText, tx: Digest })

/** Withdraws an entry of the same account. What was withdrawn stays so. */
export const DelBody = z.strictObject({ s: EntryId })
