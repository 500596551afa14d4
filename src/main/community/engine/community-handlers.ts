import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import { forYouHere, type ForYouLine } from '../recommend/for-you-line'
import { actsHandlers } from './acts-handlers'
import { channelsHandlers } from './channels-handlers'
import type { Community, IndexedChange } from './community'
import { forYouHandlers } from './for-you-handlers'
import { homeHandlers } from './home-handlers'
import { messagesHandlers } from './messages-handlers'
import { roomsHandlers } from './rooms-handlers'
import { safetyHandlers } from './safety-handlers'
import { searchHandlers } from './search-handlers'

const TELL_EVERY_MS = 250

/** What the window may ask of a community, group by group. */
export function communityHandlers(
  community: Community,
  tell: CommunityTell,
  forYou: ForYouLine = forYouHere(community.dir),
): CommunityHandlers {
  const state = () => ({ me: community.me, entries: community.log.count().entries })
  tellChanges(community, tell)
  return {
    community: { getState: state },
    home: homeHandlers(community),
    forYou: forYouHandlers(community, forYou),
    acts: actsHandlers(community, tell, forYou),
    channels: channelsHandlers(community),
    rooms: roomsHandlers(community, tell),
    messages: messagesHandlers(community, tell),
    search: searchHandlers(community),
    safety: safetyHandlers(community, tell),
  }
}

/** The window hears of changes four times a second at most. */
function tellChanges(community: Community, tell: CommunityTell): void {
  let kinds = new Set<string>()
  let accounts = new Set<string>()
  let me = community.me
  let timer: NodeJS.Timeout | null = null
  community.onClose(() => {
    if (timer !== null) clearTimeout(timer)
  })
  community.onChanged(({ entries }: IndexedChange) => {
    for (const { kind, account } of entries) {
      kinds.add(kind)
      accounts.add(account)
    }
    timer ??= setTimeout(() => {
      timer = null
      tell('community', 'changed', { kinds: [...kinds], accounts: [...accounts].slice(0, 500) })
      kinds = new Set()
      accounts = new Set()
      if (me === community.me) return
      me = community.me
      tell('community', 'stateChanged', { me, entries: community.log.count().entries })
    }, TELL_EVERY_MS)
  })
}
