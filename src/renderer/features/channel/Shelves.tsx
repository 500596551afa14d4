import type { ChannelCard, ItemCard } from '@shared/community/index-cards'
import { useEffect, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { useLeaving } from '@/app/undo-later'
import { useChannelData } from './channel-data'
import { ItemTile } from './ItemTile'

interface ShelvesProps {
  channel: ChannelCard
  own: ((card: ItemCard) => { onEdit: () => void; onShelf: () => void; onRemove: () => void }) | undefined
}

/** Rows of things that the owner put together; what is gone is left out, and a shelf without anything. */
export function Shelves({ channel, own }: ShelvesProps) {
  const sections = channel.body.sections ?? []
  const cards = useCards(sections.flatMap(({ items }) => items))
  const leaving = useLeaving((state) => state.leaving)
  const filled = sections
    .map(({ title, items }) => ({
      title,
      shown: items.flatMap((id) => (leaving.has(id) ? [] : (cards.get(id) ?? []))),
    }))
    .filter(({ shown }) => shown.length > 0)
  if (filled.length === 0) return null
  return (
    <>
      {filled.map(({ title, shown }) => (
        <section key={title} className="shelf">
          <h2>{title}</h2>
          <ul className="shelf__row" aria-label={title}>
            {shown.map((card) => (
              <ItemTile key={card.id} card={card} own={own?.(card)} />
            ))}
          </ul>
        </section>
      ))}
      <h2 className="shelf__all">All videos</h2>
    </>
  )
}

/** Items by id: of the list that is open, or asked for. */
function useCards(ids: readonly string[]): ReadonlyMap<string, ItemCard> {
  const items = useChannelData((state) => state.items)
  const [found, setFound] = useState<ReadonlyMap<string, ItemCard>>(new Map())
  const listed = new Map((items ?? []).map((card) => [card.id, card]))
  const missing = ids.filter((id) => !listed.has(id)).join(' ')
  useEffect(() => {
    if (missing === '') return
    let current = true
    void Promise.all(
      missing.split(' ').map((id) =>
        studioClient()
          .home.item(id)
          .catch(() => null),
      ),
    ).then((cards) => {
      if (current) setFound(new Map(cards.flatMap((card) => (card === null ? [] : [[card.id, card]]))))
    })
    return () => {
      current = false
    }
  }, [missing])
  return new Map([...found, ...listed])
}
