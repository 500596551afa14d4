import { z } from 'zod'
import type { ItemCard } from './index-cards'

/** What speaks for a card of "For you"; what each stands for is said in `main/community/recommend/sources.ts`. */
export const WhySource = z.enum([
  'similar',
  'alike',
  'taste',
  'today',
  'week',
  'month',
  'topic',
  'author',
  'followed',
  'fresh',
  'explore',
])
export type WhySource = z.infer<typeof WhySource>

/** Why a card is there; subjects, accounts and tags by name, for the window to put into words. */
export interface Why {
  readonly source: WhySource
  /** The own video that it is like. */
  readonly item?: string
  /** Its title, where it is still here. */
  readonly itemTitle?: string
  readonly tag?: string
  readonly account?: string
  /** What each source added. */
  readonly parts: Readonly<Partial<Record<WhySource, number>>>
}

export interface ForYouCard {
  readonly card: ItemCard
  readonly why: Why
}

export const ForYouSettings = z.strictObject({
  /** Off: nothing is noted and lists are the same for everybody. */
  on: z.boolean(),
  /** -1: familiar; 1: fresh. */
  fresh: z.number().min(-1).max(1),
  /** -1: niche; 1: popular. */
  popular: z.number().min(-1).max(1),
})
export type ForYouSettings = z.infer<typeof ForYouSettings>
