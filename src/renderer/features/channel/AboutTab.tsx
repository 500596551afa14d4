import { categoryName } from '@shared/community/categories'
import type { ChannelCard } from '@shared/community/index-cards'
import { useChannelData } from './channel-data'

/** What a channel is about, and its rules. */
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
        <h2>Address</h2>
        <p className="about__address selectable">{channel?.subject ?? account}</p>
      </section>
    </div>
  )
}
