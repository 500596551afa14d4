import type { StudioClient } from '@shared/ipc/studio-schema'

declare global {
  interface Window {
    studio: StudioClient
  }
}
