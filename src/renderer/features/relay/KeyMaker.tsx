import { useId, useState, type SubmitEvent } from 'react'
import { usePage } from '@/app/page-store'
import { Button } from '@/ui/Button'
import { CopyRow } from './CopyRow'
import { useRelay } from './relay-store'
import './relay.css'

/** Makes stream keys. A key is on screen until the page is left or the next one is made, and nowhere else. */
export function KeyMaker() {
  const keys = useRelay((state) => state.relay.keys)
  const [name, setName] = useState('')
  const [made, setMade] = useState<{ name: string; key: string } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const isInFront = usePage((state) => state.page === 'settings')
  const id = useId()
  // pages stay mounted: a key must not wait behind another page for the next person at this desk
  if (!isInFront && made !== null) setMade(null)
  const wanted = name.trim() === '' ? 'obs' : name.trim()
  const isThere = keys.includes(wanted)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setBusy(true)
    void useRelay
      .getState()
      .makeKey(wanted)
      .then((answer) => {
        setBusy(false)
        setProblem('problem' in answer ? answer.problem : null)
        setMade('key' in answer ? { name: wanted, key: answer.key } : null)
      })
  }

  return (
    <form className="field key-maker" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-name`}>Stream key for</label>
      <div className="key-maker__row">
        <input
          id={`${id}-name`}
          type="text"
          value={name}
          maxLength={48}
          placeholder="obs"
          spellCheck={false}
          autoComplete="off"
          list={`${id}-names`}
          aria-describedby={`${id}-help`}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <datalist id={`${id}-names`}>
          {keys.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Button type="submit" busy={busy}>
          {isThere ? 'Replace the key' : 'Make a key'}
        </Button>
      </div>
      <p id={`${id}-help`} className="relay__note">
        {isThere
          ? `“${wanted}” has a key. It cannot be shown again; a new one takes its place, and the old one stops working.`
          : 'The name is part of the addresses for watching.'}
      </p>
      {problem !== null && (
        <p className="field__problem" role="alert">
          {problem}
        </p>
      )}
      {made !== null && (
        <div className="key-maker__made" role="status">
          <CopyRow label="Stream key" value={made.key} />
          <p className="relay__note">Shown only now. Copy it into the program that sends “{made.name}”.</p>
        </div>
      )}
    </form>
  )
}
