import { z } from 'zod'
import { ShareBody } from '../../community/bodies/reactions'
import { prose } from '../../community/body-fields'
import type { CommentCard, Page } from '../../community/index-cards'
import { EntryId, FollowableText, SubjectText } from '../../community/subject'
import { invoke, notify } from '../channel'

export const Switched = z.object({ subject: SubjectText, on: z.boolean() })

/** What this person said about a thing. */
export const OwnActs = z.object({ like: z.boolean(), repost: z.boolean(), follow: z.boolean() })
export type OwnActs = z.infer<typeof OwnActs>

export const NewComment = z.object({
  subject: SubjectText,
  text: prose(4_000).refine((text) => text.trim() !== ''),
  root: EntryId.optional(),
  parent: EntryId.optional(),
})

/** What this person said that no peer has asked for yet; it goes out by itself when somebody is connected. */
export const Waiting = z.object({
  count: z.number(),
  /** `like <subject>`, `repost <subject>`, `follow <subject>`; of comments, videos and all else the id. */
  named: z.array(z.string()),
})
export type Waiting = z.infer<typeof Waiting>

/** What a person does with what others made. All of it rejects with `no-account` where no account is yet. */
export const actsSchema = {
  own: invoke(z.array(SubjectText).max(100), z.record(z.string(), OwnActs)),
  like: invoke(Switched, z.void()),
  repost: invoke(Switched, z.void()),
  follow: invoke(z.object({ subject: FollowableText, on: z.boolean() }), z.void()),
  getWaiting: invoke(z.void(), Waiting),
  waitingChanged: notify(Waiting),
  /** The id of the comment. */
  comment: invoke(NewComment, z.string()),
  /** Says an own comment in other words; likes and answers stay. Rejects with `not-own-comment`. */
  editComment: invoke(NewComment.pick({ text: true }).extend({ id: EntryId }), z.void()),
  /** Takes back an entry of one's own. */
  withdraw: invoke(EntryId, z.void()),
  /** It was passed on; `via` had brought this person to it. */
  share: invoke(ShareBody, z.void()),
  comments: invoke(
    z.object({ subject: SubjectText, root: EntryId.optional(), after: z.string().max(60).nullable() }),
    z.custom<Page<CommentCard>>(),
  ),
} as const
