import type { ErrorReport } from '@shared/errors'
import type { StudioClient } from '@shared/ipc/studio-schema'

declare global {
  interface Window {
    /** Put there by the preload script; the only way out of the window. */
    readonly studio: StudioClient
  }
}

/** The bridge to main. */
export function studioClient(): StudioClient {
  return window.studio
}

/**
 * What to tell the person about a refused call. The bridge rejects with objects that carry `code` and `message`; they
 * are no instances of StudioError, since classes do not survive the way between the worlds.
 */
export function describeProblem(error: unknown): ErrorReport {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>
  return {
    code: typeof code === 'string' ? code : 'unexpected',
    message: typeof message === 'string' && message !== '' ? message : 'Something went wrong. Please try again.',
  }
}
