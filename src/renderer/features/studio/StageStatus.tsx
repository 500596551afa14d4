import { Disc } from 'lucide-react'
import { LiveTimer } from './LiveTimer'
import { sourceName } from './source-name'
import { useStudio } from './studio-store'

/** Top left of the stage: live or not, and what is being shown. */
export function StageStatus() {
  const live = useStudio((state) => state.live)
  const source = useStudio((state) => state.source)
  const options = useStudio((state) => state.options)
  if (source.state === 'closed' && live.state === 'off') return null
  return (
    <div className="stage__status">
      {live.state === 'live' && (
        <>
          <span className="live-pill">LIVE</span>
          <span className="stage__chip">
            <LiveTimer startedAt={live.startedAt} />
          </span>
          {live.recording !== null && (
            <span className="stage__chip" title={live.recording}>
              <Disc size={13} aria-hidden="true" />
              Recording
            </span>
          )}
        </>
      )}
      {source.state !== 'closed' && (
        <span className="stage__chip stage__chip--name">
          {source.state === 'open' || source.state === 'waiting' ? source.info.label : sourceName(source.spec, options)}
          {source.state === 'open' && (
            <span className="stage__size tabular">
              {source.info.height}p{Math.round(source.info.fps)}
            </span>
          )}
        </span>
      )}
    </div>
  )
}
