import { z } from 'zod'
import { CreatorGifts, SharedLink, ShownGift, ViewerGifts } from '../gifts/gift-state'
import { MAX_GIFT_QTY, MAX_GIFT_TEXT } from '../gifts/gift-limits'
import { MAX_DESIGNER_BPS } from '../gifts/tab-limits'
import { invoke, notify } from './channel'

const nothing = z.void()

/** Gifts in the live that is watched, and in the own one. */
export const giftsSchema = {
  getViewer: invoke(nothing, ViewerGifts.nullable()),
  getCreator: invoke(nothing, CreatorGifts),
  viewerChanged: notify(ViewerGifts.nullable()),
  creatorChanged: notify(CreatorGifts),
  /** Verified, and covered by the giver's deposit. */
  shown: notify(ShownGift),
  /** A link to the watched live that names this person as its sharer; for lives that take gifts. */
  shareLink: invoke(nothing, SharedLink),
  /** Gives in the watched live; resolves when it has left. */
  give: invoke(
    z.object({
      giftId: z.int().positive(),
      qty: z.int().min(1).max(MAX_GIFT_QTY),
      text: z.string().max(MAX_GIFT_TEXT),
    }),
    nothing,
  ),
  /** Lets the person make an account. */
  makeAccount: invoke(nothing, nothing),
  /** Gets test WE, once; local ledgers only. */
  claim: invoke(nothing, nothing),
  /** A picture from this computer, given to others by its CID; null: cancelled. */
  choosePicture: invoke(nothing, z.object({ cid: z.string(), name: z.string() }).nullable()),
  /** A gift of one's own. */
  design: invoke(
    z.object({
      name: z.string().trim().min(1).max(32),
      priceWei: z.bigint().positive(),
      pictureCid: z.string().max(96),
      /** Of each such gift, 1/10,000; for who designs it. */
      designerBps: z.int().min(0).max(MAX_DESIGNER_BPS),
    }),
    nothing,
  ),
  /** Collects what is owed; resolves when it is in a block. */
  settle: invoke(nothing, nothing),
  /** Takes out what was earned. */
  withdraw: invoke(nothing, nothing),
  /** Part of who shares the own lives, from the next one on; 1/10,000. */
  setSharerBps: invoke(z.int().min(0).max(5_000), nothing),
  buyMinutes: invoke(z.int().min(1).max(10_000), nothing),
  /** Gives back the minutes that no live has begun. */
  refundMinutes: invoke(nothing, nothing),
} as const
