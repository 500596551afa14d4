import type { ChannelCard, CommentCard, ItemCard, PersonCard } from '@shared/community/index-cards'
import type { Found } from '@shared/ipc/community/search-schema'
import type { OpenedTarget } from '@shared/ipc/sharing-schema'
import { parseSubject } from '@shared/community/subject'
import type { TypedAddress } from './search-store'

/** A line that can be chosen. */
export type SearchOption =
  | { readonly kind: 'address'; readonly key: string; readonly address: Exclude<TypedAddress, null> }
  | { readonly kind: 'recent'; readonly key: string; readonly text: string }
  | { readonly kind: 'item'; readonly key: string; readonly card: ItemCard }
  | { readonly kind: 'channel'; readonly key: string; readonly card: ChannelCard }
  | { readonly kind: 'person'; readonly key: string; readonly card: PersonCard }
  | { readonly kind: 'comment'; readonly key: string; readonly card: CommentCard }

export interface SearchGroup {
  readonly title: string
  readonly options: readonly SearchOption[]
}

/** What stands below the field, in order; groups with nothing in them are left out. */
export function searchGroups(
  address: TypedAddress,
  text: string,
  found: Found | null,
  recent: readonly string[],
): SearchGroup[] {
  if (address !== null) return [{ title: 'Address', options: [{ kind: 'address', key: 'address', address }] }]
  if (text.trim() === '') {
    const options = recent.map((one): SearchOption => ({ kind: 'recent', key: `recent ${one}`, text: one }))
    return options.length === 0 ? [] : [{ title: 'Recent searches', options }]
  }
  if (found === null) return []
  return [
    {
      title: 'Videos and lives',
      options: found.items.map((card): SearchOption => ({ kind: 'item', key: card.id, card })),
    },
    {
      title: 'Channels',
      options: found.channels.map((card): SearchOption => ({ kind: 'channel', key: card.subject, card })),
    },
    {
      title: 'People',
      options: found.people.map((card): SearchOption => ({ kind: 'person', key: `acct:${card.account}`, card })),
    },
    {
      title: 'Comments',
      options: found.comments.map((card): SearchOption => ({ kind: 'comment', key: card.id, card })),
    },
  ].filter(({ options }) => options.length > 0)
}

/** Where an option leads; null: it leads nowhere by itself. */
export function optionTarget(option: SearchOption): OpenedTarget | null {
  switch (option.kind) {
    case 'item':
      return { type: 'item', id: option.card.id, account: option.card.account }
    case 'person':
      return { type: 'person', account: option.card.account }
    case 'channel':
      return { type: 'channel', account: option.card.account, slug: option.card.body.slug }
    case 'comment': {
      const subject = parseSubject(option.card.subject)
      if (subject === null || subject.type === 'file') return null
      return subject.type === 'entry' ? { type: 'item', id: subject.id } : subject
    }
    default:
      return null
  }
}
