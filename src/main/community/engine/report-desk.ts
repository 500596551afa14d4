import { join } from 'node:path'
import { readBody } from '@shared/community/entry-body'
import type { ReportReason, ReportTarget } from '@shared/community/safety-cards'
import { parseSubject } from '@shared/community/subject'
import { NO_RULES } from '@shared/community/viewer-rules'
import { StudioError } from '@shared/errors'
import { deviceX25519 } from '../../platform/device-x25519'
import { readGrant } from '../log/device-keys'
import { MAX_DEVICES, sealBox } from '../moderation/sealed-box'
import { ReportInbox, reportContext, type ReportWords } from '../moderation/report-inbox'
import { ViewerFilter } from '../moderation/viewer-filter'
import type { Community } from './community'
import type { z } from 'zod'

const READ_AT_ONCE = 1_000
/** A device's grant is the first of its log; a newer one is among the first few, since it is fetched with it. */
const LOOKED_AT = 20

/** Reports that go out, sealed, and those that came in. */
export class ReportDesk {
  readonly inbox: ReportInbox
  /** Until then the log itself is read, which has what comes meanwhile, too. */
  #isCaughtUp = false

  constructor(
    private readonly community: Community,
    private readonly changed: () => void,
  ) {
    this.inbox = new ReportInbox(join(community.dir, 'reports.json'), deviceX25519(community.seed))
    setImmediate(() => void this.#catchUp())
    community.onChanged(({ entries }) => {
      if (this.#isCaughtUp) this.#take(entries, Number(community.index.position ?? 0))
    })
  }

  /** The owner of the channel that it is in, unless it is their own, and the labelers whom this person heeds. */
  targets(subject: string): ReportTarget[] {
    const { author, owner } = this.#about(subject)
    const wanted: ReportTarget[] = []
    const add = (account: string, as: ReportTarget['as']): void => {
      if (account === author || account === this.community.me || wanted.some((one) => one.account === account)) return
      wanted.push({ account, as, reachable: this.#keysOf(account).length > 0 })
    }
    if (owner !== null) add(owner, 'owner')
    for (const account of this.community.rules.value.labelers) add(account, 'labeler')
    return wanted
  }

  send(report: { subject: string; reason: ReportReason; text: string; to: readonly string[] }): void {
    const from = this.community.me
    const { subject: s, reason, text } = report
    const words = JSON.stringify({ s, reason, text } satisfies z.input<typeof ReportWords>)
    const bodies = [...new Set(report.to)].map((to) => {
      const keys = this.#keysOf(to)
      if (keys.length === 0) {
        throw new StudioError(
          'no-key',
          'Nothing of whom it is for has come to this computer yet, so it cannot be sealed for them. Open their page and try again in a moment.',
        )
      }
      return { to, sealed: sealBox(words, keys, reportContext(from ?? '', to)) }
    })
    this.community.append(...bodies.map((body) => ({ kind: 'report', body })))
  }

  async #catchUp(): Promise<void> {
    try {
      for (;;) {
        const changes = this.community.log.changesAfter(this.inbox.seq, READ_AT_ONCE)
        if (changes === null) break
        this.#take(changes.entries, changes.seq)
        await new Promise(setImmediate)
      }
      this.#isCaughtUp = true
    } catch (error) {
      this.community.say('warn', 'reports could not be read from the log', { error: String(error) })
    }
  }

  #take(entries: Parameters<ReportInbox['take']>[0], seq: number): void {
    const { me } = this.community
    if (this.inbox.take(entries, seq, me, (account) => this.community.filter().bars(account))) this.changed()
  }

  /** Who made a thing, and whose place it is in. */
  #about(subject: string): { author: string | null; owner: string | null } {
    const found = parseSubject(subject)
    if (found?.type === 'person' || found?.type === 'channel') return { author: found.account, owner: null }
    if (found?.type !== 'entry') return { author: null, owner: null }
    const { cards } = this.community.reader
    const open = new ViewerFilter({ ...NO_RULES, labels: {} })
    const item = cards.itemById(subject, open)
    if (item !== null) return { author: item.account, owner: ownerOf(item.body.channel) }
    const comment = cards.commentById(subject, open)
    if (comment === null) return { author: null, owner: null }
    return { author: comment.account, owner: this.#ownerAt(comment.subject) }
  }

  #ownerAt(subject: string): string | null {
    const found = parseSubject(subject)
    if (found?.type === 'person' || found?.type === 'channel') return found.account
    const open = new ViewerFilter({ ...NO_RULES, labels: {} })
    const item = found?.type === 'entry' ? this.community.reader.cards.itemById(subject, open) : null
    return item === null ? null : ownerOf(item.body.channel)
  }

  /** X25519 keys of an account's devices, as their grants name them. */
  #keysOf(account: string): Uint8Array[] {
    const { log } = this.community
    const keys = new Set<string>()
    for (const device of log.devices(account)) {
      if (log.frozenAbove(device) !== null) continue // revoked or forked: perhaps in the hands of somebody else
      for (const { body } of log.entriesOf(device, 0, LOOKED_AT)) {
        const grant = body === null ? null : readGrant(readBody(body), device, account)
        if (grant !== null) keys.add(grant.x25519)
      }
    }
    return [...keys].slice(0, MAX_DEVICES).map((hex) => new Uint8Array(Buffer.from(hex.slice(2), 'hex')))
  }
}

function ownerOf(channel: string): string | null {
  const found = parseSubject(channel)
  return found?.type === 'channel' ? found.account : null
}
