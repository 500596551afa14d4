import { QUALITIES } from '@shared/media/encode-settings'
import { MAX_DESTINATIONS, type DestinationEntry } from '@shared/live/destination'
import { RadioTower } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { BrowserSection } from '@/features/relay/BrowserSection'
import { useSettings } from '@/features/settings/settings-store'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { DestinationForm } from './DestinationForm'
import { DestinationRow } from './DestinationRow'
import { useDestinations } from './destination-store'
import './destinations.css'

/** The services that lives are also sent to: how it goes with each, and the way to add and change them. */
export function DestinationsDialog() {
  const isOpen = useDestinations((state) => state.isOpen)
  // not inside the form that goes live, whose Enter key it must not press
  return isOpen ? <OpenDialog /> : null
}

function OpenDialog() {
  const entries = useDestinations((state) => state.entries)
  const states = useDestinations((state) => state.states)
  const quality = useSettings((state) => state.settings.encode.quality)
  const [editing, setEditing] = useState<DestinationEntry | 'new' | null>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])

  const uploads = entries.filter(({ enabled, hasKey }) => enabled && hasKey).length
  const megabits = ((QUALITIES[quality].kbps * uploads) / 1000).toFixed(1)
  const add = (
    <Button disabled={entries.length >= MAX_DESTINATIONS} onClick={() => setEditing('new')}>
      Add a service
    </Button>
  )
  return (
    <dialog
      ref={dialog}
      className="destinations"
      aria-labelledby="destinations-title"
      onClose={() => useDestinations.setState({ isOpen: false })}
    >
      <h2 id="destinations-title">
        {editing === null ? 'Also send my live to' : editing === 'new' ? 'Add a service' : `Change ${editing.name}`}
      </h2>
      {editing !== null ? (
        <DestinationForm entry={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />
      ) : entries.length === 0 ? (
        <EmptyState icon={<RadioTower size={28} />} title="Reach your other audiences too" actions={add}>
          <p>
            Your live goes to people on WE by itself. Add YouTube, Twitch or any service that takes RTMP or WHIP, and
            the same show goes there at the same time. If one of them breaks, the others do not notice.
          </p>
        </EmptyState>
      ) : (
        <>
          <ul className="destinations__list">
            {entries.map((entry) => (
              <DestinationRow key={entry.id} entry={entry} state={states[entry.id]} onEdit={() => setEditing(entry)} />
            ))}
          </ul>
          {uploads > 0 && (
            <p className="destinations__advice">
              Each service needs an upload of its own: these {uploads === 1 ? 'one' : uploads} take up to {megabits}{' '}
              Mbps more.
            </p>
          )}
        </>
      )}
      {editing === null && <BrowserSection />}
      {editing === null && (
        <div className="destinations__buttons">
          {entries.length > 0 && add}
          <Button variant="quiet" onClick={() => dialog.current?.close()}>
            Close
          </Button>
        </div>
      )}
    </dialog>
  )
}
