import {
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { x25519, x25519Public } from '../../platform/device-x25519'

const VERSION = 1
const KEY = 32
const TAG = 16
const SLOT = KEY + TAG
/** Devices of one account that can open it. */
export const MAX_DEVICES = 8
/** The length tells little of what is inside. */
const PAD_TO = 512
/** Every key encrypts once, so no nonce is needed to tell two uses apart. */
const NONCE = Buffer.alloc(12)

/**
 * A message that only the devices with these X25519 keys can read, and of which nobody learns for whom it is:
 * `[1, ephemeral key (32), n (1), n x (content key wrapped, 48), AES-256-GCM(content)]`. A content key is wrapped by
 * HKDF-SHA256(X25519(ephemeral, device), salt = both public keys) and AES-256-GCM. `context` is authenticated with all.
 * @param devices X25519 public keys, 32 bytes each, 1 to 8
 * @throws RangeError for another number of devices; Error for a key that X25519 refuses
 */
export function sealBox(text: string, devices: readonly Uint8Array[], context: string): Uint8Array {
  if (devices.length === 0 || devices.length > MAX_DEVICES) throw new RangeError(`${devices.length} devices`)
  const { privateKey } = generateKeyPairSync('x25519')
  const ephemeral = x25519Public(privateKey)
  const content = randomBytes(KEY)
  const head = Buffer.concat([Buffer.from([VERSION]), ephemeral, Buffer.from([devices.length])])
  const slots = devices.map((device) => encrypt(wrapKey(privateKey, device, ephemeral, device), content, context))
  const front = Buffer.concat([head, ...slots])
  const plain = Buffer.from(text)
  const padded = Buffer.alloc(Math.ceil((plain.length + 4) / PAD_TO) * PAD_TO)
  padded.writeUInt32BE(plain.length)
  plain.copy(padded, 4)
  return new Uint8Array(Buffer.concat([front, encrypt(content, padded, `${context}\0${front.toString('hex')}`)]))
}

/** Null: it is for somebody else, of another context, or was changed. Never throws. */
export function openBox(sealed: Uint8Array, device: KeyObject, context: string): string | null {
  const bytes = Buffer.from(sealed)
  const count = bytes[1 + KEY] ?? 0
  const from = 2 + KEY
  const until = from + count * SLOT
  if (bytes[0] !== VERSION || count === 0 || count > MAX_DEVICES || bytes.length < until + TAG) return null
  const ephemeral = bytes.subarray(1, 1 + KEY)
  const front = bytes.subarray(0, until)
  try {
    const own = wrapKey(device, ephemeral, ephemeral, x25519Public(device))
    for (let at = from; at < until; at += SLOT) {
      const content = decrypt(own, bytes.subarray(at, at + SLOT), context)
      if (content === null) continue
      const padded = decrypt(content, bytes.subarray(until), `${context}\0${front.toString('hex')}`)
      if (padded === null || padded.length < 4) return null
      return new TextDecoder('utf-8', { fatal: true }).decode(padded.subarray(4, 4 + padded.readUInt32BE()))
    }
  } catch {
    // a key that X25519 refuses, or no text
  }
  return null
}

function wrapKey(secret: KeyObject, other: Uint8Array, ephemeral: Uint8Array, device: Uint8Array): Buffer {
  const salt = Buffer.concat([ephemeral, device])
  return Buffer.from(hkdfSync('sha256', x25519(secret, other), salt, 'we-studio/sealed-box/1', KEY))
}

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, NONCE).setAAD(Buffer.from(context))
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer | null {
  const cipher = createDecipheriv('aes-256-gcm', key, NONCE).setAAD(Buffer.from(context))
  cipher.setAuthTag(sealed.subarray(-TAG))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -TAG)), cipher.final()])
  } catch {
    return null
  }
}
