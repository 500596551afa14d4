import type { EngineName, EngineStatus, StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'

interface EngineState {
  engines: Partial<Record<EngineName, EngineStatus>>
}

/** What is known of the engine processes, for the banner, the stage and the settings page. */
export const useEngines = create<EngineState>()(() => ({ engines: {} }))

/**
 * Follows the engines. `onReady` is called whenever one becomes ready: at the start, and again after each restart,
 * since a new process knows nothing of the old one's ports and sources. Before that, calls that need it are refused.
 */
export async function followEngines(client: StudioClient, onReady: (engine: EngineName) => void): Promise<void> {
  const note = (status: EngineStatus): void => {
    const before = useEngines.getState().engines[status.engine]?.state
    useEngines.setState(({ engines }) => ({ engines: { ...engines, [status.engine]: status } }))
    if (status.state === 'ready' && before !== 'ready') onReady(status.engine)
  }
  client.app.engineChanged(note)
  for (const status of await client.app.getEngines()) note(status)
}
