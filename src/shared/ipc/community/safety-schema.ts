import { z } from 'zod'
import { Account, line, prose, Word } from '../../community/body-fields'
import { ListBody } from '../../community/bodies/moderation'
import {
  REPORT_REASONS,
  type ListCard,
  type NamedSubject,
  type ReportCard,
  type ReportTarget,
} from '../../community/safety-cards'
import { ViewerRules } from '../../community/viewer-rules'
import { EntryId, SubjectText } from '../../community/subject'
import { invoke, notify } from '../channel'

const Switched = z.object({ subject: SubjectText, on: z.boolean() })

/** What this person does not want to see; the rules stay on this computer. Lists, labels and reports are entries. */
export const safetySchema = {
  getRules: invoke(z.void(), ViewerRules),
  setRules: invoke(ViewerRules, z.void()),
  rulesChanged: notify(ViewerRules),
  block: invoke(Switched, z.void()),
  mute: invoke(Switched, z.void()),
  hide: invoke(Switched, z.void()),
  /** What these are called, whatever the rules say. */
  names: invoke(z.array(SubjectText).max(500), z.custom<NamedSubject[]>()),

  /** A list of anybody's; null: it is not here (yet: its author's log is asked for when a link names the author). */
  list: invoke(EntryId, z.custom<ListCard | null>()),
  ownLists: invoke(z.void(), z.custom<ListCard[]>()),
  /** Its word counts like the own from now on, or no more. */
  subscribe: invoke(z.object({ list: EntryId, on: z.boolean() }), z.void()),
  /** Makes a list, or changes the own one `id`. Its id. */
  saveList: invoke(ListBody.omit({ edits: true }).extend({ id: EntryId.optional(), title: line(80) }), z.string()),
  /** Takes an own list back. */
  dropList: invoke(EntryId, z.void()),

  /** Who would be told. Empty: nobody could do anything about it but its author. */
  reportTargets: invoke(SubjectText, z.custom<ReportTarget[]>()),
  /** Sealed for each of `to`. Rejects with `no-key` where one's key is not known here. */
  report: invoke(
    z.object({
      subject: SubjectText,
      reason: z.enum(REPORT_REASONS),
      text: prose(1_000),
      to: z.array(Account).min(1).max(20),
    }),
    z.void(),
  ),
  /** Reports to this person that are not done yet, newest first. */
  reports: invoke(z.void(), z.custom<ReportCard[]>()),
  reportDone: invoke(EntryId, z.void()),
  reportsChanged: notify(z.object({ open: z.number() })),
  /** Says of something what it is, for those who heed one's labels; `off` takes it back. */
  label: invoke(z.object({ subject: SubjectText, label: Word, on: z.boolean() }), z.void()),
} as const
