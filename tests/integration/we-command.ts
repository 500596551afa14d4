import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const CLI = join(import.meta.dirname, '../../out/main/cli.js')

export type WeEvent = { event: string } & Record<string, unknown>

/** One run of the built headless command. */
export interface WeRun {
  child: ChildProcess
  /** JSON lines of stdout so far. */
  events: WeEvent[]
  /** Lines of stdout that are not JSON: with --json there must be none. */
  noise: string[]
  stderr: () => string
  /** The next (or an earlier) event of that name that fits; rejects when the command ends without it. */
  next: (name: string, fits?: (event: WeEvent) => boolean) => Promise<WeEvent>
  exit: Promise<number | null>
}

/** Starts `we ARGS`; with the environment's WE_BEACON_DIR, so that tests do not meet other tests. */
export function we(args: string[], env: Record<string, string> = {}): WeRun {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const events: WeEvent[] = []
  const noise: string[] = []
  const waiting = new Set<() => void>()
  let stderr = ''
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      try {
        events.push(JSON.parse(line) as WeEvent)
      } catch {
        noise.push(line)
      }
    }
    for (const wake of waiting) wake()
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  let ended = false
  void exit.then(() => {
    ended = true
    for (const wake of waiting) wake()
  })
  return {
    child,
    events,
    noise,
    stderr: () => stderr,
    exit,
    next: (name, fits = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find((event) => event.event === name && fits(event))
          if (found) resolve(found)
          else if (ended)
            reject(new Error(`no event ${name} before the end:\n${stderr}\n${JSON.stringify(events.at(-1))}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
  }
}
