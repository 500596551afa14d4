import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { OwnActs } from '@shared/ipc/community/acts-schema'
import type { Community } from './community'

type Act = 'like' | 'repost' | 'follow'

export function actsHandlers(community: Community): CommunityHandlers['acts'] {
  const { reader } = community
  /** Says it once, or takes back every entry that says it. */
  const turn = (kind: Act, subject: string, on: boolean): void => {
    const known = community.me === null ? [] : reader.entriesAbout(community.me, kind, subject)
    if (on && known.length === 0) community.append({ kind, body: { s: subject } })
    if (!on && known.length > 0) community.append(...known.map((id) => ({ kind: 'del', body: { s: id } })))
  }
  return {
    own(subjects) {
      const own = new Map(
        subjects.map((subject): [string, OwnActs] => [subject, { like: false, repost: false, follow: false }]),
      )
      if (community.me !== null) {
        for (const { subject, kind } of reader.ownActs(community.me, subjects)) own.get(subject)![kind as Act] = true
      }
      return Object.fromEntries(own)
    },
    like: ({ subject, on }) => turn('like', subject, on),
    repost: ({ subject, on }) => turn('repost', subject, on),
    follow: ({ subject, on }) => turn('follow', subject, on),
    comment({ subject, text, root, parent }) {
      const thread = root === undefined ? {} : { root, parent: parent ?? root }
      return community.append({ kind: 'comment', body: { s: subject, text, facets: [], ...thread } })[0]!
    },
    withdraw(id) {
      community.append({ kind: 'del', body: { s: id } })
    },
    share(body) {
      community.append({ kind: 'share', body })
    },
    comments({ subject, root, after }) {
      const ask = { filter: community.filter(), after, limit: 50 }
      return root === undefined ? reader.feeds.comments(subject, ask) : reader.feeds.thread(root, ask)
    },
  }
}
