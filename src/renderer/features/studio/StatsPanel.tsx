import type { StudioStats } from '@shared/ipc/studio-schema'
import { X } from 'lucide-react'
import { IconButton } from '@/ui/IconButton'
import { growth, HISTORY_SECONDS, sparkline, useStatsHistory } from './stats-history'
import { formatBitrate, formatDelay, formatFps, UNKNOWN } from './stats-format'
import './stats-panel.css'

interface Series {
  id: string
  term: string
  /** What it is and what to do about it, for who rests on it. */
  help: string
  of: (stats: StudioStats) => number | null
  format: (value: number) => string
  /** Height of the graph when no value is above it. */
  top: number
  /** A count of all so far: the graph shows what each second added. */
  counter?: boolean
  /** From this value on the person may want to act. */
  warnFrom?: number
}

const SERIES: readonly Series[] = [
  {
    ...{ id: 'fps', term: 'Frames per second', help: 'Pictures that leave the studio each second', top: 30 },
    of: ({ media }) => media.fps,
    format: formatFps,
  },
  {
    ...{ id: 'process', term: 'Work per frame', help: 'Time for face, make-up and effects; 33 ms are there', top: 33 },
    of: ({ media }) => media.processP95Ms,
    format: (ms) => `${ms.toFixed(1)} ms`,
    warnFrom: 33,
  },
  {
    ...{ id: 'cpu', term: 'Computer', help: 'Of one core: this studio and its video programs', top: 100 },
    of: ({ media }) => media.cpuPercent,
    format: (percent) => `${Math.round(percent)} %`,
  },
  {
    ...{ id: 'encode', term: 'Encoding', help: 'From a picture to its encoded form', top: 66 },
    of: ({ media }) => media.encodeMs,
    format: (ms) => `${Math.round(ms)} ms`,
  },
  {
    ...{ id: 'late', term: 'Late frames', help: 'Waited longer than a frame: close other programs', top: 5 },
    of: ({ media }) => media.lateFrames,
    format: String,
    counter: true,
    warnFrom: 1,
  },
  {
    ...{ id: 'dropped', term: 'Dropped frames', help: 'Pictures the source lost: this computer is too busy', top: 5 },
    of: ({ media }) => media.droppedFrames,
    format: String,
    counter: true,
    warnFrom: 1,
  },
  {
    ...{ id: 'reduced', term: 'Eased frames', help: 'Passed with less retouch so that none is dropped', top: 5 },
    of: ({ media }) => media.reducedFrames,
    format: String,
    counter: true,
    warnFrom: 1,
  },
  {
    ...{ id: 'bitrate', term: 'Bitrate', help: 'What goes out each second', top: 4000 },
    of: ({ media }) => media.bitrateKbps,
    format: formatBitrate,
  },
  {
    ...{ id: 'offset', term: 'Sound to picture', help: 'How far the sound is behind the picture', top: 5 },
    of: ({ media }) => media.avOffsetMs,
    format: (ms) => `${ms.toFixed(1).replace('-', '−')} ms`,
  },
  {
    ...{ id: 'delay', term: 'Segment delay', help: 'From the camera to the finished piece of the show', top: 300 },
    of: ({ segmentDelayMs }) => segmentDelayMs,
    format: formatDelay,
  },
  {
    ...{ id: 'viewers', term: 'Viewers', help: 'Peers who watch now', top: 5 },
    of: ({ viewers }) => viewers,
    format: String,
  },
]

const BOX = { width: 120, height: 28, slots: HISTORY_SECONDS }

function Graph({ series, history }: { series: Series; history: readonly StudioStats[] }) {
  const values = history.map(series.of).filter((value) => value !== null)
  const newest = values.at(-1)
  const line = series.counter === true ? growth(values) : values
  const warn = series.warnFrom !== undefined && (line.at(-1) ?? 0) >= series.warnFrom
  return (
    <div className="stats-panel__series" title={series.help}>
      <dt>{series.term}</dt>
      <dd className="tabular" data-series={series.id} data-warn={warn || undefined}>
        {newest === undefined ? UNKNOWN : series.format(newest)}
      </dd>
      <svg viewBox={`0 -1 ${BOX.width} ${BOX.height + 2}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={sparkline(line, { ...BOX, top: series.top })} />
      </svg>
    </div>
  )
}

/** All measured figures with their last two minutes. */
export function StatsPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const history = useStatsHistory((state) => state.history)
  const newest = history.at(-1)?.media
  return (
    <section id={id} className="stats-panel" aria-label="Figures of the last two minutes">
      <header>
        <h2>Last two minutes</h2>
        {newest !== undefined && newest.encoder !== '' && (
          <p>
            {newest.encoder}, up to {formatBitrate(newest.targetKbps)}
            {newest.step !== '' && <strong>{newest.step}</strong>}
            {newest.renditions !== '' && <span data-stat="renditions">Viewers: {newest.renditions}</span>}
          </p>
        )}
        <IconButton label="Close" align="end" variant="glass" className="button--small" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <dl>
        {SERIES.map((series) => (
          <Graph key={series.id} series={series} history={history} />
        ))}
      </dl>
    </section>
  )
}
