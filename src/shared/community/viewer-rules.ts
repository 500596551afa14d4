import { z } from 'zod'
import { Account, line, Word } from './body-fields'
import { EntryId, SubjectText } from './subject'

/**
 * What somebody does not want to see, kept on their own machine only. Blocks and mutes name people, channels or single
 * things (subjects); blocked people are also kept out of the own rooms. A mute only keeps them out of lists.
 */
export const ViewerRules = z.strictObject({
  blocked: z.array(SubjectText).max(10_000),
  muted: z.array(SubjectText).max(10_000),
  /** Single things put away by "not this one". */
  hidden: z.array(SubjectText).max(50_000),
  blockWords: z.array(line(60)).max(500),
  /** Lists (`list` entries) of others whose word counts like the own. */
  lists: z.array(EntryId).max(100),
  /** Whose labels are heeded. */
  labelers: z.array(Account).max(50),
  /** What to do with a label; what is not named is shown. Authors' own warnings count as labels too. */
  labels: z.record(Word, z.enum(['show', 'blur', 'hide'])),
})
export type ViewerRules = z.infer<typeof ViewerRules>

export const NO_RULES: ViewerRules = {
  blocked: [],
  muted: [],
  hidden: [],
  blockWords: [],
  lists: [],
  labelers: [],
  labels: { nudity: 'blur', sexual: 'blur', violence: 'blur', gore: 'hide', spam: 'hide' },
}
