import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Bytes32 } from '@shared/money/address'
import { writeBeside } from '../../platform/write-beside'

const MINUTE_MS = 60_000
/** Of a running live; what a kill forgets of its use is at most this, in the creator's favour. */
const SAVE_EACH_MS = 10_000
/** Nobody has more of them than the market sells at once. */
const MAX_LEFT_MS = 100_000 * MINUTE_MS
/** That the market was not asked about yet. */
const MAX_LIVES = 8

const File = z.strictObject({
  v: z.literal(1),
  /** Burnt in the market and not used yet. */
  leftMs: z.number().min(0).max(MAX_LEFT_MS),
  /** The live that runs is the last; those before it ended so shortly ago that the market was not asked yet. */
  lives: z.array(z.strictObject({ contentId: Bytes32, usedMs: z.number().min(0) })).max(MAX_LIVES),
})
type File = z.infer<typeof File>

/**
 * [Note: Started minutes]
 * AccessMarket burns whole minutes for a live and gives none of them back. What a live has burnt and not used is
 * therefore kept here, for one account on one ledger, and the next live uses it before it burns more. How many were
 * burnt is read from the market (`livePackets`), so a kill between burning and noting loses nothing.
 */
export class MinuteBook {
  #savedAt = 0
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private readonly burnt: (contentId: Bytes32) => Promise<number>,
    private file: File,
  ) {}

  /** Opens or begins the book; a live that was cut short is closed. `burnt`: minutes that the market has for a live. */
  static async open(path: string, burnt: (contentId: Bytes32) => Promise<number>): Promise<MinuteBook> {
    const book = new MinuteBook(path, burnt, await read(path))
    await book.end()
    return book
  }

  /** Milliseconds that the next live, or this one, has before it burns more. */
  get leftMs(): number {
    return this.file.leftMs
  }

  begin(contentId: Bytes32): void {
    this.file = { ...this.file, lives: [...this.file.lives, { contentId, usedMs: 0 }].slice(-MAX_LIVES) }
    this.#savedAt = 0
    this.#save()
  }

  /** A signed segment was published. */
  used(durationMs: number): void {
    const live = this.file.lives.at(-1)
    if (live === undefined) return
    const usedMs = live.usedMs + Math.max(0, durationMs)
    this.file = { ...this.file, lives: [...this.file.lives.slice(0, -1), { ...live, usedMs }] }
    if (usedMs < this.#savedAt + SAVE_EACH_MS) return
    this.#savedAt = usedMs
    this.#save()
  }

  /** The live is over: what is left of its minutes is there for the next. Rejects when the market cannot be asked. */
  async end(): Promise<void> {
    for (const { contentId, usedMs } of this.file.lives) {
      const burnt = await this.burnt(contentId)
      const { leftMs, lives } = this.file // another live may have begun meanwhile
      if (!lives.some((live) => live.contentId === contentId)) continue // or another call has counted this one
      const left = leftMs + burnt * MINUTE_MS - usedMs
      this.file = {
        ...{ v: 1, leftMs: Math.min(Math.max(0, left), MAX_LEFT_MS) },
        lives: lives.filter((live) => live.contentId !== contentId),
      }
      this.#save()
    }
    await this.#writing
  }

  /** Resolves when all is on the disk. */
  close(): Promise<void> {
    return this.#writing
  }

  #save(): void {
    const text = `${JSON.stringify(this.file)}\n`
    this.#writing = this.#writing
      .then(() => writeBeside(this.path, text, { mode: 0o600 }))
      .catch((error: unknown) => console.error(`The minutes left could not be kept: ${String(error)}`))
  }
}

async function read(path: string): Promise<File> {
  try {
    return File.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      console.error(`${path} cannot be read: no minutes are left.`)
    return { v: 1, leftMs: 0, lives: [] }
  }
}
