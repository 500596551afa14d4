import { RadioTower } from 'lucide-react'
import { Button } from '@/ui/Button'
import { useDestinations } from './destination-store'
import { summaryOf } from './destination-words'
import './destinations.css'

/** Opens the list of services; says how many get the live, and when one of them does not. */
export function DestinationsButton({ live }: { live: boolean }) {
  const entries = useDestinations((state) => state.entries)
  const states = useDestinations((state) => state.states)
  const summary = summaryOf(entries, states)
  const lamp = !live || summary === null ? 'off' : summary.isWrong ? 'problem' : summary.live > 0 ? 'live' : 'waiting'
  const count = summary === null ? '' : live ? ` ${summary.live} of ${summary.wanted}` : ` ${summary.wanted}`
  return (
    <Button
      variant="quiet"
      className="destinations-button"
      icon={<RadioTower size={16} />}
      title="Send your live to YouTube, Twitch and others at the same time"
      onClick={() => useDestinations.setState({ isOpen: true })}
    >
      Also on{count}
      {live && summary !== null && (
        <span className={`destination__lamp destination__lamp--${lamp}`} aria-hidden="true" />
      )}
    </Button>
  )
}
