import type { MessagePerson } from '@shared/community/message-views'
import { Address } from '@shared/money/address'
import { Search, X } from 'lucide-react'
import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import { knownPerson, shortAccount, usePeople } from '@/features/channel/person-store'
import { studioClient } from '@/app/studio-client'
import { IconButton } from '@/ui/IconButton'
import { personWords } from './message-words'
import { PersonAvatar } from './PersonAvatar'

const TYPING_MS = 150
const OFFERED = 8

export type Picked = Pick<MessagePerson, 'account' | 'name' | 'avatar'>

function pickedOf(account: string): Picked {
  const { ownName, avatar } = knownPerson(account)
  return { account, name: ownName ?? '', avatar: avatar ?? null }
}

function whole(picked: Picked): MessagePerson {
  return { ...picked, isMe: false, isBlocked: false, isOwner: false }
}

interface PersonPickerProps {
  label: string
  chosen: readonly Picked[]
  /** Offered while nothing is typed. */
  suggested: readonly Picked[]
  /** Never offered: oneself, who is there already. */
  without: readonly string[]
  onChange: (chosen: readonly Picked[]) => void
}

/** People are looked for by name, or named by their address; several may be chosen. */
export function PersonPicker({ label, chosen, suggested, without, onChange }: PersonPickerProps) {
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly Picked[]>([])
  const [at, setAt] = useState(0)
  const id = useId()
  const words = text.trim()
  usePeople(({ cards }) => cards) // a pasted address may get a name

  useEffect(() => {
    const address = Address.safeParse(words)
    if (address.success || words === '') return
    let isOver = false
    const timer = setTimeout(() => {
      studioClient()
        .search.find({ text: words.slice(0, 200), typing: true, limit: 20 })
        .then(
          ({ people }) => {
            if (isOver) return
            setFound(people.map(({ account, body }) => ({ account, name: body.name, avatar: body.avatar ?? null })))
          },
          () => setFound([]),
        )
    }, TYPING_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [words])

  const address = Address.safeParse(words)
  const there = words === '' ? suggested : address.success ? [pickedOf(address.data)] : found
  const isOut = ({ account }: Picked): boolean =>
    without.includes(account) || chosen.some((one) => one.account === account)
  const offered = there.filter((one) => !isOut(one)).slice(0, OFFERED)
  const active = Math.min(at, offered.length - 1)

  function choose(person: Picked | undefined): void {
    if (person === undefined) return
    onChange([...chosen, person])
    setText('')
    setFound([])
    setAt(0)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, offered.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0))
    else if (event.key === 'Enter' && offered.length > 0 && (words !== '' || chosen.length === 0))
      choose(offered[active])
    else if (event.key === 'Backspace' && text === '' && chosen.length > 0) onChange(chosen.slice(0, -1))
    else return
    event.preventDefault()
  }

  return (
    <div className="person-picker">
      {chosen.length > 0 && (
        <ul className="person-picker__chosen" aria-label="Chosen people">
          {chosen.map((person) => (
            <li key={person.account}>
              <PersonAvatar person={whole(person)} size={24} />
              <span className="person-picker__chosen-name">{personWords(person)}</span>
              <IconButton
                label={`Leave out ${personWords(person)}`}
                onClick={() => onChange(chosen.filter(({ account }) => account !== person.account))}
              >
                <X size={13} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className="messages-search">
        <Search size={16} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={offered.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={offered.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          placeholder="Name or address (0x…)"
          spellCheck={false}
          maxLength={200}
          value={text}
          autoFocus
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} className="person-picker__offered" role="listbox" aria-label="People">
        {offered.map((person, index) => (
          <li
            key={person.account}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onClick={() => choose(person)}
          >
            <PersonAvatar person={whole(person)} size={36} />
            <span className="person-picker__name">
              {personWords(person)}
              <span>{shortAccount(person.account)}</span>
            </span>
          </li>
        ))}
      </ul>
      {offered.length === 0 && words !== '' && (
        <p className="person-picker__none" role="status">
          {address.success
            ? 'That is somebody who is here already.'
            : 'Nobody of that name is known here. Ask them for the address: it is in their wallet, under Receive.'}
        </p>
      )}
    </div>
  )
}
