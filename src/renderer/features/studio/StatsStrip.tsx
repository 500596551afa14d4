import { Activity } from 'lucide-react'
import { IconButton } from '@/ui/IconButton'
import { formatBitrate, formatDelay, formatFps, UNKNOWN } from './stats-format'
import { SoundMeter } from './SoundMeter'
import { useStudio } from './studio-store'

interface Figure {
  stat: string
  term: string
  value: string
  /** Something the person may want to act on. */
  warn?: boolean
}

/** The measured figures of the last second. What only exists on air is a dash before. `panelId`: what the button opens. */
export function StatsStrip({ open, panelId, onToggle }: { open: boolean; panelId: string; onToggle: () => void }) {
  const stats = useStudio((state) => state.stats)
  const live = useStudio((state) => state.live.state === 'live')
  const onAir = stats !== null && live
  const figures: readonly Figure[] = [
    { stat: 'fps', term: 'fps', value: stats === null ? UNKNOWN : formatFps(stats.media.fps) },
    {
      stat: 'dropped',
      term: 'dropped',
      value: stats === null ? UNKNOWN : String(stats.media.droppedFrames),
      warn: (stats?.media.droppedFrames ?? 0) > 0,
    },
    { stat: 'bitrate', term: 'bitrate', value: onAir ? formatBitrate(stats.media.bitrateKbps) : UNKNOWN },
    { stat: 'viewers', term: 'viewers', value: onAir ? String(stats.viewers) : UNKNOWN },
    { stat: 'delay', term: 'delay', value: onAir && stats.segments > 0 ? formatDelay(stats.segmentDelayMs) : UNKNOWN },
  ]
  return (
    <div className="stats">
      <dl className="stats__figures">
        {figures.map(({ stat, term, value, warn }) => (
          <div key={stat} className="stats__figure" data-warn={warn}>
            <dt>{term}</dt>
            <dd className="tabular" data-stat={stat}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <div className="stats__end">
        <SoundMeter />
        <IconButton
          label={open ? 'Hide graphs' : 'Show graphs'}
          align="end"
          className="button--small"
          aria-expanded={open}
          aria-controls={panelId}
          onClick={onToggle}
        >
          <Activity size={16} />
        </IconButton>
      </div>
    </div>
  )
}
