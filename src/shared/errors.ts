/**
 * An error whose message is meant for the person: plain words and what to do next. Everything else that is thrown
 * is a bug and is shown as one. `code` is stable and may be matched; the sentence may change.
 */
export class StudioError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StudioError'
    this.code = code
  }
}

/** What crosses a process border in place of a thrown error: Electron and ports flatten errors to strings. */
export interface ErrorReport {
  code: string
  message: string
}

/** Turns anything thrown into a report; the code `unexpected` marks what was not written for the person. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof StudioError) return { code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'unexpected', message: `Something went wrong: ${message}` }
}
