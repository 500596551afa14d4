/**
 * What a command prints. With --json stdout carries one JSON object a line and nothing else; words for people go to
 * stdout without it; logs always go to stderr.
 */
export interface Output {
  json: boolean
  /** One event; shown as words when not in JSON. */
  event: (name: string, fields?: Record<string, unknown>) => void
  /** One raw line on stdout. */
  line: (text: string) => void
  log: (text: string) => void
}

export function createOutput(json: boolean): Output {
  const line = (text: string): void => void process.stdout.write(`${text}\n`)
  return {
    json,
    line,
    log: (text) => void process.stderr.write(`${text}\n`),
    event(name, fields = {}) {
      line(json ? JSON.stringify({ event: name, ...fields }) : words(name, fields))
    },
  }
}

/** `segment  seq 3  bytes 120033`, for a person who looks at the terminal. */
export function words(name: string, fields: Record<string, unknown>): string {
  const parts = Object.entries(fields).map(([key, value]) => `${key} ${text(value)}`)
  return [name.padEnd(8), ...parts].join('  ')
}

function text(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
