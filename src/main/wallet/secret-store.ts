import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../platform/write-beside'

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const DOMAIN = 'we-studio/secrets/1'
const MAX_FILE = 1 << 20

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)
const SecretsFile = z.strictObject({ v: z.literal(1), iv: base64, text: base64 })
const Secrets = z.record(z.string().max(100), z.string().max(4096))

/**
 * Small secrets of the profile that are not money, such as stream keys: one file (mode 0600), AES-256-GCM under a key
 * that is derived (HKDF-SHA-256, RFC 5869) from the device key. Whoever cannot open the device key cannot open it, and
 * a copied file alone says nothing but its length.
 */
export class SecretStore {
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private readonly key: Buffer,
    private secrets: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param seed the 32 bytes of the device key
   * @throws StudioError `secrets-broken` when the file is not readable with this key; it is left as it is
   */
  static async open(path: string, seed: Uint8Array): Promise<SecretStore> {
    const key = Buffer.from(hkdfSync('sha256', seed, '', DOMAIN, KEY_BYTES))
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new SecretStore(path, key, {})
      throw broken(path, error)
    }
    try {
      if (text.length > MAX_FILE) throw new RangeError('too long')
      return new SecretStore(path, key, unseal(text, key))
    } catch (error) {
      throw broken(path, error)
    }
  }

  get(name: string): string | undefined {
    return Object.hasOwn(this.secrets, name) ? this.secrets[name] : undefined
  }

  get names(): string[] {
    return Object.keys(this.secrets)
  }

  /** Resolves when it is on disk. @throws StudioError `secrets-not-written`; the old ones are kept then */
  async set(name: string, secret: string): Promise<void> {
    await this.write({ ...this.secrets, [name]: secret })
  }

  async delete(name: string): Promise<void> {
    if (this.get(name) === undefined) return
    await this.write(Object.fromEntries(Object.entries(this.secrets).filter(([other]) => other !== name)))
  }

  private write(secrets: Record<string, string>): Promise<void> {
    const before = this.secrets
    this.secrets = Secrets.parse(secrets)
    const writing = this.writing.then(() => writeBeside(this.path, seal(secrets, this.key), { mode: 0o600 }))
    this.writing = writing.catch(() => undefined)
    return writing.catch((error: unknown) => {
      this.secrets = before
      throw new StudioError(
        'secrets-not-written',
        'The stream key could not be saved. Check that the disk is not full and try again.',
        { cause: error },
      )
    })
  }
}

function seal(secrets: Record<string, string>, key: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(DOMAIN))
  const text = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final(), cipher.getAuthTag()])
  return `${JSON.stringify({ v: 1, iv: iv.toString('base64'), text: text.toString('base64') })}\n`
}

function unseal(file: string, key: Buffer): Record<string, string> {
  const { iv, text } = SecretsFile.parse(JSON.parse(file))
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'))
    .setAAD(Buffer.from(DOMAIN))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
  return Secrets.parse(JSON.parse(plain.toString()))
}

/** No cause that quotes the file: a parser's message may. */
function broken(path: string, error: unknown): StudioError {
  const code = (error as NodeJS.ErrnoException).code ?? 'it is damaged or belongs to another key'
  return new StudioError(
    'secrets-broken',
    `The saved stream keys in ${path} cannot be read (${code}). The file was left as it is; move it away to enter the keys anew.`,
  )
}
