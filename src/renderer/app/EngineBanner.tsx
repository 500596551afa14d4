import { TriangleAlert } from 'lucide-react'
import { useEngines } from './engine-store'

/** Says in words when an engine restarts or has failed; nothing while all is well. */
export function EngineBanner() {
  const engines = useEngines((state) => state.engines)
  const troubled = Object.values(engines).filter(({ state }) => state === 'restarting' || state === 'failed')
  if (troubled.length === 0) return null
  return (
    <div className="engine-banner" role="alert">
      {troubled.map(({ engine, state, message }) => (
        <p key={engine}>
          {state === 'restarting' ? <span className="spinner" aria-hidden="true" /> : <TriangleAlert size={16} />}
          {message}
        </p>
      ))}
    </div>
  )
}
