import { computeAddress, keccak256 } from 'ethers'
import { createCipheriv, createDecipheriv, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { deriveKey, type KeyDerivation } from './key-derivation'
import { DEFAULT_PATH } from './mnemonic'
import type { WalletSecret } from './wallet-secret'

/** Cost of scrypt: half a second and 128 MiB. */
export const KEYSTORE_N = 131_072
/** The same for a file that leaves this computer. */
export const EXPORT_N = 262_144
/** A planted file must not ask for a terabyte or for an hour: 128 * n * r bytes at most. */
const MAX_MEMORY = 1 << 30
const MAX_ITERATIONS = 10_000_000
const MAX_FILE = 64 << 10

const hex = (min: number, max = min) =>
  z
    .string()
    .regex(new RegExp(`^(0x)?([0-9a-fA-F]{2}){${min},${max}}$`))
    .transform((text) => Buffer.from(text.replace(/^0x/, ''), 'hex'))
const powerOfTwo = z.int().refine((n) => n >= 2 && n <= 1 << 24 && (n & (n - 1)) === 0)
const salt = hex(1, 128)
const dklen = z.int().min(32).max(64)

/** Web3 Secret Storage, version 3; other wallets add fields of their own, which are left alone. */
const Keystore = z.object({
  version: z.literal(3),
  address: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{40}$/)
    .optional(),
  crypto: z.intersection(
    z.object({
      cipher: z.literal('aes-128-ctr'),
      cipherparams: z.object({ iv: hex(16) }),
      ciphertext: hex(32),
      mac: hex(32),
    }),
    z.discriminatedUnion('kdf', [
      z.object({
        kdf: z.literal('scrypt'),
        kdfparams: z
          .object({ n: powerOfTwo, r: z.int().min(1).max(64), p: z.int().min(1).max(16), salt, dklen })
          .refine(({ n, r }) => 128 * n * r <= MAX_MEMORY),
      }),
      z.object({
        kdf: z.literal('pbkdf2'),
        kdfparams: z.object({
          c: z.int().min(1).max(MAX_ITERATIONS),
          prf: z.literal('hmac-sha256'),
          salt,
          dklen,
        }),
      }),
    ]),
  ),
  /** ethers' part with the words, encrypted under further bytes of the same key. */
  'x-ethers': z
    .object({
      mnemonicCounter: hex(16),
      mnemonicCiphertext: hex(16, 32),
      path: z.string().max(100).default(DEFAULT_PATH),
      locale: z.literal('en').default('en'),
    })
    .optional()
    .catch(undefined),
})
type Keystore = z.infer<typeof Keystore>

