import type { ItemCard } from '@shared/community/index-cards'
import { Film, FolderPlus, Pencil, Radio, Share2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ActionMenu, type MenuAction } from '@/ui/ActionMenu'
import { Cover } from '@/features/safety/Cover'
import { openShare } from '@/features/share/share-store'
import { ageWords, countWords, lengthWords } from './channel-words'
import { openItem } from './open-item'

interface ItemTileProps {
  card: ItemCard
  /** What its owner can do; undefined: it is somebody else's. */
  own?: { onEdit: () => void; onShelf: () => void; onRemove: () => void } | undefined
}

/** A video or live of a channel: cover, title, what came of it. */
export function ItemTile({ card, own }: ItemTileProps) {
  const [now] = useState(Date.now)
  const { body, counts, veil, t } = card
  const isTall = card.kind === 'video' && card.body.h > card.body.w
  const actions: MenuAction[] = [
    ...(own === undefined
      ? []
      : [
          ...(card.kind === 'video' ? [{ label: 'Edit details', icon: <Pencil size={16} />, run: own.onEdit }] : []),
          { label: 'Put on a shelf', icon: <FolderPlus size={16} />, run: own.onShelf },
        ]),
    { label: 'Share', icon: <Share2 size={16} />, run: () => openShare({ subject: card.id, title: body.title }) },
    ...(own === undefined ? [] : [{ label: 'Delete', icon: <Trash2 size={16} />, run: own.onRemove }]),
  ]
  const said = [
    ageWords(t, now),
    ...(counts.like ? [countWords(counts.like, 'like')] : []),
    ...(counts.comment ? [countWords(counts.comment, 'comment')] : []),
  ]
  return (
    <li className="item-tile">
      <div className="item-tile__cover" data-tall={isTall || undefined}>
        <span className="item-tile__none" aria-hidden="true">
          {card.kind === 'live' ? <Radio size={28} /> : <Film size={28} />}
        </span>
        <button type="button" className="item-tile__open" aria-label={labelOf(card)} onClick={() => openItem(card)} />
        {body.thumb !== undefined && (
          <Cover cid={body.thumb} label={veil?.label ?? null} className="item-tile__picture" />
        )}
        <Mark card={card} />
      </div>
      <div className="item-tile__foot">
        <div className="item-tile__words">
          <span className="item-tile__title" title={body.title}>
            {body.title}
          </span>
          <span className="item-tile__said">{said.join(' · ')}</span>
        </div>
        <ActionMenu label={`More about ${body.title}`} actions={actions} />
      </div>
    </li>
  )
}

function Mark({ card }: { card: ItemCard }) {
  if (card.kind === 'video') return <span className="item-tile__mark tabular">{lengthWords(card.body.dur)}</span>
  if (card.body.status === 'live') return <span className="item-tile__mark live-pill">LIVE</span>
  return <span className="item-tile__mark">{card.body.status === 'ended' ? 'Ended' : 'Planned'}</span>
}

function labelOf(card: ItemCard): string {
  if (card.kind === 'video') return `Play ${card.body.title}, ${lengthWords(card.body.dur)}`
  return card.body.status === 'live' ? `Watch ${card.body.title}, live now` : `${card.body.title}, a live that is over`
}
