import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { writeBeside } from '../../platform/write-beside'

/** Wei in decimal digits: JSON has no bigint. */
const Wei = z
  .string()
  .regex(/^\d{1,30}$/)
  .transform(BigInt)
const KeptRoom = z.strictObject({
  room: z.string().max(200),
  name: z.string(),
  creator: z.string(),
  more: z.strictObject({ wei: Wei, until: z.number() }),
})
export type KeptRoom = z.infer<typeof KeptRoom>
const File = z.strictObject({ v: z.literal(1), rooms: z.array(KeptRoom).max(64) })

/**
 * The rooms that are open, for an engine that takes over from one that died: without them every gift would ask, and what
 * the person has allowed today would be gone. Rooms end with the app, so a new run of it begins without.
 */
export class RoomFile {
  #writing: Promise<unknown> = Promise.resolve()

  constructor(private readonly path: string) {}

  /** Those of before; none when the file is not there or cannot be read: then everything asks. */
  async read(): Promise<KeptRoom[]> {
    try {
      return File.parse(JSON.parse(await readFile(this.path, 'utf8'))).rooms
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') console.error('The open rooms cannot be read: gifts ask.')
      return []
    }
  }

  /** A new run of the app. */
  clear(): Promise<void> {
    return rm(this.path, { force: true })
  }

  /** Kept soon; a file that cannot be written costs a question later, nothing else. */
  keep(rooms: readonly KeptRoom[]): void {
    const text = JSON.stringify({ v: 1, rooms }, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    this.#writing = this.#writing
      .then(() => writeBeside(this.path, `${text}\n`, { mode: 0o600 }))
      .catch((error: unknown) => console.error(`The open rooms could not be kept: ${String(error)}`))
  }

  /** Resolves when all is on the disk. */
  async close(): Promise<void> {
    await this.#writing
  }
}
