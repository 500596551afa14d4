import { foreignRelayUrl, type ForeignRelayState } from '@shared/live/foreign-relay'
import { useEffect, useId, useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'
import { followForeignRelay, useForeignRelay } from './foreign-relay-store'
import './relay.css'

const STATES: Record<ForeignRelayState['state'], string> = {
  none: '',
  off: 'Off. Your lives do not go there.',
  ready: 'Your next live goes there too.',
  connecting: 'Connecting…',
  sending: 'Your live is going there.',
  failed: 'Trying again by itself.',
}

function Entry() {
  const [address, setAddress] = useState('')
  const [key, setKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  const url = foreignRelayUrl(address)
  const isOpenlySent = url !== null && /^http:\/\/(?!127\.|localhost[:/]|\[::1\])/.test(url)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (url === null || key.trim() === '') {
      setProblem(
        url === null
          ? 'This is no place at a relay. It looks like https://relay.example.org/live/NAME.we.'
          : 'Enter the stream key that belongs to this address.',
      )
      return
    }
    setBusy(true)
    void useForeignRelay
      .getState()
      .save({ address, key: key.trim(), enabled: true })
      .then((wrong) => {
        setBusy(false)
        setProblem(wrong)
      })
  }

  return (
    <form className="field key-maker" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-address`}>Address</label>
      <input
        id={`${id}-address`}
        type="url"
        value={address}
        maxLength={200}
        placeholder="https://relay.example.org/live/NAME.we"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-key`}>Stream key</label>
      <div className="key-maker__row">
        <input
          id={`${id}-key`}
          type="password"
          value={key}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-help`}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button type="submit" busy={busy}>
          Check and keep
        </Button>
      </div>
      <p id={`${id}-help`} className="relay__note">
        Whoever runs the relay gives you both. The key is kept sealed on this computer and never shown again.
        {isOpenlySent &&
          ' This address is not encrypted: others on the way can read the key. Use https if the relay has it.'}
      </p>
      {problem !== null && (
        <p className="field__problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}

/** A relay run by somebody, for viewers whom nobody else can serve: where, whether, and how it goes. */
export function ForeignRelaySection() {
  const { relay, hasKey, state, message } = useForeignRelay((store) => store.foreign)
  const { enable, remove } = useForeignRelay.getState()
  useEffect(followForeignRelay, [])
  return (
    <section aria-labelledby="settings-foreign-relay">
      <h2 id="settings-foreign-relay">Relay run by somebody else</h2>
      <div className="settings__card relay__card">
        <div className="relay__part">
          <p className="relay__note">
            Viewers with WE Studio whom other viewers cannot serve get your live from there. It spares your line: your
            live goes to it once, however many watch. They check every piece, so whoever runs it can change nothing.
          </p>
          {relay === null ? (
            <Entry />
          ) : (
            <>
              <Toggle label="Send my lives there too" checked={relay.enabled} disabled={!hasKey} onChange={enable} />
              <code className="copy-row__value selectable">{relay.url}</code>
              <p className="relay__note" role="status" data-foreign={state}>
                {hasKey
                  ? [message, STATES[state]].join(' ').trim()
                  : 'Its stream key is gone. Remove it and enter it anew.'}
              </p>
              <div className="relay__buttons">
                <Button onClick={remove}>Remove</Button>
              </div>
            </>
          )}
        </div>
      </div>
    </section>
  )
}
