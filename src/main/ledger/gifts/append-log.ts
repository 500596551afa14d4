import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '@shared/errors'

/** Far above a real book (some hundred bytes a gift). */
const MAX_LOG_BYTES = 256 * 2 ** 20
const MAX_WAITING = 4_096

/**
 * A file that only grows, one JSON value a line. What `append` has confirmed is on disk, whatever is killed after it. A
 * line that was cut by a kill is the last one and was never confirmed: it is taken away at the next start.
 */
export class AppendLog {
  #waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = []
  #writing: Promise<void> | null = null

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Opens or makes the file (mode 0600); `read` gets each earlier line. Throws StudioError `gift-book-broken`. */
  static async open(path: string, read: (entry: unknown) => void): Promise<AppendLog> {
    await mkdir(dirname(path), { recursive: true })
    const text = await readFile(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
      throw broken(path, error)
    })
    if (text.length > MAX_LOG_BYTES) throw broken(path, new RangeError('too long'))
    const whole = text.lastIndexOf(0x0a) + 1
    try {
      for (const line of text.subarray(0, whole).toString('utf8').split('\n')) if (line !== '') read(JSON.parse(line))
    } catch (error) {
      throw broken(path, error)
    }
    if (whole < text.length) await truncate(path, whole)
    return new AppendLog(path, await open(path, 'a', 0o600))
  }

  /** Resolves when the entry is on disk; entries given meanwhile go with one write. */
  append(entry: unknown): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new StudioError('gift-book-slow', 'The disk is too slow to keep the gifts. Wait a moment.'))
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(entry)}\n`, done, failed })
      this.#writing ??= this.#write().finally(() => (this.#writing = null))
    })
  }

  async close(): Promise<void> {
    await this.#writing
    await this.file.close()
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        await this.file.appendFile(batch.map(({ line }) => line).join(''))
        await this.file.datasync()
        for (const { done } of batch) done()
      } catch (error) {
        const told = new StudioError(
          'gift-book-not-written',
          `The book of gifts could not be written (${this.path}). Free some space on the disk and try again.`,
          { cause: error },
        )
        for (const { failed } of batch) failed(told)
      }
    }
  }
}

function broken(path: string, cause: unknown): StudioError {
  return new StudioError(
    'gift-book-broken',
    `The book of gifts ${path} cannot be read. Nothing in it was changed; move it away to begin a new one, and keep it: what is owed is in it.`,
    { cause },
  )
}
