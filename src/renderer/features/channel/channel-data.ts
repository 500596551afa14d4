import type { ChannelCard, ItemCard, PersonCard } from '@shared/community/index-cards'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'

/** What is known of the account whose page is open. */
interface ChannelData {
  /** Null: no page has been opened yet. */
  account: string | null
  slug: string | null
  person: PersonCard | null
  channels: readonly ChannelCard[]
  /** Of the open channel, newest first; null: being read. */
  items: readonly ItemCard[] | null
  next: string | null
  /** Of the open channel: the person here follows it. */
  follows: boolean
  blocked: boolean
  /** Why nothing could be read; null when it could. */
  problem: string | null
}

const NOTHING = { person: null, channels: [], items: null, next: null, follows: false, blocked: false, problem: null }

export const useChannelData = create<ChannelData>()(() => ({
  ...{ account: null, slug: null },
  ...NOTHING,
}))

/** The channel that is open; null: the account has none of this name. */
export function openedChannel({ channels, slug }: Pick<ChannelData, 'channels' | 'slug'>): ChannelCard | null {
  return (slug === null ? channels[0] : channels.find(({ body }) => body.slug === slug)) ?? null
}

/** What following means here: the person for their first channel, else the channel. */
export function followSubject(data: Pick<ChannelData, 'account' | 'channels' | 'slug'>): string {
  const channel = openedChannel(data)
  if (channel === null || channel === data.channels[0]) return `acct:${data.account}`
  return channel.subject
}

let asked = 0

/** Reads the page of an account; an answer that is overtaken is dropped. */
export async function readChannel(account: string, slug: string | null): Promise<void> {
  asked += 1
  const mine = asked
  const before = useChannelData.getState()
  if (before.account !== account || before.slug !== slug) useChannelData.setState({ account, slug, ...NOTHING })
  const { channels, acts, safety } = studioClient()
  try {
    const [person, theirs, rules] = await Promise.all([
      channels.person(account),
      channels.channelsOf(account),
      safety.getRules(),
    ])
    const opened = openedChannel({ channels: theirs, slug })
    const subject = followSubject({ account, channels: theirs, slug })
    const [page, own] = await Promise.all([
      opened === null ? { cards: [], next: null } : channels.items({ channel: opened.subject, after: null }),
      acts.own([subject]),
    ])
    if (mine !== asked) return
    useChannelData.setState({
      ...{ person, channels: theirs, items: page.cards, next: page.next, problem: null },
      follows: own[subject]?.follow ?? false,
      blocked: rules.blocked.includes(`acct:${account}`),
    })
  } catch (error) {
    if (mine === asked) useChannelData.setState({ items: [], problem: describeProblem(error).message })
  }
}

/** The next page of the channel's items. */
export async function moreItems(): Promise<void> {
  const { next, items } = useChannelData.getState()
  const opened = openedChannel(useChannelData.getState())
  if (next === null || opened === null || items === null) return
  const page = await studioClient().channels.items({ channel: opened.subject, after: next })
  if (useChannelData.getState().items !== items) return
  useChannelData.setState({ items: [...items, ...page.cards], next: page.next })
}

/** Reads the open page anew. */
export function refreshChannel(): void {
  const { account, slug } = useChannelData.getState()
  if (account !== null) void readChannel(account, slug)
}

const SHOWN = new Set(['profile', 'channel', 'video', 'live', 'follow', 'like', 'comment', 'del'])

/** Follows the community: the open page is read again when something of it may have changed. */
export function startChannels(client: StudioClient): void {
  client.community.changed(({ kinds }) => {
    if (kinds.some((kind) => SHOWN.has(kind))) refreshChannel()
  })
  client.safety.rulesChanged(refreshChannel)
}
