import type { BodyOf } from '@shared/community/body-schema'
import type { ChannelCard, CommentCard, Counts, ItemCard, PersonCard, Veil } from '@shared/community/index-cards'
import type { Verdict, ViewerFilter } from '../moderation/viewer-filter'
import type { IndexDatabase } from './index-database'
import type { Tallies } from './tallies'

interface ItemRow {
  readonly id: string
  readonly kind: 'video' | 'live'
  readonly account: string
  readonly channel: string
  readonly t: number
  readonly body: string
}

const ITEM = `select item.id, item.kind, item.account, item.channel, item.t, entry.body
  from item join entry on entry.seq = item.seq`
/** So much of a description is looked through for block words: more of it no list shows. */
const LOOKED_AT = 300

/** Makes cards out of rows, for one viewer; null is what that viewer does not want to see. */
export class CardReader {
  constructor(
    private readonly db: IndexDatabase,
    private readonly tallies: Tallies,
  ) {}

  item(row: number, filter: ViewerFilter): ItemCard | null {
    return this.#itemCard(this.db.get(`${ITEM} where item.row = ?`, row), filter)
  }

  itemById(id: string, filter: ViewerFilter): ItemCard | null {
    return this.#itemCard(this.db.get(`${ITEM} where item.id = ?`, id), filter)
  }

  channel(row: number, filter: ViewerFilter): ChannelCard | null {
    const found = this.db.get('select subject, account, body from channel where row = ?', row) as
      { subject: string; account: string; body: string } | undefined
    if (found === undefined) return null
    const body = JSON.parse(found.body) as BodyOf<'channel'>
    const { subject, account } = found
    const verdict = filter.verdict({ subject, account, text: [body.title, body.desc] })
    return verdict.show === 'no' ? null : { subject, account, body, followers: this.tallies.total(subject, 'follow') }
  }

  person(row: number, filter: ViewerFilter): PersonCard | null {
    const found = this.db.get('select account, body from person where row = ?', row) as
      { account: string; body: string } | undefined
    if (found === undefined) return null
    const body = JSON.parse(found.body) as BodyOf<'profile'>
    const subject = `acct:${found.account}`
    const verdict = filter.verdict({ subject, account: found.account, text: [body.name, body.bio] })
    if (verdict.show === 'no') return null
    return { account: found.account, body, followers: this.tallies.total(subject, 'follow') }
  }

  personOf(account: string, filter: ViewerFilter): PersonCard | null {
    const found = this.db.get('select row from person where account = ?', account) as { row: number } | undefined
    return found === undefined ? null : this.person(found.row, filter)
  }

  channelOf(subject: string, filter: ViewerFilter): ChannelCard | null {
    const found = this.db.get('select row from channel where subject = ?', subject) as { row: number } | undefined
    return found === undefined ? null : this.channel(found.row, filter)
  }

  commentById(id: string, filter: ViewerFilter): CommentCard | null {
    const found = this.db.get('select row from comment where id = ?', id) as { row: number } | undefined
    return found === undefined ? null : this.comment(found.row, filter)
  }

  comment(row: number, filter: ViewerFilter): CommentCard | null {
    const found = this.db.get('select * from comment where row = ?', row) as
      (Omit<CommentCard, 'counts' | 'veil' | 'facets' | 'edited'> & { facets: string; edited: number }) | undefined
    if (found === undefined) return null
    const { id, subject, root, parent, account, t, text } = found
    const verdict = filter.verdict({ subject: id, account, text: [text] })
    if (verdict.show === 'no') return null
    const facets = JSON.parse(found.facets) as BodyOf<'comment'>['facets']
    return {
      ...{ id, subject, root, parent, account, t, text, facets },
      ...{ edited: found.edited === 1, counts: this.tallies.totals(id), veil: veilOf(verdict) },
    }
  }

  #itemCard(found: unknown, filter: ViewerFilter): ItemCard | null {
    if (found === undefined) return null
    const { id, kind, account, channel, t, body: text } = found as ItemRow
    const body = JSON.parse(text) as ItemCard['body']
    const said = [body.title, (body.desc ?? '').slice(0, LOOKED_AT), ...body.tags]
    const verdict = filter.verdict({ subject: id, account, channel, text: said, warn: body.warn ?? [] })
    if (verdict.show === 'no') return null
    const counts: Counts = this.tallies.totals(id)
    return { id, kind, account, t, body, counts, veil: veilOf(verdict) } as ItemCard
  }
}

function veilOf(verdict: Verdict): Veil | null {
  if (verdict.show !== 'blur' || verdict.why.because !== 'label') return null
  return { label: verdict.why.label, by: verdict.why.by }
}
