import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { Community } from './community'

/** A broadcaster who vanished never says so: lives that began before are over. */
const LIVE_MS = 12 * 3_600_000

export function homeHandlers(community: Community): CommunityHandlers['home'] {
  const { feeds, cards } = community.reader
  return {
    feed({ feed, category, tall, after, limit }) {
      const ask = { filter: community.filter(), after, limit }
      switch (feed) {
        case 'following':
          return feeds.following(community.me === null ? [] : community.reader.followedBy(community.me), ask)
        case 'popular':
          return feeds.popular(ask, {
            ...(category === undefined ? {} : { category }),
            ...(tall === undefined ? {} : { tall }),
          })
        case 'newest':
          return feeds.newest(ask, category)
        case 'lives':
          return feeds.lives(ask, community.now() - LIVE_MS)
      }
    },
    items: (ids) => ids.flatMap((id) => cards.itemById(id, community.filter()) ?? []),
    item: (id) => cards.itemById(id, community.filter()),
  }
}
