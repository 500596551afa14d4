import type { EngineName, EngineStatus, StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'

interface EngineState {
  engines: Partial<Record<EngineName, EngineStatus>>
}

/** What is known of the engine processes, for the banner and the settings page. */
export const useEngines = create<EngineState>()(() => ({ engines: {} }))

function note(status: EngineStatus): void {
  useEngines.setState(({ engines }) => ({ engines: { ...engines, [status.engine]: status } }))
}

/**
 * Follows the engines. `onMediaBack` is called when the media engine is ready again after it was not, since it then
 * knows neither the preview port nor the source.
 */
export async function followEngines(client: StudioClient, onMediaBack: () => void): Promise<void> {
  client.app.engineChanged((status) => {
    const before = useEngines.getState().engines[status.engine]?.state
    note(status)
    if (status.engine === 'media' && status.state === 'ready' && (before === 'restarting' || before === 'failed')) {
      onMediaBack()
    }
  })
  for (const status of await client.app.getEngines()) note(status)
}
