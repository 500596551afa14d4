import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { StudioError } from '@shared/errors'
import type { DirectPipe } from './direct-pipe'

/** How long a program gets to end by itself after SIGTERM. */
const TERM_GRACE_MS = 1500
/** What is kept of stderr for error messages, characters. */
const STDERR_KEPT = 8192

export interface FfmpegOptions {
  /** Ends the program when aborted. */
  signal?: AbortSignal
  /** What descriptor 3 is: a pipe the child reads (`in`) or writes (`out`). Both are the same to the system. */
  pipe3?: boolean
  /** Takes the place of `stdout`, which must not be used then. */
  direct?: { pipe: DirectPipe; childEnd: Socket } | null
  /** Called for every complete line of stderr. */
  onLine?: (line: string) => void
}

export interface FfmpegExit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** Children that are running. [Note: No orphans] below. */
const running = new Set<ChildProcess>()
let guarded = false

/**
 * [Note: No orphans]
 * A program that we started must not outlive us.
 * - We end normally, by an exception or by process.exit: the 'exit' handler kills what still runs.
 * - We are killed with SIGKILL: nothing of ours runs any more, but the system closes our ends of the pipes. The
 *   encoder then reads the end of its input, a capture gets EPIPE at its next write; both end within one frame. So
 *   every child must have stdin and its outputs as pipes, never inherited. A test kills the owner and looks.
 */
function guard(child: ChildProcess): void {
  if (!guarded) {
    guarded = true
    process.on('exit', () => {
      for (const other of running) other.kill('SIGKILL')
    })
  }
  running.add(child)
}

/** One run of ffmpeg, with all its streams as pipes. */
export class FfmpegProcess {
  /** Settles when the program has ended and its pipes are closed; never rejects. */
  readonly exited: Promise<FfmpegExit>
  private readonly child: ChildProcess
  private readonly direct: DirectPipe | null
  private stderrText = ''
  private spawnError: Error | null = null

  constructor(path: string, args: string[], options: FfmpegOptions = {}) {
    const { direct = null } = options
    const child = spawn(path, args, {
      stdio: ['pipe', direct?.childEnd ?? 'pipe', 'pipe', ...(options.pipe3 === true ? ['pipe' as const] : [])],
      windowsHide: true,
    })
    this.child = child
    this.direct = direct?.pipe ?? null
    // The child has its own; ours would keep the pipe open after its end.
    direct?.childEnd.destroy()
    guard(child)
    // A pipe of a program that died gives EPIPE or ECONNRESET; what matters is how the program ended.
    for (const stream of child.stdio) stream?.on('error', () => undefined)
    this.readErrors(options.onLine)
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.spawnError = error
        running.delete(child)
        resolve({ code: null, signal: null })
      })
      child.once('exit', () => running.delete(child))
      child.once('close', (code, signal) => {
        void (this.direct?.ended ?? Promise.resolve()).then(() => resolve({ code, signal }))
      })
    })
    const abort = (): void => void this.stop()
    if (options.signal?.aborted === true) abort()
    options.signal?.addEventListener('abort', abort, { once: true })
    void this.exited.then(() => options.signal?.removeEventListener('abort', abort))
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** Whether the program is still there. */
  get alive(): boolean {
    return running.has(this.child)
  }

  get stdin(): Writable {
    return this.child.stdin!
  }

  get stdout(): Readable {
    return this.child.stdout!
  }

  /** Descriptor 3 as the child writes it; needs `pipe3`. */
  get pipe3Out(): Readable {
    return this.child.stdio[3] as Readable
  }

  /** Descriptor 3 as the child reads it; needs `pipe3`. */
  get pipe3In(): Writable {
    return this.child.stdio[3] as Writable
  }

  /** The end of what the program wrote to stderr. */
  get stderrTail(): string {
    return this.stderrText.trim()
  }

  /** The last line of stderr, for a sentence. */
  get lastWords(): string {
    return this.spawnError?.message ?? this.stderrTail.split(/[\r\n]+/).at(-1) ?? ''
  }

  /** What went wrong, when the program could not be started at all. */
  get startError(): StudioError | null {
    if (!this.spawnError) return null
    return new StudioError('ffmpeg-missing', `The video program could not be started: ${this.spawnError.message}`, {
      cause: this.spawnError,
    })
  }

  /** SIGTERM, after a grace period SIGKILL; resolves when it is gone. Safe to call at any time, more than once. */
  async stop(): Promise<FfmpegExit> {
    // A program whose output nobody reads blocks in write and would sit out the whole grace period; and one that has
    // ended counts as ended only when its pipes were read to their ends.
    this.child.stdout?.resume()
    this.direct?.discard()
    if (this.child.stdio[3] && 'resume' in this.child.stdio[3]) this.child.stdio[3].resume()
    if (this.alive) {
      this.child.kill('SIGTERM')
      const timer = setTimeout(() => this.child.kill('SIGKILL'), TERM_GRACE_MS)
      void this.exited.then(() => clearTimeout(timer))
    }
    return this.exited
  }

  /** SIGKILL: for a program that hangs or that nobody needs any more. */
  kill(): void {
    if (!this.alive) return
    this.child.stdout?.resume()
    this.direct?.discard()
    this.child.kill('SIGKILL')
  }

  private readErrors(onLine?: (line: string) => void): void {
    let line = ''
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderrText = (this.stderrText + text).slice(-STDERR_KEPT)
      if (!onLine) return
      const lines = (line + text).split(/[\r\n]+/)
      line = (lines.pop() ?? '').slice(-STDERR_KEPT)
      lines.forEach(onLine)
    })
  }
}

/** Runs ffmpeg to its end and returns all of stderr (at most 256 KiB) and how it ended. */
export async function runFfmpeg(
  path: string,
  args: string[],
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<FfmpegExit & { stderr: string; timedOut: boolean }> {
  let stderr = ''
  let timedOut = false
  const child = new FfmpegProcess(path, args, {
    ...(options.signal ? { signal: options.signal } : {}),
    onLine: (line) => {
      if (stderr.length < 262_144) stderr += line + '\n'
    },
  })
  child.stdin.end()
  child.stdout.resume()
  const timer = setTimeout(() => {
    timedOut = true
    void child.stop()
  }, options.timeoutMs ?? 20_000)
  const exit = await child.exited
  clearTimeout(timer)
  if (child.startError) throw child.startError
  return { ...exit, stderr, timedOut }
}
