import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { writeBeside } from '../../platform/write-beside'

/** Makes something, or finds it made; what comes back is plain data. */
export type Paint = <T>(name: string, make: () => T) => T

/** Makes everything anew. */
export const paintAnew: Paint = (_name, make) => make()

/**
 * What is painted once for the demo presenter, kept in a file of the cache folder: the next start takes 0.1 s instead of
 * two. A file that cannot be read, or is of other code, is painted again.
 */
export class PaintBox {
  readonly #path: string
  readonly #painted: Map<string, unknown>
  #isNew = false

  /**
   * @param folder of the cache
   * @param stamp everything that the paintings depend on: the code, the size
   */
  constructor(
    private readonly folder: string,
    stamp: string,
  ) {
    this.#path = join(folder, `${PREFIX}${createHash('sha256').update(stamp).digest('hex').slice(0, 24)}.bin`)
    this.#painted = read(this.#path)
  }

  readonly paint: Paint = (name, make) => {
    const known = this.#painted.get(name)
    if (known !== undefined) return known as ReturnType<typeof make>
    const made = make()
    this.#painted.set(name, made)
    this.#isNew = true
    return made
  }

  /** Keeps what was painted and drops what older code had painted; a full disk only means that it is painted again. */
  async keep(): Promise<void> {
    if (!this.#isNew) return
    try {
      await mkdir(this.folder, { recursive: true })
      await writeBeside(this.#path, serialize(this.#painted), { mode: 0o600 })
      const names = (await readdir(this.folder)).filter((name) => name.startsWith(PREFIX))
      const dated = await Promise.all(
        names.map(async (name) => ({
          path: join(this.folder, name),
          at: (await stat(join(this.folder, name))).mtimeMs,
        })),
      )
      const old = dated.sort((a, b) => b.at - a.at).slice(MOST_KEPT)
      await Promise.all(old.map(({ path }) => rm(path, { force: true })))
    } catch {
      // painted again next time
    }
  }
}

const PREFIX = 'demo-'
/** Sizes that are in use beside each other. */
const MOST_KEPT = 6

function read(path: string): Map<string, unknown> {
  try {
    const found: unknown = deserialize(readFileSync(path))
    return found instanceof Map ? (found as Map<string, unknown>) : new Map<string, unknown>()
  } catch {
    return new Map()
  }
}
