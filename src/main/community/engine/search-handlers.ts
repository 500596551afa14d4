import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { Community } from './community'

export function searchHandlers(community: Community): CommunityHandlers['search'] {
  return {
    find({ text, typing, limit }) {
      const question = { text, typing, limit, now: community.now() }
      const { search } = community.reader
      const filter = community.filter()
      return {
        items: search.items(question, filter),
        channels: search.channels(question, filter),
        people: search.people(question, filter),
        comments: search.comments(question, filter),
      }
    },
  }
}
