import type { DestinationEntry, DestinationState } from '@shared/live/destination'
import { Pencil, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Toggle } from '@/ui/Toggle'
import { useDestinations } from './destination-store'
import { destinationWords } from './destination-words'

interface DestinationRowProps {
  entry: DestinationEntry
  state: DestinationState | undefined
  onEdit: () => void
}

/** One service: on or off, how it goes, and what can be done about it. */
export function DestinationRow({ entry, state, onEdit }: DestinationRowProps) {
  const { enable, remove, retryNow } = useDestinations.getState()
  const [asked, setAsked] = useState(false)
  const { lamp, text } = destinationWords(entry, state)
  return (
    <li className="destination">
      <span className={`destination__lamp destination__lamp--${lamp}`} aria-hidden="true" />
      <div className="destination__words">
        <Toggle label={entry.name} checked={entry.enabled} onChange={(enabled) => enable(entry.id, enabled)} />
        <p className="destination__state">{text}</p>
        {state?.problem != null && state.state !== 'live' && <p className="destination__problem">{state.problem}</p>}
        {asked && (
          <div className="destination__asked" role="alert">
            <span>Remove {entry.name} and forget its key?</span>
            <Button onClick={() => remove(entry.id)}>Remove</Button>
            <Button variant="quiet" onClick={() => setAsked(false)}>
              Keep
            </Button>
          </div>
        )}
      </div>
      <div className="destination__tools">
        {state?.state === 'retrying' && (
          <IconButton label={`Try ${entry.name} now`} align="end" onClick={() => retryNow(entry.id)}>
            <RotateCw size={16} />
          </IconButton>
        )}
        <IconButton label={`Change ${entry.name}`} align="end" onClick={onEdit}>
          <Pencil size={16} />
        </IconButton>
        <IconButton label={`Remove ${entry.name}`} align="end" onClick={() => setAsked(true)}>
          <Trash2 size={16} />
        </IconButton>
      </div>
    </li>
  )
}
