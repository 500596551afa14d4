import { formatClock } from './stats-format'
import { useNow } from './use-now'

interface LiveTimerProps {
  /** Unix milliseconds. */
  startedAt: number
  /** A second clock for the eye only; the studio's own one has the role. */
  decorative?: boolean
}

/** How long the broadcast runs. */
export function LiveTimer({ startedAt, decorative = false }: LiveTimerProps) {
  const time = formatClock(useNow(500) - startedAt)
  return decorative ? (
    <span className="tabular" aria-hidden="true">
      {time}
    </span>
  ) : (
    <span className="tabular" role="timer" aria-label="Time live">
      {time}
    </span>
  )
}
