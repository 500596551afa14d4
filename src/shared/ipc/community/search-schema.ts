import { z } from 'zod'
import type { ChannelCard, CommentCard, ItemCard, PersonCard } from '../../community/index-cards'
import { invoke } from '../channel'

export interface Found {
  readonly items: readonly ItemCard[]
  readonly channels: readonly ChannelCard[]
  readonly people: readonly PersonCard[]
  readonly comments: readonly CommentCard[]
}

export const searchSchema = {
  /** `typing`: the last word may be unfinished. */
  find: invoke(
    z.object({ text: z.string().max(200), typing: z.boolean(), limit: z.int().min(1).max(50) }),
    z.custom<Found>(),
  ),
} as const
