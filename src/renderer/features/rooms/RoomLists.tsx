import type { ListCard } from '@shared/community/safety-cards'
import type { RoomState } from '@shared/community/room-state'
import { useEffect, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

/** A room takes at most so many lists. */
const MOST = 20

interface RoomListsProps {
  lists: RoomState['lists']
  isOwner: boolean
  busy: boolean
  onChoose: (lists: string[]) => void
}

/** Lists of people who are kept out of a room; the owner chooses of those that count for them anyway, and their own. */
export function RoomLists({ lists, isOwner, busy, onChoose }: RoomListsProps) {
  const [known, setKnown] = useState<readonly ListCard[]>([])
  useEffect(() => {
    if (isOwner) readLists().then(setKnown, tellProblem)
  }, [isOwner])

  const chosen = lists.map(({ id }) => id)
  const offered = [
    ...lists.map(({ id, title, size }) => ({ id, title: title ?? 'A list that has not come yet', size })),
    ...known
      .filter(({ id, purpose }) => purpose !== 'mod' && !chosen.includes(id))
      .map(({ id, title, items }) => ({ id, title, size: items.length })),
  ]
  return (
    <>
      <h3>Lists of people to keep out</h3>
      <p className="room-settings__hint">
        {offered.length > 0
          ? 'Who is on them cannot write here, as if banned. Moderators and people whom you let in again can.'
          : isOwner
            ? 'Make a list or subscribe to one in Settings, Safety: it can then keep people out here too.'
            : 'None.'}
      </p>
      {offered.length > 0 && (
        <ul className="room-settings__people">
          {offered.map(({ id, title, size }) => (
            <li key={id}>
              <label className="room-settings__list">
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  disabled={!isOwner || busy || (!chosen.includes(id) && chosen.length >= MOST)}
                  onChange={({ currentTarget: { checked } }) =>
                    onChoose(checked ? [...chosen, id] : chosen.filter((one) => one !== id))
                  }
                />
                {title} <small>{size}</small>
              </label>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

async function readLists(): Promise<ListCard[]> {
  const { safety } = studioClient()
  const [own, { lists }] = await Promise.all([safety.ownLists(), safety.getRules()])
  const others = await Promise.all(lists.map((id) => safety.list(id)))
  return [...own, ...others.filter((list) => list !== null)]
}
