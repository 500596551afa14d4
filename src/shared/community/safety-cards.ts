import type { BodyOf } from './body-schema'

/** A list of whom or what not to show, of oneself or of others. */
export interface ListCard {
  readonly id: string
  readonly account: string
  readonly purpose: BodyOf<'list'>['purpose']
  readonly title: string
  readonly desc: string
  readonly items: BodyOf<'list'>['items']
}

/** What a subject is called, for lists of what is not shown. */
export interface NamedSubject {
  readonly subject: string
  /** Null: nothing is known of it here. */
  readonly title: string | null
  /** Whose it is; null where that is not known. */
  readonly account: string | null
}

export const REPORT_REASONS = ['spam', 'harassment', 'nudity', 'violence', 'fraud', 'copyright', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** Who may be told of something. */
export interface ReportTarget {
  readonly account: string
  /** The channel it is in is theirs, or this person heeds their labels. */
  readonly as: 'owner' | 'labeler'
  /** Their key is known here: it can be sealed for them. */
  readonly reachable: boolean
}

/** A report to this person, opened. */
export interface ReportCard {
  readonly id: string
  /** Who reports. */
  readonly account: string
  readonly t: number
  readonly subject: string
  readonly reason: ReportReason
  readonly text: string
}
