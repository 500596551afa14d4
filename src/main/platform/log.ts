/** How much a line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where an engine reports what happens inside it; never secrets, never media. The caller decides where lines go. */
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void

/** A log that says nothing, for parts that need none. */
export const silentLog: Log = () => undefined

/** Writes each entry as one line, `level message {fields}`; `debug` only when asked. */
export function lineLog(write: (line: string) => void, debug = false): Log {
  return (level, message, fields) => {
    if (level === 'debug' && !debug) return
    write(`${level} ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`)
  }
}
