import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import type { OwnActs } from '@shared/ipc/community/acts-schema'
import { StudioError } from '@shared/errors'
import type { ForYouLine } from '../recommend/for-you-line'
import type { Community } from './community'

type Act = 'like' | 'repost' | 'follow'

const TELL_EVERY_MS = 250

export function actsHandlers(community: Community, tell: CommunityTell, forYou: ForYouLine): CommunityHandlers['acts'] {
  const { reader, delivery } = community
  const device = Buffer.from(community.log.device).toString('hex')
  let timer: NodeJS.Timeout | null = null
  const tellWaiting = (): void => {
    timer ??= setTimeout(() => {
      timer = null
      tell('acts', 'waitingChanged', delivery.waiting())
    }, TELL_EVERY_MS)
  }
  delivery.onReached = tellWaiting
  community.onClose(() => {
    if (timer !== null) clearTimeout(timer)
  })
  community.onChanged(({ entries }) => {
    if (entries.some((entry) => entry.device === device)) tellWaiting()
  })
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
    like({ subject, on }) {
      turn('like', subject, on)
      forYou.call('liked', { subject, on }).catch((error: unknown) => {
        community.say('error', 'a like was not learnt', { error: String(error) })
      })
    },
    repost: ({ subject, on }) => turn('repost', subject, on),
    follow: ({ subject, on }) => turn('follow', subject, on),
    getWaiting: () => delivery.waiting(),
    comment({ subject, text, root, parent }) {
      const thread = root === undefined ? {} : { root, parent: parent ?? root }
      return community.append({ kind: 'comment', body: { s: subject, text, facets: [], ...thread } })[0]!
    },
    editComment({ id, text }) {
      const card = reader.cards.commentById(id, community.filter())
      if (card === null || card.account !== community.me) {
        throw new StudioError('not-own-comment', 'This comment is not yours, or it is gone. Write a new one.')
      }
      const { subject, root, parent } = card
      const thread = root === null || parent === null ? {} : { root, parent }
      community.append({ kind: 'comment', body: { s: subject, text, facets: [], ...thread, edits: id } })
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
