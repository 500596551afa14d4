import { X } from 'lucide-react'
import type { WatchStats } from '@shared/live/live-listing'
import type { PulledShow, PullStats } from '@shared/live/pulled-show'
import { formatBitrate, formatBytes, formatDelay, UNKNOWN } from '@/features/studio/stats-format'
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

function share(part: number, whole: number, now = ''): string {
  return `${formatBytes(part)} (${percent(part, whole)}${now})`
}

type Row = [stat: string, term: string, value: string]

function peerRows(stats: WatchStats | null): Row[] {
  if (stats === null) return PEER_TERMS.map(([stat, term]) => [stat, term, UNKNOWN])
  const { bytes, bytesFromViewers, bytesFromRelay, bytesDuplicate } = stats
  const fromBroadcaster = Math.max(0, bytes - bytesFromViewers - bytesFromRelay - bytesDuplicate)
  const fromViewers = share(stats.bytesFromViewers, stats.bytes)
  const playing = stats.renditions.find(({ id }) => id === stats.rendition)
  const values = [
    playing === undefined ? UNKNOWN : `${playing.width}x${playing.height}`,
    ...[String(stats.peers), formatDelay(stats.latencyP50Ms), formatDelay(stats.latencyP95Ms)],
    formatBytes(stats.bytes),
    ...[
      fromViewers,
      share(fromBroadcaster, stats.bytes),
      share(stats.bytesFromRelay, stats.bytes, stats.relay ? ', now' : ''),
    ],
    formatBytes(stats.bytesServed),
    ...[String(stats.refused), String(stats.missed)],
  ]
  return PEER_TERMS.map(([stat, term], i) => [stat, term, values[i] ?? UNKNOWN])
}

const PEER_TERMS = [
  ['quality', 'Size'],
  ['peers', 'Peers'],
  ['latency', 'Delivery, median'],
  ['latency-p95', 'Delivery, 95 of 100'],
  ['received', 'Received'],
  ['from-viewers', 'From other viewers'],
  ['from-broadcaster', 'From the broadcaster'],
  ['from-relay', 'From a relay'],
  ['served', 'Passed on by you'],
  ['refused', 'Refused pieces'],
  ['missed', 'Missed pieces'],
] as const

function pulledRows({ width, height, recoded }: PulledShow, stats: PullStats | null): Row[] {
  return [
    ['size', 'Picture', `${width} × ${height}`],
    ['encoding', 'Encoding', recoded ? 'made playable here' : 'as it came'],
    ['received', 'Received', stats === null ? UNKNOWN : formatBytes(stats.bytes)],
    ['bitrate', 'Bitrate', stats === null ? UNKNOWN : formatBitrate(stats.bitrate / 1000)],
    ['lates', 'Came too late', stats === null ? UNKNOWN : String(stats.lates)],
    ['reconnects', 'Fetched again', stats === null ? UNKNOWN : String(stats.reconnects)],
  ]
}

/** How the live reaches this window, as measured. */
export function WatchStatsPanel({ figures, onClose }: WatchStatsPanelProps) {
  const stats = useWatch((state) => state.stats)
  const pullStats = useWatch((state) => state.pullStats)
  const pulled = useWatch(({ watch }) => (watch.state === 'pulled' ? watch.pulled : null))
  const rows: readonly Row[] = [
    ['rung', 'Player', figures === null ? UNKNOWN : RUNG_NAMES[figures.rung]],
    ['player-delay', pulled ? 'Arrival to screen' : 'Camera to screen', delay(figures?.delayMs)],
    ['buffer', 'Buffer, wanted', `${delay(figures?.bufferMs)}, ${delay(figures?.targetMs)}`],
    ['stalled', 'Stood still', delay(figures?.stalledMs)],
    ['frames', 'Pictures, dropped', `${figures?.framesShown ?? UNKNOWN}, ${figures?.framesDropped ?? UNKNOWN}`],
    ...(pulled ? pulledRows(pulled, pullStats) : peerRows(stats)),
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
