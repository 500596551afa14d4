import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { StudioError } from '@shared/errors'

const NONCE = 12
const TAG = 16

/**
 * Seals what lies on disk: AES-256-GCM, a random nonce of 12 bytes in front, the tag of 16 at the end. `place` (table
 * and row) is authenticated with it, so that sealed values cannot change places. Random nonces hold for about 2^32
 * values under one key (NIST SP 800-38D, 8.3).
 */
export class Vault {
  readonly #key: Uint8Array

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new Error(`a vault key of ${key.length} bytes in place of 32`)
    this.#key = Uint8Array.from(key)
  }

  seal(plain: Uint8Array, place: string): Uint8Array {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place))
    return new Uint8Array(Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
  }

  /** Throws StudioError `messages-sealed`. */
  open(sealed: Uint8Array, place: string): Uint8Array {
    try {
      const cipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE)).setAAD(Buffer.from(place))
      cipher.setAuthTag(sealed.subarray(-TAG))
      const plain = cipher.update(sealed.subarray(NONCE, -TAG))
      return new Uint8Array(Buffer.concat([plain, cipher.final()]))
    } catch (cause) {
      throw new StudioError(
        'messages-sealed',
        'Your messages on this computer were sealed with another key, or the file was changed. Unlock the wallet they belong to, or put a backup of the file in its place.',
        { cause },
      )
    }
  }
}
