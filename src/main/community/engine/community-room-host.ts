import { entryIdDigest } from '@shared/community/entry-id'
import { readEnvelope } from '@shared/community/entry-envelope'
import type { SentEntry } from '@shared/community/log-messages'
import { parseSubject } from '@shared/community/subject'
import { ViewerFilter } from '../moderation/viewer-filter'
import { NO_RULES } from '@shared/community/viewer-rules'
import type { RoomHost } from '../rooms/room-host'
import type { Community } from './community'

/** Whom the person follows is told to rooms up to here. */
const MOST_FOLLOWED = 2_000
const EVERYBODY = new ViewerFilter(NO_RULES)

/** The person's community as rooms see it. */
export function communityRoomHost(community: Community): RoomHost {
  const { log, reader } = community
  const sealed = (id: string): SentEntry | null => {
    const digest = entryIdDigest(id)
    return digest === null ? null : log.sealed(digest)
  }
  const isOwnDevice = (entry: SentEntry | null): entry is SentEntry =>
    entry?.body != null && Buffer.compare(readEnvelope(entry.envelope).header.device, log.device) === 0
  const followed = (): string[] => (community.me === null ? [] : reader.followedBy(community.me))
  const person = (account: string) => reader.cards.personOf(account, EVERYBODY)?.body ?? null
  return {
    get me() {
      return community.me
    },
    now: community.now,
    append: (...drafts) => community.append(...drafts),
    sealed,
    grant: () => log.grantOf(log.device),
    profile() {
      const { me } = community
      const current = me === null ? null : log.current(me, 'profile', 'profile')
      const entry = current === null ? null : sealed(current.id)
      return isOwnDevice(entry) ? entry : null
    },
    followOf(account) {
      const { me } = community
      if (me === null) return null
      const about = followed().filter((text) => accountIn(text) === account)
      for (const subject of about) {
        for (const id of reader.entriesAbout(me, 'follow', subject)) {
          const entry = sealed(id)
          if (isOwnDevice(entry)) return entry
        }
      }
      // another device of theirs said so: this one says it too, as only its own word can be shown
      const [subject] = about
      return subject === undefined ? null : sealed(community.append({ kind: 'follow', body: { s: subject } })[0]!)
    },
    list(root) {
      const id = reader.versionOf(root)
      const entry = id === null ? null : sealed(id)
      const grant = entry === null ? null : log.grantOf(readEnvelope(entry.envelope).header.device)
      return id === null || entry?.body == null || grant === null ? null : { id, entry, grant }
    },
    rootOfList: (version) => reader.rootOf(version),
    nameOf: (account) => person(account)?.name ?? null,
    get ownNames() {
      const own = community.me === null ? null : person(community.me)
      return own === null ? [] : [own.name, ...(own.handle === undefined ? [] : [own.handle])]
    },
    followed() {
      const accounts = followed().flatMap((text) => accountIn(text) ?? [])
      return [...new Set(accounts)].slice(0, MOST_FOLLOWED)
    },
    follows: (account, other) => reader.follows(account, other),
    hides({ id, account, text }) {
      const filter = community.filter()
      return filter.bars(account) || filter.verdict({ subject: id, account, text: [text] }).show === 'no'
    },
    isVoid(device, n) {
      const above = log.frozenAbove(Buffer.from(device, 'hex'))
      return above !== null && n > above
    },
  }
}

function accountIn(text: string): string | null {
  const subject = parseSubject(text)
  return subject !== null && 'account' in subject ? subject.account : null
}
