import { z } from 'zod'
import { FileCid, Language, prose, Tag, Word } from '../community/body-fields'
import { ChannelText, EntryId } from '../community/subject'

/** Licences that are offered; SPDX ids, and one for "ask me". */
export const LICENCES = [
  'All rights reserved',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-NC-4.0',
  'CC-BY-NC-SA-4.0',
  'CC-BY-ND-4.0',
  'CC-BY-NC-ND-4.0',
  'CC0-1.0',
] as const

/** What an author may warn of. */
export const WARNINGS = ['nudity', 'violence', 'flashing'] as const

/** What the person says of a video; the title may be empty until it is published. */
export const VideoDetails = z.strictObject({
  title: prose(150),
  desc: prose(5_000),
  category: Word,
  tags: z.array(Tag).max(20),
  lang: Language.nullable(),
  licence: z.enum(LICENCES),
  warn: z.array(z.enum(WARNINGS)).max(WARNINGS.length),
  /** Of the moment whose picture is the cover, milliseconds. */
  coverMs: z.int().min(0),
})
export type VideoDetails = z.infer<typeof VideoDetails>

/** What is known of the file itself; sizes in pixels as shown. */
export const VideoFacts = z.strictObject({
  durMs: z.int().min(1),
  w: z.int().min(1),
  h: z.int().min(1),
  /** Of picture and sound, e.g. `h264,aac`. */
  codec: z.string().max(60),
  /** Bytes. */
  size: z.int().min(0),
})
export type VideoFacts = z.infer<typeof VideoFacts>

const Progress = { done: z.number().min(0).max(1) }

/** Where a draft is on its way. */
export const DraftState = z.discriminatedUnion('state', [
  /** Its file is read, or fetched from the library. */
  z.object({ state: z.literal('reading'), ...Progress }),
  /** It is made into what every browser plays. */
  z.object({ state: z.literal('converting'), ...Progress }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('publishing'), ...Progress }),
  /** Nothing can be made of it; the person learns why. */
  z.object({ state: z.literal('refused'), code: z.string(), message: z.string() }),
])
export type DraftState = z.infer<typeof DraftState>

/** A video on its way to a channel. */
export const VideoDraft = z.object({
  id: z.uuid(),
  channel: ChannelText,
  /** Of the file that was chosen. */
  fileName: z.string().max(255),
  addedAt: z.number(),
  details: VideoDetails,
  facts: VideoFacts.nullable(),
  now: DraftState,
  /** The live that this is the recording of. */
  live: EntryId.nullable(),
})
export type VideoDraft = z.infer<typeof VideoDraft>

/** What is kept of a draft over a restart. */
export const KeptDraft = VideoDraft.omit({ facts: true, now: true }).extend({
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file'), path: z.string().max(4_096) }),
    z.object({ kind: z.literal('library'), cid: FileCid }),
  ]),
})
export type KeptDraft = z.infer<typeof KeptDraft>

export const MOST_DRAFTS = 20

/** Where the window finds the picture of a draft; it can be played when the draft is `ready`. */
export function draftMediaUrl(id: string): string {
  return `media://draft/${id}`
}
