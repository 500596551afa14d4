import type { LiveState } from '@shared/ipc/studio-schema'
import { Link, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import { CreatorGiftsButton } from '@/features/gifts/CreatorGiftsButton'
import { Button } from '@/ui/Button'
import { DestinationsButton } from './destinations/DestinationsButton'
import { ReplayButton } from './ReplayButton'
import { useStudio } from './studio-store'

/** How long the second press is waited for, milliseconds. */
const CONFIRM_MS = 5000

/** While on air: what the show is, its link, and the way to end it. Ending takes two presses of the same button. */
export function OnAirBar({ live }: { live: Extract<LiveState, { state: 'live' | 'stopping' }> }) {
  const { endLive, copyLink } = useStudio.getState()
  const title = useStudio((state) => (state.live.state === 'live' ? state.live.title : state.title))
  const category = useStudio((state) => state.category)
  const [asked, setAsked] = useState(false)
  const stopping = live.state === 'stopping'

  useEffect(() => {
    if (!asked) return
    const timer = setTimeout(() => setAsked(false), CONFIRM_MS)
    return () => clearTimeout(timer)
  }, [asked])

  const pressEnd = (): void => {
    if (asked) void endLive()
    setAsked(!asked)
  }

  return (
    <section className="golive golive--live" aria-label="Your live">
      <div className="golive__show">
        <p className="golive__show-title">{title}</p>
        <p className="golive__show-note">
          {asked ? (
            <span role="alert">Press End live again to end it for everyone.</span>
          ) : (
            `${category} · on this network it appears in Watch by itself`
          )}
        </p>
      </div>
      <div className="golive__extras">
        <DestinationsButton live />
        <CreatorGiftsButton live />
      </div>
      <ReplayButton disabled={stopping} />
      {asked ? (
        <Button variant="quiet" onClick={() => setAsked(false)}>
          Keep going
        </Button>
      ) : (
        <Button icon={<Link size={16} />} disabled={stopping} onClick={() => void copyLink()}>
          Copy link
        </Button>
      )}
      <Button
        size="large"
        variant={asked ? 'accent' : 'plain'}
        className="golive__button"
        icon={<Square size={16} fill="currentColor" />}
        busy={stopping}
        onClick={pressEnd}
      >
        End live
      </Button>
    </section>
  )
}
