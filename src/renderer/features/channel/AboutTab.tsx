import { categoryName } from '@shared/community/categories'
import type { ChannelCard } from '@shared/community/index-cards'
import { Avatar } from '@/ui/Avatar'
import { useChannelData } from './channel-data'
import { openChannel } from './channel-store'
import { usePerson } from './person-store'

/** What a channel is about, its rules, and who keeps order in it. */
export function AboutTab({ account, channel }: { account: string; channel: ChannelCard | null }) {
  const profile = useChannelData((state) => state.person?.body)
  const desc = channel?.body.desc ?? profile?.bio ?? ''
  const rules = channel?.body.rules ?? ''
  return (
    <div className="about">
      <section>
        <h2>Description</h2>
        <p className="about__text selectable">{desc === '' ? 'Nothing written yet.' : desc}</p>
      </section>
      {channel !== null && (
        <section>
          <h2>Category</h2>
          <p>{categoryName(channel.body.category)}</p>
        </section>
      )}
      <section>
        <h2>Rules</h2>
        <p className="about__text selectable">
          {rules === '' ? 'No rules of its own. What you do not want to see, you decide yourself.' : rules}
        </p>
      </section>
      <section>
        <h2>Members</h2>
        <ul className="about__members">
          <Member account={account} role="Owner" />
          {(channel?.body.mods ?? []).map((mod) => (
            <Member key={mod} account={mod} role="Moderator" />
          ))}
        </ul>
      </section>
      <section>
        <h2>Address</h2>
        <p className="about__address selectable">{channel?.subject ?? account}</p>
      </section>
    </div>
  )
}

function Member({ account, role }: { account: string; role: string }) {
  const { name, ownName, avatar } = usePerson(account)
  return (
    <li>
      <button type="button" className="about__member" onClick={() => openChannel(account)}>
        <Avatar account={account} cid={avatar} name={ownName} size={36} />
        <span>{name}</span>
        <span className="about__role">{role}</span>
      </button>
    </li>
  )
}
