import { z } from 'zod'

export const CATEGORIES = ['Talk', 'Music', 'Gaming', 'Beauty', 'Cooking', 'Sports', 'Learning', 'Other'] as const

/** What the broadcaster says of the show before it starts. */
export const BroadcastDetails = z.object({
  title: z.string().trim().min(1, 'Give the show a title.').max(120),
  category: z.enum(CATEGORIES),
})
export type BroadcastDetails = z.infer<typeof BroadcastDetails>
