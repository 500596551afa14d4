import { useId, useState, type SubmitEvent } from 'react'
import { relayUrl } from '@shared/live/relay-url'
import { Button } from '@/ui/Button'
import { useRelay } from './relay-store'
import './relay.css'

/** How others reach the relay from outside this network, where the person has arranged that. */
export function OutsideAddress() {
  const { choice, status } = useRelay((state) => state.relay)
  const { change } = useRelay.getState()
  const kept = choice.address ?? ''
  const [text, setText] = useState(kept)
  const id = useId()
  const wanted = text.trim()
  const isWrong = wanted !== '' && relayUrl(wanted, 'live') === null

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (isWrong || wanted === kept) return
    change({ address: wanted })
  }

  return (
    <form className="field key-maker" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-address`}>Address from outside (optional)</label>
      <div className="key-maker__row">
        <input
          id={`${id}-address`}
          type="url"
          value={text}
          maxLength={120}
          placeholder="https://relay.example.org"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={isWrong}
          aria-describedby={`${id}-help`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" disabled={isWrong || wanted === kept || status.state === 'starting'}>
          Use
        </Button>
      </div>
      <p id={`${id}-help`} className="relay__note" role={isWrong ? 'alert' : undefined}>
        {isWrong
          ? 'This is no web address. It looks like https://relay.example.org or http://203.0.113.7:8080.'
          : 'Told to viewers elsewhere, if your router or a server lets them in by it.'}
      </p>
    </form>
  )
}