/** Encrypts an account as a keystore V3 file, words included; text of JSON. */
export async function encryptKeystore(
  secret: WalletSecret,
  passphrase: string,
  { n = KEYSTORE_N, now = new Date() }: { n?: number; now?: Date } = {},
): Promise<string> {
  const address = computeAddress(secret.privateKey)
  const bare = address.slice(2).toLowerCase()
  const kdfparams = { n, r: 8, p: 1, dklen: 32, salt: randomBytes(32) }
  const key = await deriveKey(passwordBytes(passphrase), { kdf: 'scrypt', ...kdfparams }, 64)
  const iv = randomBytes(16)
  const ciphertext = ctr('aes-128-ctr', key.subarray(0, 16), iv, Buffer.from(secret.privateKey.slice(2), 'hex'))
  const file = {
    address: bare,
    id: randomUUID(),
    version: 3,
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams: { ...kdfparams, salt: kdfparams.salt.toString('hex') },
      mac: macOf(key, ciphertext).toString('hex'),
    },
    ...(secret.mnemonic === undefined ? {} : { 'x-ethers': sealWords(secret.mnemonic, key, bare, now) }),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/**
 * Opens a keystore V3 file, ours or another wallet's (scrypt or PBKDF2).
 * @throws StudioError `keystore-broken`, `passphrase-wrong`
 */
export async function decryptKeystore(text: string, passphrase: string): Promise<WalletSecret> {
  const file = parse(text)
  const { ciphertext, cipherparams, mac } = file.crypto
  let key: Buffer | null = null
  // Normalised as ethers and we write it, then as typed: other programs take the bytes as they come.
  for (const bytes of [passwordBytes(passphrase), Buffer.from(passphrase)]) {
    const candidate = await deriveKey(bytes, derivationOf(file), file['x-ethers'] === undefined ? 32 : 64)
    if (timingSafeEqual(macOf(candidate, ciphertext), mac)) {
      key = candidate
      break
    }
    if (passphrase.normalize('NFKC') === passphrase) break
  }
  if (key === null) {
    throw new StudioError(
      'passphrase-wrong',
      'That passphrase does not open this account. Nothing was changed; try again.',
    )
  }
  const privateKey = `0x${ctr('aes-128-ctr', key.subarray(0, 16), cipherparams.iv, ciphertext).toString('hex')}`
  const words = file['x-ethers']
  const secret: WalletSecret = words === undefined ? { privateKey } : { privateKey, mnemonic: openWords(words, key) }
  const expected = file.address?.replace(/^0x/, '').toLowerCase()
  if (expected !== undefined && addressOf(secret) !== `0x${expected}`) throw broken()
  return secret
}

/** The address that the file names, lower case; null when it names none. @throws StudioError `keystore-broken` */
export function keystoreAddress(text: string): string | null {
  const { address } = parse(text)
  return address === undefined ? null : `0x${address.replace(/^0x/, '').toLowerCase()}`
}

/** The account's address, lower case. @throws StudioError `keystore-broken` when the key is none of the curve */
export function addressOf({ privateKey }: WalletSecret): string {
  try {
    return computeAddress(privateKey).toLowerCase()
  } catch {
    throw broken() // no cause: it may quote the key
  }
}

function parse(text: string): Keystore {
  try {
    if (text.length > MAX_FILE) throw new RangeError('too long')
    const file = lowerNames(JSON.parse(text)) as Record<string, unknown>
    return Keystore.parse(file)
  } catch {
    throw broken()
  }
}

/** Some wallets write `Crypto`. */
function lowerNames(file: unknown): unknown {
  if (typeof file !== 'object' || file === null) return file
  return Object.fromEntries(Object.entries(file).map(([name, value]: [string, unknown]) => [name.toLowerCase(), value]))
}

/** NFKC as ethers does, so that the same words typed on another system open it. */
function passwordBytes(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFKC'))
}

function derivationOf({ crypto }: Keystore): KeyDerivation {
  if (crypto.kdf === 'scrypt') return { kdf: 'scrypt', ...crypto.kdfparams }
  return { kdf: 'pbkdf2', iterations: crypto.kdfparams.c, salt: crypto.kdfparams.salt }
}

function macOf(key: Buffer, ciphertext: Buffer): Buffer {
  return Buffer.from(keccak256(Buffer.concat([key.subarray(16, 32), ciphertext])).slice(2), 'hex')
}

function ctr(cipher: 'aes-128-ctr' | 'aes-256-ctr', key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const stream = cipher === 'aes-128-ctr' ? createCipheriv(cipher, key, iv) : createDecipheriv(cipher, key, iv)
  return Buffer.concat([stream.update(data), stream.final()])
}

function sealWords(mnemonic: NonNullable<WalletSecret['mnemonic']>, key: Buffer, bare: string, now: Date) {
  const counter = randomBytes(16)
  const entropy = Buffer.from(mnemonic.entropy.slice(2), 'hex')
  const stamp = now
    .toISOString()
    .replace(/\.\d+Z$/, '.0Z')
    .replaceAll(':', '-')
  return {
    client: 'we-studio',
    gethFilename: `UTC--${stamp}--${bare}`,
    path: mnemonic.path,
    locale: 'en',
    mnemonicCounter: counter.toString('hex'),
    mnemonicCiphertext: ctr('aes-256-ctr', key.subarray(32, 64), counter, entropy).toString('hex'),
    version: '0.1',
  }
}

function openWords(words: NonNullable<Keystore['x-ethers']>, key: Buffer): NonNullable<WalletSecret['mnemonic']> {
  const entropy = ctr('aes-256-ctr', key.subarray(32, 64), words.mnemonicCounter, words.mnemonicCiphertext)
  return { entropy: `0x${entropy.toString('hex')}`, path: words.path }
}

function broken(): StudioError {
  return new StudioError(
    'keystore-broken',
    'This is no keystore file (version 3), or it is damaged. It was left as it is; use another copy or your backup words.',
  )
}
