import { z } from 'zod'
import { Account, BasisPoints, Day, FileCid, Language, line, prose, Word } from '../body-fields'
import { ChannelText, Slug } from '../subject'

const Link = z.strictObject({
  title: line(60),
  url: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[^\s]+$/),
})

/** Who an account is. The newest of an account holds. */
export const ProfileBody = z.strictObject({
  name: line(60),
  handle: Slug.optional(),
  bio: prose(1_000),
  avatar: FileCid.optional(),
  banner: FileCid.optional(),
  links: z.array(Link).max(10),
  langs: z.array(Language).max(10),
  /** Where gifts go, when not to the account itself. */
  payout: Account.optional(),
})

/** A channel of an account; the newest of account and slug holds. */
export const ChannelBody = z.strictObject({
  slug: Slug,
  title: line(80),
  desc: prose(2_000),
  category: Word,
  cover: FileCid.optional(),
  avatar: FileCid.optional(),
  rules: prose(4_000).optional(),
  /** Shelves of the channel's page; items are ids of videos, lives or playlists. */
  sections: z
    .array(z.strictObject({ title: line(60), items: z.array(z.string().max(90)).max(50) }))
    .max(12)
    .optional(),
  mods: z.array(Account).max(100),
  /** Who gets how much of what the channel earns. */
  split: z
    .strictObject({ creator: BasisPoints, sharer: BasisPoints, seeder: BasisPoints })
    .refine(({ creator, sharer, seeder }) => creator + sharer + seeder === 10_000),
  /** Provider's share, at most 0.5, and sharers' share, at most 0.3, of the channel's reward (incentives 4, step 5). */
  theta: z.int().min(0).max(5_000),
  sigma: z.int().min(0).max(3_000),
})

/** What an account watched in a channel on a day, in sum; opt-in. */
export const WatchBody = z.strictObject({
  day: Day,
  channel: ChannelText,
  seconds: z.int().min(1).max(86_400),
  /** Mean share of each video that was watched. */
  completion: BasisPoints,
})

/** Opt-in totals of an account's day, by name. */
export const StatDayBody = z.strictObject({
  day: Day,
  totals: z
    .record(
      Word,
      z
        .int()
        .min(0)
        .max(2 ** 40),
    )
    .refine((totals) => Object.keys(totals).length <= 40),
})
