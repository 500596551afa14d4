import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../platform/write-beside'

const FILE_NAME = 'device-key.json'
/** Ethereum keystore V3's cost: 128 MiB and about half a second, on libuv's pool so that nothing waits. */
const SCRYPT = { N: 131_072, r: 8, p: 1 } as const
const SCRYPT_MEMORY = 160 * 1024 * 1024
const KEY_BYTES = 32
/** Binds the cipher text to its purpose: it cannot be passed off as another sealed file. */
const ASSOCIATED_DATA = Buffer.from('we-studio/device-key/1')

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const KeyFile = z.discriminatedUnion('kind', [
  z.strictObject({ v: z.literal(1), kind: z.literal('plain'), seed: hex(KEY_BYTES), peerId: z.string() }),
  z.strictObject({
    v: z.literal(1),
    kind: z.literal('sealed'),
    kdf: z.strictObject({
      name: z.literal('scrypt'),
      // accepted as written, so that a planted file cannot ask for a terabyte
      N: z.literal(SCRYPT.N),
      r: z.literal(SCRYPT.r),
      p: z.literal(SCRYPT.p),
      salt: hex(32),
    }),
    cipher: z.strictObject({ name: z.literal('aes-256-gcm'), iv: hex(12), tag: hex(16), text: hex(KEY_BYTES) }),
    peerId: z.string(),
  }),
])
type KeyFile = z.infer<typeof KeyFile>

/** The passphrase, or a function that asks for it; asked only to open a key that is sealed. */
export type Passphrase = string | (() => Promise<string>)

export interface DeviceKey {
  /** The identity of this profile among peers; signs its shows. */
  peerKey: Ed25519PrivateKey
  peerId: string
  /** The file was made by this call. */
  created: boolean
  /** The file is sealed by a passphrase. */
  sealed: boolean
}

/**
 * Loads the Ed25519 key of the profile in `dataDir` (`device-key.json`, mode 0600), or makes it on first use: sealed by
 * scrypt (N = 131072, r = 8, p = 1) and AES-256-GCM when a passphrase is given as text, else readable by the owner alone.
 * An existing file is never overwritten. Throws StudioError: `passphrase-needed`, `passphrase-wrong`,
 * `device-key-broken`, `device-key-unreadable`.
 */
export async function loadDeviceKey(
  dataDir: string,
  { passphrase }: { passphrase?: Passphrase } = {},
): Promise<DeviceKey> {
  const path = join(dataDir, FILE_NAME)
  const text = await readKeyFile(path)
  if (text !== null) return openKey(path, text, passphrase)

  // A prompt opens what is sealed; a new person is not asked for a passphrase she did not choose.
  const secret = typeof passphrase === 'string' ? passphrase : ''
  const key = await generateKeyPair('Ed25519')
  const file = secret === '' ? plainFile(key) : await sealedFile(key, secret)
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeBeside(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, onlyIfNew: true })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unreadable(path, error)
    const first = await readKeyFile(path) // another process was first: its key is the profile's key
    if (first === null) throw unreadable(path, error)
    return openKey(path, first, passphrase)
  }
  return { peerKey: key, peerId: file.peerId, created: true, sealed: file.kind === 'sealed' }
}

async function openKey(path: string, text: string, passphrase: Passphrase | undefined): Promise<DeviceKey> {
  const file = parseKeyFile(path, text)
  await chmod(path, 0o600).catch(() => undefined) // a copied profile may have lost the mode
  const seed = file.kind === 'plain' ? Buffer.from(file.seed, 'hex') : await unseal(file, passphrase)
  const peerKey = await generateKeyPairFromSeed('Ed25519', new Uint8Array(seed))
  if (peerKey.publicKey.toString() !== file.peerId) throw broken(path)
  return { peerKey, peerId: file.peerId, created: false, sealed: file.kind === 'sealed' }
}

/** The 32 bytes that the device key is made of; other keys of this profile are derived from them. */
export function deviceSeed({ peerKey }: DeviceKey): Uint8Array {
  return seedOf(peerKey)
}

/** An Ed25519 key as libp2p holds it is the 32-byte seed followed by the public key. */
function seedOf(key: Ed25519PrivateKey): Uint8Array {
  return key.raw.subarray(0, KEY_BYTES)
}

function plainFile(key: Ed25519PrivateKey): KeyFile {
  return { v: 1, kind: 'plain', seed: toHex(seedOf(key)), peerId: key.publicKey.toString() }
}

async function sealedFile(key: Ed25519PrivateKey, secret: string): Promise<KeyFile> {
  const salt = randomBytes(32)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await derive(secret, salt), iv).setAAD(ASSOCIATED_DATA)
  const text = Buffer.concat([cipher.update(seedOf(key)), cipher.final()])
  return {
    v: 1,
    kind: 'sealed',
    kdf: { name: 'scrypt', ...SCRYPT, salt: toHex(salt) },
    cipher: { name: 'aes-256-gcm', iv: toHex(iv), tag: toHex(cipher.getAuthTag()), text: toHex(text) },
    peerId: key.publicKey.toString(),
  }
}

async function unseal(file: KeyFile & { kind: 'sealed' }, passphrase: Passphrase | undefined): Promise<Uint8Array> {
  const secret = typeof passphrase === 'function' ? await passphrase() : (passphrase ?? '')
  if (secret === '') {
    throw new StudioError(
      'passphrase-needed',
      'The key of this profile is sealed. Give its passphrase (in the variable WE_PASSPHRASE or at the prompt).',
    )
  }
  const key = await derive(secret, Buffer.from(file.kdf.salt, 'hex'))
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.cipher.iv, 'hex'))
    .setAAD(ASSOCIATED_DATA)
    .setAuthTag(Buffer.from(file.cipher.tag, 'hex'))
  try {
    return Buffer.concat([decipher.update(Buffer.from(file.cipher.text, 'hex')), decipher.final()])
  } catch {
    throw new StudioError(
      'passphrase-wrong',
      'This passphrase does not open the key of this profile. Nothing was changed; try again.',
    )
  }
}

const scryptOnPool = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt)

/** NFC, so that the same words typed on another system give the same key. */
function derive(secret: string, salt: Uint8Array): Promise<Buffer> {
  return scryptOnPool(secret.normalize('NFC'), salt, 32, { ...SCRYPT, maxmem: SCRYPT_MEMORY })
}

async function readKeyFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw unreadable(path, error)
  }
}

function parseKeyFile(path: string, text: string): KeyFile {
  try {
    return KeyFile.parse(JSON.parse(text))
  } catch {
    throw broken(path) // no cause: a parser's message may quote the file
  }
}

function broken(path: string): StudioError {
  return new StudioError(
    'device-key-broken',
    `The key file ${path} is damaged and was left as it is. Put a backup in its place, or move it away to get a new identity.`,
  )
}

function unreadable(path: string, cause: unknown): StudioError {
  return new StudioError(
    'device-key-unreadable',
    `The key file ${path} can not be read or written (${codeOf(cause) ?? 'unknown error'}). Check the permissions of the folder.`,
    { cause },
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
