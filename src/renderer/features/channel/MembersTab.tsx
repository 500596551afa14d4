import { UsersRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ChannelCard, FollowerCard, Page } from '@shared/community/index-cards'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useOwnActs } from '@/features/home/act-store'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { followSubject, useChannelData } from './channel-data'
import { openChannel } from './channel-store'
import { useOwnAccount } from './own-account'
import { usePerson } from './person-store'

const SOON_MS = 300

interface MembersTabProps {
  account: string
  channel: ChannelCard | null
}

/** Who keeps a channel, and who follows it. */
export function MembersTab({ account, channel }: MembersTabProps) {
  const mods = channel?.body.mods ?? []
  const subject = useChannelData(followSubject)
  const { page, more } = useFollowers(subject)
  const followers = page?.cards.filter((one) => one.account !== account && !mods.includes(one.account)) ?? []
  return (
    <div className="members">
      <section aria-labelledby="members-team">
        <h2 id="members-team">Team</h2>
        <ul className="members__list">
          <Member account={account} role="Owner" />
          {mods.map((mod) => (
            <Member key={mod} account={mod} role="Moderator" />
          ))}
        </ul>
      </section>
      <section aria-labelledby="members-followers">
        <h2 id="members-followers">Followers</h2>
        {followers.length > 0 ? (
          <ul className="members__list">
            {followers.map((one) => (
              <Member key={one.account} account={one.account} since={one.t} />
            ))}
          </ul>
        ) : (
          page !== null && (
            <p className="members__none" role="status">
              <UsersRound size={18} aria-hidden="true" />
              Nobody yet that this computer knows of. Who follows says so in their own records, and those come when they
              are connected.
            </p>
          )
        )}
        {page !== null && page.next !== null && (
          <Button className="members__more" onClick={more}>
            Show more
          </Button>
        )}
      </section>
    </div>
  )
}

function Member({ account, role, since }: { account: string; role?: string; since?: number }) {
  const { name, ownName, avatar } = usePerson(account)
  const me = useOwnAccount()
  const { follow } = useOwnActs(`acct:${account}`)
  const known = account === me ? 'You' : follow ? 'You follow them' : null
  const facts = [role, known, since === undefined ? null : `Since ${day(since)}`].filter((fact) => fact != null)
  return (
    <li>
      <button type="button" className="member" onClick={() => openChannel(account)}>
        <Avatar account={account} cid={avatar} name={ownName} size={36} />
        <span className="member__words">
          <span className="member__name">{name}</span>
          <span className="member__facts">{facts.join(' · ')}</span>
        </span>
      </button>
    </li>
  )
}

const day = (ms: number): string => new Date(ms).toLocaleDateString(undefined, { dateStyle: 'medium' })

/** Followers as far as they are known; read again when somebody begins or ends. Null: not read yet. */
function useFollowers(subject: string): { page: Page<FollowerCard> | null; more: () => void } {
  const [read, setRead] = useState<{ subject: string; page: Page<FollowerCard> } | null>(null)
  useEffect(() => {
    let isOld = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      studioClient()
        .channels.followers({ subject, after: null })
        .then((page) => {
          if (!isOld) setRead({ subject, page })
        }, tellProblem)
    }
    look()
    const stop = studioClient().community.changed(({ kinds }) => {
      if (!kinds.includes('follow') && !kinds.includes('del')) return
      clearTimeout(timer)
      timer = setTimeout(look, SOON_MS)
    })
    return () => {
      isOld = true
      clearTimeout(timer)
      stop()
    }
  }, [subject])

  const page = read?.subject === subject ? read.page : null
  const more = (): void => {
    if (page?.next == null) return
    studioClient()
      .channels.followers({ subject, after: page.next })
      .then(({ cards, next }) => {
        setRead((now) => (now?.page === page ? { subject, page: { cards: [...page.cards, ...cards], next } } : now))
      }, tellProblem)
  }
  return { page, more }
}
