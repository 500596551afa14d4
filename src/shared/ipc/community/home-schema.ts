import { z } from 'zod'
import { Word } from '../../community/body-fields'
import type { ItemCard, Page } from '../../community/index-cards'
import { EntryId } from '../../community/subject'
import { invoke } from '../channel'

export const FeedName = z.enum(['following', 'popular', 'newest', 'lives'])
export type FeedName = z.infer<typeof FeedName>

export const FeedAsked = z.object({
  feed: FeedName,
  /** Of `popular` and `newest`. */
  category: Word.optional(),
  /** `popular`: short upright videos only. */
  tall: z.boolean().optional(),
  /** `next` of the page before. */
  after: z.string().max(60).nullable(),
  limit: z.int().min(1).max(50),
})
export type FeedAsked = z.infer<typeof FeedAsked>

/** The Home page: lists out of the index. */
export const homeSchema = {
  feed: invoke(FeedAsked, z.custom<Page<ItemCard>>()),
  /** Of these, those that are still here and to be shown. */
  items: invoke(z.array(EntryId).max(100), z.custom<ItemCard[]>()),
  /** Null: not here, withdrawn, or what this person does not want to see. */
  item: invoke(EntryId, z.custom<ItemCard | null>()),
} as const
