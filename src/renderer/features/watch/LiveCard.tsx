import type { LiveListing } from '@shared/live/live-listing'
import { Play } from 'lucide-react'
import { CategoryIcon } from './category-icon'
import { coverHue } from './cover-hue'
import { liveAge } from './live-age'

interface LiveCardProps {
  live: LiveListing
  /** Unix milliseconds. */
  now: number
  onOpen: (live: LiveListing) => void
}

/** One live as a big card; the whole card is the button. */
export function LiveCard({ live, now, onOpen }: LiveCardProps) {
  return (
    <button
      type="button"
      className="live-card"
      aria-label={live.own ? `Watch ${live.title} in the studio` : `Watch ${live.title}`}
      onClick={() => onOpen(live)}
    >
      <span className="live-card__cover" style={{ '--hue': coverHue(live.peerId) }}>
        <CategoryIcon category={live.category} size={56} />
        <span className="live-pill live-card__pill">LIVE</span>
        {live.own && <span className="live-card__own">Your live</span>}
        <span className="live-card__play">
          <Play size={22} fill="currentColor" />
        </span>
      </span>
      <span className="live-card__title">{live.title}</span>
      <span className="live-card__note tabular">
        {live.category} · {liveAge(live.startedAt, now)} · {live.height}p
      </span>
    </button>
  )
}
