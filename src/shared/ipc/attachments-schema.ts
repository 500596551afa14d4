import { z } from 'zod'
import { Digest } from '../community/body-fields'
import { invoke, notify } from './channel'

const nothing = z.void()
/** A file of a message that is here: its conversation, the message and the place among its files. */
const place = z.object({ conversation: Digest, message: Digest, at: z.int().min(0).max(9) })

export const ChosenFile = z.object({
  /** For this run of the app. */
  id: z.string(),
  name: z.string(),
  /** MIME type by its name. */
  type: z.string(),
  /** Bytes. */
  size: z.number(),
})
export type ChosenFile = z.infer<typeof ChosenFile>

/** Files of private messages: sealed before they leave this computer, opened after they came. Keys stay outside the window. */
export const attachmentsSchema = {
  /** Asks for files of this computer; none when cancelled. */
  choose: invoke(nothing, z.array(ChosenFile)),
  /** Not to be sent after all. */
  drop: invoke(z.string().max(40), nothing),
  /** Seals and publishes the files, then says it with them; returns the message's id. `cancel` rejects it. */
  send: invoke(
    z.object({
      conversation: Digest,
      text: z.string().max(4_000),
      reply: Digest.optional(),
      ids: z.array(z.string().max(40)).min(1).max(10),
    }),
    Digest,
  ),
  /** Asks where to, fetches and opens a file. False: cancelled. */
  save: invoke(place, z.boolean()),
  /** A picture as a `data:` URL; null: it is none, or larger than 8 MB. */
  picture: invoke(place, z.string().nullable()),
  /** Ends what is under way. */
  cancel: invoke(nothing, nothing),
  /** Bytes done of all, of what is under way; null: nothing is. */
  progress: notify(z.object({ what: z.enum(['sending', 'saving']), done: z.number(), total: z.number() }).nullable()),
} as const
