import { X } from 'lucide-react'
import { formatBytes, formatDelay, UNKNOWN } from '@/features/studio/stats-format'
import { IconButton } from '@/ui/IconButton'
import type { LiveFigures } from './live-player'
import type { Rung } from './units/rung-choice'
import { useWatch } from './watch-store'

interface WatchStatsPanelProps {
  figures: LiveFigures | null
  onClose: () => void
}

const RUNG_NAMES: Record<Rung, string> = { units: 'Direct (WebCodecs)', hls: 'Segments (HLS)' }

/** Milliseconds that may be unknown; a delay below zero says that the clocks of the two computers differ. */
function delay(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? UNKNOWN : ms < 0 ? 'clocks differ' : formatDelay(ms)
}

/** The share of `part` in `whole` as a whole percentage. */
function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)} %` : UNKNOWN
}

/** How the live reaches this window, as measured. */
export function WatchStatsPanel({ figures, onClose }: WatchStatsPanelProps) {
  const stats = useWatch((state) => state.stats)
  const playing = stats?.renditions.find(({ id }) => id === stats.rendition)
  const rows: readonly [stat: string, term: string, value: string][] = [
    ['quality', 'Size', playing === undefined ? UNKNOWN : `${playing.width}x${playing.height}`],
    ['rung', 'Player', figures === null ? UNKNOWN : RUNG_NAMES[figures.rung]],
    ['player-delay', 'Camera to screen', delay(figures?.delayMs)],
    ['buffer', 'Buffer, wanted', `${delay(figures?.bufferMs)}, ${delay(figures?.targetMs)}`],
    ['stalled', 'Stood still', delay(figures?.stalledMs)],
    ['frames', 'Pictures, dropped', `${figures?.framesShown ?? UNKNOWN}, ${figures?.framesDropped ?? UNKNOWN}`],
    ['peers', 'Peers', stats === null ? UNKNOWN : String(stats.peers)],
    ['latency', 'Delivery, median', stats === null ? UNKNOWN : formatDelay(stats.latencyP50Ms)],
    ['latency-p95', 'Delivery, 95 of 100', stats === null ? UNKNOWN : formatDelay(stats.latencyP95Ms)],
    ['received', 'Received', stats === null ? UNKNOWN : formatBytes(stats.bytes)],
    [
      'from-viewers',
      'From other viewers',
      stats === null
        ? UNKNOWN
        : `${formatBytes(stats.bytesFromViewers)} (${percent(stats.bytesFromViewers, stats.bytes)})`,
    ],
    ['served', 'Passed on by you', stats === null ? UNKNOWN : formatBytes(stats.bytesServed)],
    ['refused', 'Refused pieces', stats === null ? UNKNOWN : String(stats.refused)],
    ['missed', 'Missed pieces', stats === null ? UNKNOWN : String(stats.missed)],
  ]
  return (
    <section className="watch-stats" aria-label="Figures">
      <header>
        <h2>Figures</h2>
        <IconButton label="Hide figures" className="button--small" side="bottom" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <dl>
        {rows.map(([stat, term, value]) => (
          <div key={stat}>
            <dt>{term}</dt>
            <dd className="tabular" data-stat={stat}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
