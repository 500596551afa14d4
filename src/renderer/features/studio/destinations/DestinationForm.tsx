import type { DestinationEntry } from '@shared/live/destination'
import { STREAMING_SERVICES } from '@shared/live/streaming-services'
import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useDestinations } from './destination-store'

const CUSTOM = {
  id: 'custom',
  name: 'Other service',
  url: '',
  help: 'The service shows you a server address and a key. An address with rtmp is RTMP, one with https is WHIP.',
}

/** One service: which, where, and the key that lets the show in. */
export function DestinationForm({ entry, onDone }: { entry: DestinationEntry | null; onDone: () => void }) {
  const [service, setService] = useState(entry?.service ?? STREAMING_SERVICES[0]!.id)
  const known = [...STREAMING_SERVICES, CUSTOM].find(({ id }) => id === service) ?? CUSTOM
  const [name, setName] = useState(entry?.name ?? known.name)
  const [url, setUrl] = useState(entry?.url ?? known.url)
  const [key, setKey] = useState('')
  const [isShown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isWhip = /^\s*https?:/i.test(url)
  const first = useRef<HTMLSelectElement>(null)
  const id = useId()

  useEffect(() => first.current?.focus(), [])

  const choose = (chosen: string): void => {
    const next = [...STREAMING_SERVICES, CUSTOM].find((one) => one.id === chosen) ?? CUSTOM
    // what the person has typed over is kept
    if (name === known.name || name === '') setName(next.name)
    if (url === known.url || url === '') setUrl(next.url)
    setService(chosen)
  }

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (key.trim() === '' && entry?.hasKey !== true && !isWhip) {
      setProblem('Enter the stream key that the service shows you.')
      return
    }
    setBusy(true)
    const destination = {
      ...{ id: entry?.id ?? crypto.randomUUID(), name: name.trim() || known.name, service },
      ...{ url: url.trim(), enabled: entry?.enabled ?? true },
    }
    void useDestinations
      .getState()
      .save(destination, key.trim() === '' ? null : key.trim())
      .then((wrong) => {
        setBusy(false)
        setProblem(wrong)
        if (wrong === null) onDone()
      })
  }

  return (
    <form className="destination-form" onSubmit={submit} noValidate>
      <div className="destination-form__pair">
        <div className="field">
          <label htmlFor={`${id}-service`}>Service</label>
          <select
            ref={first}
            id={`${id}-service`}
            value={service}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {[...STREAMING_SERVICES, CUSTOM].map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            type="text"
            value={name}
            maxLength={40}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-url`}>Server</label>
        <input
          id={`${id}-url`}
          type="url"
          value={url}
          maxLength={1024}
          placeholder="rtmp://live.example.com/app"
          spellCheck={false}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-key`}>Stream key</label>
        <div className="destination-form__key">
          <input
            id={`${id}-key`}
            type={isShown ? 'text' : 'password'}
            value={key}
            maxLength={512}
            autoComplete="off"
            spellCheck={false}
            placeholder={entry?.hasKey === true ? 'Saved. Type to replace it' : ''}
            aria-describedby={`${id}-help`}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <IconButton label={isShown ? 'Hide key' : 'Show key'} align="end" onClick={() => setShown(!isShown)}>
            {isShown ? <EyeOff size={18} /> : <Eye size={18} />}
          </IconButton>
        </div>
        <span id={`${id}-help`} className="destination-form__help">
          {isWhip ? 'With WHIP the key is the bearer token. Leave it empty if the service gives you none.' : known.help}{' '}
          It is kept sealed on this computer and never shown again.
        </span>
      </div>
      {problem !== null && (
        <p className="field__problem" role="alert">
          {problem}
        </p>
      )}
      <div className="destinations__buttons">
        <Button variant="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" busy={busy}>
          {entry === null ? 'Add' : 'Save'}
        </Button>
      </div>
    </form>
  )
}
