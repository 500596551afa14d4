import type { ChannelCard, ItemCard } from '@shared/community/index-cards'
import { Clapperboard, Film, Radio } from 'lucide-react'
import { useId, useState, type KeyboardEvent } from 'react'
import { usePage } from '@/app/page-store'
import { tellProblem } from '@/app/tell-problem'
import { useLeaving } from '@/app/undo-later'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { onTabKey } from '@/ui/tab-key'
import { AboutTab } from './AboutTab'
import { moreItems, useChannelData } from './channel-data'
import { removeItem } from './channel-acts'
import { EditItemDialog } from './EditItemDialog'
import { ItemTile } from './ItemTile'
import { MembersTab } from './MembersTab'
import { chooseVideo } from './publishing-store'
import { ShelfDialog } from './ShelfDialog'
import { Shelves } from './Shelves'

const TABS = [
  { id: 'videos', label: 'Videos' },
  { id: 'lives', label: 'Lives' },
  { id: 'members', label: 'Members' },
  { id: 'about', label: 'About' },
] as const
type TabId = (typeof TABS)[number]['id']

interface ChannelTabsProps {
  account: string
  channel: ChannelCard | null
  isOwn: boolean
}

/** What is in a channel, and what it is about. */
export function ChannelTabs({ account, channel, isOwn }: ChannelTabsProps) {
  const [current, setCurrent] = useState<TabId>('videos')
  const base = useId()
  const panel = `${base}-panel`

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void =>
    onTabKey(event, { tabs: TABS, current, base, choose: setCurrent })

  return (
    <>
      <div role="tablist" aria-label="Channel" className="channel-tabs" onKeyDown={onKeyDown}>
        {TABS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === current}
            aria-controls={panel}
            tabIndex={id === current ? 0 : -1}
            className="channel-tabs__tab"
            onClick={() => setCurrent(id)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={panel} aria-labelledby={`${base}-${current}`} className="channel-tabs__panel">
        {current === 'about' ? (
          <AboutTab account={account} channel={channel} />
        ) : current === 'members' ? (
          <MembersTab account={account} channel={channel} />
        ) : (
          <ItemList kind={current === 'videos' ? 'video' : 'live'} channel={channel} isOwn={isOwn} />
        )}
      </div>
    </>
  )
}

function ItemList({ kind, channel, isOwn }: { kind: ItemCard['kind']; channel: ChannelCard | null; isOwn: boolean }) {
  const { items, next } = useChannelData()
  const leaving = useLeaving((state) => state.leaving)
  const [editing, setEditing] = useState<ItemCard | null>(null)
  const [shelving, setShelving] = useState<ItemCard | null>(null)
  const shown = (items ?? []).filter((card) => card.kind === kind && !leaving.has(card.id))
  const ownActs = (card: ItemCard) => ({
    onEdit: () => setEditing(card),
    onShelf: () => setShelving(card),
    onRemove: () => removeItem(card),
  })
  if (shown.length === 0 && next === null) return <Nothing kind={kind} isOwn={isOwn} hasChannel={channel !== null} />
  return (
    <>
      {kind === 'video' && channel !== null && <Shelves channel={channel} own={isOwn ? ownActs : undefined} />}
      <ul className="item-grid" aria-label={kind === 'video' ? 'Videos' : 'Lives'}>
        {shown.map((card) => (
          <ItemTile key={card.id} card={card} own={isOwn ? ownActs(card) : undefined} />
        ))}
      </ul>
      {next !== null && (
        <Button className="item-grid__more" onClick={() => void moreItems().catch(tellProblem)}>
          Show more
        </Button>
      )}
      {editing?.kind === 'video' && <EditItemDialog card={editing} onClose={() => setEditing(null)} />}
      {shelving !== null && channel !== null && (
        <ShelfDialog card={shelving} channel={channel} onClose={() => setShelving(null)} />
      )}
    </>
  )
}

function Nothing({ kind, isOwn, hasChannel }: { kind: ItemCard['kind']; isOwn: boolean; hasChannel: boolean }) {
  const go = usePage((state) => state.go)
  if (kind === 'live') {
    return (
      <EmptyState
        icon={<Radio size={30} strokeWidth={1.5} />}
        title={isOwn ? 'You have not been live yet' : 'No lives yet'}
        actions={isOwn && <Button onClick={() => go('studio')}>Open the studio</Button>}
      >
        <p>
          {isOwn
            ? 'When you go live, it appears here and with your followers at once. Afterwards its recording can be published.'
            : 'Follow this channel, and its next live appears on your Home page.'}
        </p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={isOwn ? <Clapperboard size={30} strokeWidth={1.5} /> : <Film size={30} strokeWidth={1.5} />}
      title={isOwn ? 'Your first video goes here' : 'No videos yet'}
      actions={
        isOwn &&
        hasChannel && (
          <Button variant="accent" onClick={chooseVideo}>
            Publish a video
          </Button>
        )
      }
    >
      <p>
        {isOwn
          ? 'Choose a video file, or drop one on this page: it is made ready for every browser, and whoever watches it helps to give it on.'
          : 'What this person says may not have come to this computer yet. It is being asked for.'}
      </p>
    </EmptyState>
  )
}
