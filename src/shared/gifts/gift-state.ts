import { z } from 'zod'

const wei = z.bigint().nonnegative()

/** A gift as the drawer shows it. */
export const OfferedGift = z.object({
  id: z.int(),
  /** Of the drawing; null for somebody's design. */
  key: z.string().nullable(),
  name: z.string(),
  priceWei: wei,
  /** CID of its picture; empty where we draw it. */
  mediaCid: z.string(),
  /** Designed by this person. */
  own: z.boolean(),
  /** Whose design it is, and the part they have of it, in 1/10,000; null: one of ours. */
  designer: z.object({ address: z.string(), bps: z.int() }).nullable(),
})
export type OfferedGift = z.infer<typeof OfferedGift>

/** What a person can do about gifts in a room. */
export const GiftReadiness = z.discriminatedUnion('state', [
  /** The show takes none. */
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('opening') }),
  /** The gifts are seen, but there is no account to give with. */
  z.object({ state: z.literal('no-account') }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type GiftReadiness = z.infer<typeof GiftReadiness>

export const Supporter = z.object({ payer: z.string(), name: z.string(), amountWei: wei, gifts: z.int() })

/** Each number of a supporter's vote; amounts in WE. `VoteParts`. */
export const SupporterVote = z.object({
  payer: z.string(),
  given: z.number(),
  fresh: z.number(),
  freshEverywhere: z.number(),
  mass: z.number(),
  vote: z.number(),
})

const Totals = z.object({
  /** Given in this room, as far as it was seen. */
  totalWei: wei,
  supporters: z.array(Supporter).max(50),
  votes: z.array(SupporterVote).max(50),
})

/** The live that is watched. */
export const ViewerGifts = Totals.extend({
  readiness: GiftReadiness,
  account: z.object({ address: z.string(), name: z.string() }).nullable(),
  creator: z.string(),
  /** WE outside of the bank. */
  balanceWei: wei,
  /** Of the deposit, what is not promised yet. */
  depositLeftWei: wei,
  /** What is left today in this room without a question, and the most in one gift; null: not known. */
  budget: z.object({ leftWei: wei, perGiftWei: wei }).nullable(),
  /** Of each gift, in 1/10,000. */
  feeBps: z.int(),
  sharerBps: z.int(),
  /** Whom the sharer's part goes to, and what they call themselves; null: nobody shared. */
  sharer: z.object({ address: z.string(), name: z.string() }).nullable(),
  isTest: z.boolean(),
  gifts: z.array(OfferedGift).max(200),
  /** What defining one's own costs. */
  defineFeeWei: wei,
  /** Signed and perhaps not left. */
  unsent: z.int(),
  givenWei: wei,
})
export type ViewerGifts = z.infer<typeof ViewerGifts>

/** A link to the watched live, for others. */
export const SharedLink = z.object({
  url: z.string().max(2_048),
  /** Of each gift that comes through it, in 1/10,000; 0: it names nobody. */
  sharerBps: z.int(),
  /** Why it names nobody; null: it does. */
  why: z.enum(['pays-nothing', 'no-account', 'own', 'locked']).nullable(),
})
export type SharedLink = z.infer<typeof SharedLink>

/** The own live. */
export const CreatorGifts = Totals.extend({
  readiness: GiftReadiness,
  account: z.object({ address: z.string(), name: z.string() }).nullable(),
  isTest: z.boolean(),
  /** Promised by tabs that are not settled yet, over all lives. */
  owedWei: wei,
  /** Promised with them to who designed the gifts; paid by the same settlement. */
  designersWei: wei,
  /** Settled and still in the bank. */
  earnedWei: wei,
  settling: z.boolean(),
  sharerBps: z.int(),
  feeBps: z.int(),
  /** Minutes of live. */
  packets: z.object({
    minutes: z.int(),
    /** What earlier lives have left of minutes that were used up already; used first. 0 in a live: `leftMs` has it. */
    carriedMs: z.number(),
    /** None bought, and none needed: a ledger of test value. */
    isFree: z.boolean(),
    priceWei: wei,
    /** Of a running live; null: none runs. */
    leftMs: z.number().nullable(),
    phase: z.enum(['running', 'five-minutes', 'one-minute', 'grace', 'over']),
    graceLeftMs: z.number(),
  }),
})
export type CreatorGifts = z.infer<typeof CreatorGifts>

/** A gift to be seen now. */
export const ShownGift = z.object({
  room: z.enum(['watch', 'studio']),
  id: z.string(),
  payer: z.string(),
  name: z.string(),
  giftId: z.int(),
  key: z.string().nullable(),
  giftName: z.string(),
  mediaCid: z.string(),
  qty: z.int(),
  amountWei: wei,
  text: z.string(),
})
export type ShownGift = z.infer<typeof ShownGift>
