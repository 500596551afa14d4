import { z } from 'zod'
import { Account, bytes, Language, line, prose, Tag, TimeMs, Word } from '../body-fields'
import { ChannelText, EntryId, SubjectText } from '../subject'

/** Somebody says that something is something (`nudity`, `spam` ...); `neg` takes it back. Everybody picks whom to heed. */
export const LabelBody = z.strictObject({
  s: SubjectText,
  val: Word,
  neg: z.boolean().optional(),
  exp: TimeMs.optional(),
})

/** A list that others can subscribe to. `mod` says who helps to keep order, the others whom not to show. */
export const ListBody = z.strictObject({
  purpose: z.enum(['mute', 'block', 'mod']),
  title: line(80),
  desc: prose(1_000),
  items: z.array(z.strictObject({ s: SubjectText, why: line(100).optional() })).max(400),
  edits: EntryId.optional(),
})

/** Sealed to the key of whom it is for, so that only they learn who reported what. */
export const ReportBody = z.strictObject({ to: Account, sealed: bytes(8_000) })

/** A feed as a question that every machine can answer for itself. */
export const FeedDefBody = z.strictObject({
  title: line(80),
  desc: prose(500),
  tags: z.array(Tag).max(20),
  categories: z.array(Word).max(20),
  channels: z.array(ChannelText).max(100),
  langs: z.array(Language).max(10),
  order: z.enum(['newest', 'popular']),
  edits: EntryId.optional(),
})
