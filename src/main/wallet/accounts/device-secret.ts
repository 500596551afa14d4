import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../../platform/write-beside'

const FILE_NAME = 'device-secret.json'

const base64 = z.string().regex(/^[A-Za-z0-9+/]{1,20000}={0,2}$/)
const SecretFile = z.discriminatedUnion('kind', [
  z.strictObject({ v: z.literal(1), kind: z.literal('plain'), secret: base64 }),
  /** `backend`: the system's key store that sealed it, so that another or none is noticed. */
  z.strictObject({ v: z.literal(1), kind: z.literal('sealed'), backend: z.string().max(60), sealed: base64 }),
])

/** The system's store for secrets, where it has a real one. */
export interface SafeBox {
  /** Its name, e.g. `gnome_libsecret`. */
  backend: string
  seal: (text: string) => Uint8Array
  open: (sealed: Uint8Array) => string
}

export interface DeviceSecret {
  secret: string
  /** Where it is kept: the key store's name, or `file`. */
  keptBy: string
}

/**
 * The random passphrase (256 bits, base64) of accounts without one of their own: kept by the system's key store where
 * there is a real one, else in a file that only this user can read. A file is moved into a key store that has become
 * available; the way back is refused.
 * @throws StudioError `key-store-gone`, `device-secret-broken`
 */
export async function loadDeviceSecret(folder: string, box: SafeBox | null): Promise<DeviceSecret> {
  const path = join(folder, FILE_NAME)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw broken(path)
  })
  if (text === null) return make(path, folder, box)
  const file = parse(path, text)
  if (file.kind === 'sealed') return { secret: openSealed(path, file, box), keptBy: file.backend }
  await chmod(path, 0o600).catch(() => undefined) // a copied profile may have lost the mode
  if (box === null) return { secret: file.secret, keptBy: 'file' }
  await writeBeside(path, fileOf(file.secret, box), { mode: 0o600 })
  return { secret: file.secret, keptBy: box.backend }
}

async function make(path: string, folder: string, box: SafeBox | null): Promise<DeviceSecret> {
  const secret = randomBytes(32).toString('base64')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await writeBeside(path, fileOf(secret, box), { mode: 0o600, onlyIfNew: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return loadDeviceSecret(folder, box) // another was first
    throw error
  }
  return { secret, keptBy: box?.backend ?? 'file' }
}

function fileOf(secret: string, box: SafeBox | null): string {
  const file: z.infer<typeof SecretFile> =
    box === null
      ? { v: 1, kind: 'plain', secret }
      : { v: 1, kind: 'sealed', backend: box.backend, sealed: Buffer.from(box.seal(secret)).toString('base64') }
  return `${JSON.stringify(file)}\n`
}

function openSealed(path: string, file: { backend: string; sealed: string }, box: SafeBox | null): string {
  if (box?.backend !== file.backend) {
    throw new StudioError(
      'key-store-gone',
      `The passphrase of this account is kept by the key store of your system (${file.backend}), which is not available now. ` +
        'Unlock it or sign in to your desktop and start WE Studio again, or restore the account from your backup words.',
    )
  }
  try {
    return box.open(Buffer.from(file.sealed, 'base64'))
  } catch {
    throw broken(path)
  }
}

function parse(path: string, text: string): z.infer<typeof SecretFile> {
  try {
    return SecretFile.parse(JSON.parse(text))
  } catch {
    throw broken(path) // no cause: a parser's message may quote the file
  }
}

function broken(path: string): StudioError {
  return new StudioError(
    'device-secret-broken',
    `The file ${path} cannot be read. It was left as it is. Accounts with a passphrase still open; others need their backup words.`,
  )
}
