import { ListPlus, Pencil, Share2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ListCard } from '@shared/community/safety-cards'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { openShare } from '@/features/share/share-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { ListEditor } from './ListEditor'
import { previewList, useSafety } from './safety-store'
import { Adder } from './WordsAndLabels'

/** Reads again whenever lists come or change. */
function useLists(read: () => Promise<readonly ListCard[]>): readonly ListCard[] {
  const [lists, setLists] = useState<readonly ListCard[]>([])
  useEffect(() => {
    let isOld = false
    const look = (): void => {
      read().then((found) => {
        if (!isOld) setLists(found)
      }, tellProblem)
    }
    look()
    const { community } = studioClient()
    const stops = [
      community.changed(({ kinds }) => {
        if (kinds.includes('list') || kinds.includes('del')) look()
      }),
      community.stateChanged(look),
    ]
    return () => {
      isOld = true
      for (const stop of stops) stop()
    }
  }, [read])
  return lists
}

/** Lists of others whose word counts. */
export function SubscribedPart() {
  const ids = useSafety(({ rules }) => rules.lists)
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map())

  useEffect(() => {
    Promise.all(ids.map((id) => studioClient().safety.list(id))).then(
      (found) => setTitles(new Map(found.flatMap((list) => (list === null ? [] : [[list.id, list.title] as const])))),
      tellProblem,
    )
  }, [ids])

  const add = async (text: string): Promise<string | null> => {
    const target = await studioClient().sharing.read(text)
    const id = target?.type === 'list' ? target.id : /^bafyrei[a-z2-7]{52}$/.test(text) ? text : null
    if (id === null) return 'This is no list. Paste the link that its maker shares (we://l/…).'
    previewList(id)
    return null
  }

  return (
    <details className="settings__more">
      <summary>
        Lists of others <span className="safety__count">{ids.length}</span>
      </summary>
      <div className="safety__part">
        <p className="settings__hint">
          Somebody you trust keeps a list of whom not to show; it counts for you until you leave it. You see who made it
          and what it holds before you subscribe.
        </p>
        <Adder label="Link of a list" placeholder="we://l/…" maxLength={2048} onAdd={add} />
        {ids.length > 0 && (
          <ul className="safety__list" aria-label="Lists you are subscribed to">
            {ids.map((id) => (
              <li key={id} className="safety__row">
                <span className="safety__name">
                  {titles.get(id) ?? 'A list that has not come to this computer yet'}
                </span>
                <Button variant="quiet" className="button--small" onClick={() => previewList(id)}>
                  Look at it
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}

const readOwn = (): Promise<ListCard[]> => studioClient().safety.ownLists()

/** The person's own lists, which others can subscribe to. */
export function OwnListsPart() {
  const lists = useLists(readOwn)
  const [edited, setEdited] = useState<ListCard | 'new' | null>(null)
  return (
    <details className="settings__more">
      <summary>
        Lists of your own <span className="safety__count">{lists.length}</span>
      </summary>
      <div className="safety__part">
        <p className="settings__hint">
          Put people or channels on a list and share its link: others may subscribe to it. Lists are public and signed
          by you.
        </p>
        {lists.length > 0 && (
          <ul className="safety__list" aria-label="Lists of your own">
            {lists.map((list) => (
              <li key={list.id} className="safety__row">
                <span className="safety__name">
                  {list.title} <span className="safety__hint">{list.items.length}</span>
                </span>
                <IconButton
                  label={`Share ${list.title}`}
                  onClick={() => openShare({ subject: list.id, title: list.title, list: true })}
                >
                  <Share2 size={16} />
                </IconButton>
                <IconButton label={`Edit ${list.title}`} align="end" onClick={() => setEdited(list)}>
                  <Pencil size={16} />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
        <Button className="button--small" icon={<ListPlus size={16} />} onClick={() => setEdited('new')}>
          New list
        </Button>
      </div>
      {edited !== null && (
        <ListEditor
          key={edited === 'new' ? '' : edited.id}
          list={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </details>
  )
}
