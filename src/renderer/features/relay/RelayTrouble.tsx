import { Button } from '@/ui/Button'
import { useRelay } from './relay-store'
import './relay.css'

/** While the relay is on its way, or what is wrong with it and the way out; nothing while all is well. */
export function RelayTrouble() {
  const status = useRelay((state) => state.relay.status)
  const { change } = useRelay.getState()
  if (status.state === 'starting') {
    return (
      <p className="relay__note" role="status">
        <span className="spinner" aria-hidden="true" /> Starting…
      </p>
    )
  }
  if (status.state !== 'failed') return null
  const isPort = status.code === 'port-taken' || status.code === 'no-listening'
  return (
    <div className="relay__trouble" role="alert">
      <p>{isPort ? status.message.replace(/ Choose .*$/, '') : status.message}</p>
      {isPort && (
        <p className="relay__note">
          Close that program and try again, or let WE Studio take ports that are free. Addresses that you gave to others
          change then.
        </p>
      )}
      <div className="relay__buttons">
        {isPort && <Button onClick={() => change({ rtmpPort: 0, httpPort: 0 })}>Use free ports</Button>}
        <Button variant="quiet" onClick={() => change({})}>
          Try again
        </Button>
      </div>
    </div>
  )
}
