import type { BodyOf } from '@shared/community/body-schema'
import type { ChannelCard, ItemCard } from '@shared/community/index-cards'
import type { CommunityState } from '@shared/ipc/community/community-schema'
import type { CommunitySession } from './community-session'
import type { LiveEntryCalls } from './live-entries'
import type { ChannelCalls } from './publishing-session'

/** Main's own calls to the community engine about the person's channel, typed. */
export function channelCalls(community: CommunitySession): LiveEntryCalls & Pick<ChannelCalls, 'publishVideo'> {
  return {
    me: async () => ((await community.ask('community', 'getState', undefined)) as CommunityState).me,
    channelsOf: async (account) => (await community.ask('channels', 'channelsOf', account)) as ChannelCard[],
    publishLive: async (body) => (await community.ask('channels', 'publishLive', body)) as string,
    publishVideo: async (body) => (await community.ask('channels', 'publishVideo', body)) as string,
    live: async (id) => {
      const card = (await community.ask('home', 'item', id)) as ItemCard | null
      return card?.kind === 'live' ? (card.body satisfies BodyOf<'live'>) : null
    },
  }
}
