import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import type { AcceptedEntry } from '@shared/community/accepted-entry'
import { Account, prose } from '@shared/community/body-fields'
import { ReportBody } from '@shared/community/bodies/moderation'
import { REPORT_REASONS, type ReportCard } from '@shared/community/safety-cards'
import { EntryId, SubjectText } from '@shared/community/subject'
import type { KeyObject } from 'node:crypto'
import { writeBeside } from '../../platform/write-beside'
import { openBox } from './sealed-box'

const MAX_OPEN = 500
/** One account cannot fill the box. */
const MAX_EACH = 20
/** Changes of the log after which the place is written down, so that a start need not read them again. */
const KEEP_EACH = 5_000

/** What is inside of a report. */
export const ReportWords = z.strictObject({
  s: SubjectText,
  reason: z.enum(REPORT_REASONS),
  text: prose(1_000),
})

const Card = z.strictObject({
  id: EntryId,
  account: Account,
  t: z.number(),
  subject: SubjectText,
  reason: z.enum(REPORT_REASONS),
  text: prose(1_000),
})
const InboxFile = z.strictObject({
  v: z.literal(1),
  /** Place in the log up to which reports were looked for. */
  seq: z.int().min(0),
  open: z.array(Card).max(MAX_OPEN),
})

/** Binds a sealed report to who sent it to whom: it cannot be handed on as one's own. */
export function reportContext(from: string, to: string): string {
  return `we-studio/report/1 ${from} ${to}`
}

/** Reports to this person, opened and kept until they are done with; a file of its own beside the log. */
export class ReportInbox {
  #open: ReportCard[] = []
  #seq = 0
  #kept = 0
  #writing: Promise<void> = Promise.resolve()

  /** A broken file is put aside; the log is then read anew. */
  constructor(
    private readonly path: string,
    private readonly device: KeyObject,
  ) {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      return
    }
    try {
      const { seq, open } = InboxFile.parse(JSON.parse(text))
      this.#seq = this.#kept = seq
      this.#open = open
    } catch {
      renameSync(path, `${path}.broken`)
    }
  }

  /** Where in the log to go on reading. */
  get seq(): number {
    return this.#seq
  }

  /** Newest first. */
  get open(): readonly ReportCard[] {
    return this.#open
  }

  /**
   * Takes the reports out of what the log took in; the rest is passed over. True when there are new ones.
   * @param me the own account; `bars`: reports of these people are not wanted
   */
  take(entries: readonly AcceptedEntry[], seq: number, me: string | null, bars: (account: string) => boolean): boolean {
    const found = me === null ? [] : entries.flatMap((entry) => this.#read(entry, me) ?? [])
    let isNew = false
    for (const card of found) {
      const theirs = this.#open.filter(({ account }) => account === card.account)
      const isSame = theirs.some(({ id, subject }) => id === card.id || subject === card.subject)
      if (isSame || theirs.length >= MAX_EACH || bars(card.account)) continue
      this.#open = [card, ...this.#open].slice(0, MAX_OPEN)
      isNew = true
    }
    this.#seq = Math.max(this.#seq, seq)
    if (isNew || this.#seq - this.#kept > KEEP_EACH) {
      // what could not be written is read again from the log at the next start
      this.#write().catch(() => undefined)
    }
    return isNew
  }

  done(id: string): Promise<void> {
    this.#open = this.#open.filter((card) => card.id !== id)
    return this.#write()
  }

  #read({ id, account, t, kind, body }: AcceptedEntry, me: string): ReportCard | null {
    if (kind !== 'report') return null
    const parsed = ReportBody.safeParse(body)
    if (!parsed.success || parsed.data.to !== me) return null
    const text = openBox(parsed.data.sealed, this.device, reportContext(account, me))
    if (text === null) return null
    try {
      const { s, reason, text: words } = ReportWords.parse(JSON.parse(text))
      return { id, account, t, subject: s, reason, text: words }
    } catch {
      return null
    }
  }

  #write(): Promise<void> {
    const file: z.input<typeof InboxFile> = { v: 1, seq: this.#seq, open: [...this.#open] }
    this.#kept = this.#seq
    this.#writing = this.#writing
      .catch(() => undefined) // whoever asked for it was told
      .then(() => writeBeside(this.path, JSON.stringify(file), { mode: 0o600 }))
    return this.#writing
  }
}
