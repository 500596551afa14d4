import { useEffect, useState } from 'react'
import type { ListCard, NamedSubject } from '@shared/community/safety-cards'
import { describeProblem, studioClient } from '@/app/studio-client'
import { shortAccount, usePerson } from '@/features/channel/person-store'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { useToasts } from '@/ui/toast-store'
import { SafetyDialog } from './SafetyDialog'
import { useSafety } from './safety-store'
import { PURPOSE_WORDS } from './safety-words'

/** What a subject without a name is called. */
export function nameWords({ subject, title, account }: NamedSubject): string {
  if (title !== null) return title
  if (subject.startsWith('acct:')) return shortAccount(subject.slice(5))
  if (subject.startsWith('chan:')) return `${subject.slice(48)} of ${shortAccount(subject.slice(5, 47))}`
  return account === null ? 'Something that is not on this computer' : `Something of ${shortAccount(account)}`
}

function Maker({ account }: { account: string }) {
  const { name, ownName, avatar } = usePerson(account)
  return (
    <p className="safety__maker">
      <Avatar account={account} cid={avatar} name={ownName} size={28} />
      Made and signed by {name}
    </p>
  )
}

function Preview({ id, onClose }: { id: string; onClose: () => void }) {
  const [list, setList] = useState<ListCard | null>(null)
  const [names, setNames] = useState<readonly NamedSubject[]>([])
  const [problem, setProblem] = useState('')
  const subscribed = useSafety(({ rules }) => rules.lists.includes(id))

  useEffect(() => {
    let isOld = false
    const { safety, community } = studioClient()
    const read = async (): Promise<void> => {
      const found = await safety.list(id)
      const called = found === null ? [] : await safety.names(found.items.map(({ s }) => s))
      if (isOld) return
      setList(found)
      setNames(called)
    }
    const look = (): void => {
      read().catch((error: unknown) => setProblem(describeProblem(error).message))
    }
    look()
    const stop = community.changed(({ kinds }) => {
      if (kinds.includes('list')) look() // its author's log is on its way
    })
    return () => {
      isOld = true
      stop()
    }
  }, [id])

  const turn = (on: boolean): void => {
    studioClient()
      .safety.subscribe({ list: id, on })
      .then(() => {
        useToasts
          .getState()
          .show('info', on ? 'Subscribed. Its word counts like yours.' : 'Left. Its word no longer counts.')
        onClose()
      })
      .catch((error: unknown) => setProblem(describeProblem(error).message))
  }

  return (
    <SafetyDialog title={list?.title ?? 'A list'} onClose={onClose}>
      {list === null ? (
        <p className="safety__hint" role="status">
          This list has not come to this computer yet. It appears here when somebody who has it is connected.
        </p>
      ) : (
        <>
          <Maker account={list.account} />
          <p>
            {PURPOSE_WORDS[list.purpose]}: {list.items.length} {list.items.length === 1 ? 'entry' : 'entries'}.
          </p>
          {list.desc !== '' && <p className="safety__hint">{list.desc}</p>}
          <ul className="safety__list safety__list--scroll" aria-label="On this list" tabIndex={0}>
            {list.items.map(({ s, why }, index) => (
              <li key={s} className="safety__row">
                <span className="safety__name">
                  {nameWords(names[index] ?? { subject: s, title: null, account: null })}
                </span>
                {why !== undefined && <span className="safety__hint">{why}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="safety__problem" role="alert">
        {problem}
      </p>
      <div className="safety__buttons">
        <Button variant="quiet" onClick={onClose}>
          Close
        </Button>
        {(list !== null || subscribed) && (
          <Button variant={subscribed ? 'plain' : 'accent'} onClick={() => turn(!subscribed)}>
            {subscribed ? 'Leave this list' : 'Subscribe'}
          </Button>
        )}
      </div>
    </SafetyDialog>
  )
}

/** Mounted once; `previewList` opens it. */
export function ListPreview() {
  const id = useSafety((state) => state.previewed)
  if (id === null) return null
  return <Preview key={id} id={id} onClose={() => useSafety.setState({ previewed: null })} />
}
