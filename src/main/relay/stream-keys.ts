import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../platform/write-beside'

/** Names of lives: part of addresses, so plain. */
export const StreamName = z.string().regex(/^[A-Za-z0-9_-]{1,48}$/)

const MAX_KEYS = 64
/** 192 bits: nobody guesses it, so one round of SHA-256 keeps it. */
const KEY_BYTES = 24
const MAX_KEY_LENGTH = 128

const Stored = z.object({
  v: z.literal(1),
  keys: z
    .array(z.object({ name: StreamName, hash: z.string().regex(/^[0-9a-f]{64}$/), madeAt: z.number() }))
    .max(MAX_KEYS),
})
type StoredKey = z.infer<typeof Stored>['keys'][number]

/**
 * Who may publish which live. A key is shown once, when it is made; what is kept is its hash. With a file, keys stay
 * from one start to the next.
 */
export class StreamKeys {
  private constructor(
    private keys: StoredKey[],
    private readonly path: string | null,
  ) {}

  /** @throws StudioError `bad-keys` when the file is there and is not ours: it is left as it is */
  static async open(path: string | null): Promise<StreamKeys> {
    if (path === null) return new StreamKeys([], null)
    let text
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new StreamKeys([], path)
      throw new StudioError('bad-keys', `The stream keys in ${path} cannot be read.`, { cause: error })
    }
    const parsed = Stored.safeParse(parseJson(text))
    if (!parsed.success) {
      throw new StudioError('bad-keys', `${path} is damaged. Move it away; new stream keys are made then.`)
    }
    return new StreamKeys(parsed.data.keys, path)
  }

  get names(): string[] {
    return this.keys.map(({ name }) => name)
  }

  /**
   * A new key for `name`; the one before stops working. The only time that it can be read.
   * @throws StudioError `bad-stream-name`, `too-many-keys`, or why the file was not written
   */
  async make(name: string): Promise<string> {
    if (!StreamName.safeParse(name).success) {
      throw new StudioError('bad-stream-name', 'The name of a live has letters, digits, - and _, at most 48 of them.')
    }
    const key = randomBytes(KEY_BYTES).toString('base64url')
    const others = this.keys.filter((other) => other.name !== name)
    if (others.length >= MAX_KEYS) throw new StudioError('too-many-keys', `There can be ${MAX_KEYS} stream keys.`)
    const keys = [...others, { name, hash: hashOf(key).toString('hex'), madeAt: Date.now() }]
    if (this.path !== null) await this.write(this.path, keys)
    this.keys = keys
    return key
  }

  private async write(path: string, keys: StoredKey[]): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeBeside(path, JSON.stringify({ v: 1, keys }), { mode: 0o600 })
    } catch (error) {
      throw new StudioError('not-writable', `The stream keys could not be kept: ${path} cannot be written.`, {
        cause: error,
      })
    }
  }

  /** The name that `key` opens, null for a wrong one; takes the same time whichever it is. */
  nameOf(key: string): string | null {
    const hash = hashOf(key.slice(0, MAX_KEY_LENGTH))
    let found: string | null = null
    for (const one of this.keys) if (timingSafeEqual(Buffer.from(one.hash, 'hex'), hash)) found = one.name
    return found
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(`we-studio stream key\n${key}`).digest()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
