import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { Community } from './community'

export function channelsHandlers(community: Community): CommunityHandlers['channels'] {
  const { cards, feeds } = community.reader
  return {
    person(account) {
      community.neighbourhood.visit(account)
      return cards.personOf(account, community.filter())
    },
    people: (accounts) => accounts.flatMap((account) => cards.personOf(account, community.filter()) ?? []),
    channel: (subject) => cards.channelOf(subject, community.filter()),
    channelsOf: (account) => feeds.channelsOf(account, community.filter()),
    items: ({ channel, after }) => feeds.channel(channel, { filter: community.filter(), after, limit: 30 }),
    followers: ({ subject, after }) => feeds.followers(subject, { filter: community.filter(), after, limit: 60 }),
    saveProfile(body) {
      community.append({ kind: 'profile', body, replaceKey: 'profile' })
    },
    saveChannel(body) {
      community.append({ kind: 'channel', body, replaceKey: body.slug })
    },
    publishVideo: (body) => community.append({ kind: 'video', body })[0]!,
    publishLive: (body) => community.append({ kind: 'live', body })[0]!,
  }
}
