import { TriangleAlert, Video } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEngines } from '@/app/engine-store'
import { Button } from '@/ui/Button'
import { sourceName } from './source-name'
import { useStudio } from './studio-store'

function Busy({ children }: { children: ReactNode }) {
  return (
    <div className="stage__message" role="status">
      <span className="spinner spinner--large" aria-hidden="true" />
      <p>{children}</p>
    </div>
  )
}

/** What stands on the stage while there is no picture: why, and the way out. */
export function StageMessage() {
  const source = useStudio((state) => state.source)
  const options = useStudio((state) => state.options)
  const openSource = useStudio((state) => state.openSource)
  const engine = useEngines((state) => state.engines.media)
  const useDemo = (): void => void openSource({ kind: 'demo' })

  if (engine?.state === 'restarting') return <Busy>One moment, the picture is coming back…</Busy>
  if (engine?.state === 'failed') {
    return (
      <div className="stage__message" role="alert">
        <TriangleAlert size={32} strokeWidth={1.75} className="stage__message-problem" />
        <p className="stage__message-title">There is no picture</p>
        <p className="selectable">{engine.message}</p>
      </div>
    )
  }
  if (engine?.state !== 'ready') return <Busy>Getting the studio ready…</Busy>
  if (source.state === 'opening') return <Busy>Opening {sourceName(source.spec, options)}…</Busy>
  if (source.state === 'failed') {
    return (
      <div className="stage__message" role="alert">
        <TriangleAlert size={32} strokeWidth={1.75} className="stage__message-problem" />
        <p className="stage__message-title">{sourceName(source.spec, options)} did not open</p>
        <p className="selectable">{source.message}</p>
        <div className="stage__message-actions">
          <Button variant="glass" onClick={() => void openSource(source.spec)}>
            Retry
          </Button>
          {source.spec.kind !== 'demo' && (
            <Button variant="glass" onClick={useDemo}>
              Use demo presenter
            </Button>
          )}
        </div>
      </div>
    )
  }
  if (source.state === 'waiting') {
    return (
      <div className="stage__message" role="alert">
        <span className="spinner spinner--large" aria-hidden="true" />
        <p className="stage__message-title">Waiting for {source.info.label} to come back</p>
        <p className="selectable">{source.message}</p>
        <p>Your last picture stays on meanwhile.</p>
        <div className="stage__message-actions">
          <Button variant="glass" onClick={useDemo}>
            Use demo presenter
          </Button>
        </div>
      </div>
    )
  }
  if (source.state === 'closed') {
    return (
      <div className="stage__message">
        <Video size={32} strokeWidth={1.75} />
        <p className="stage__message-title">Nothing on stage yet</p>
        <p>Pick a source at the right, or start with the demo presenter.</p>
        <div className="stage__message-actions">
          <Button variant="glass" onClick={useDemo}>
            Use demo presenter
          </Button>
        </div>
      </div>
    )
  }
  return null
}
