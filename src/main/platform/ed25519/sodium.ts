import { createRequire } from 'node:module'

/** What we use of libsodium. All bytes are read in place; lengths must be right, or it throws. */
export interface Sodium {
  /** Into `signature` (64 bytes), by `secretKey` (seed and public key, 32 bytes each). */
  crypto_sign_detached: (signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array) => void
  crypto_sign_verify_detached: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean
  /** Into `publicKey` (32 bytes) and `secretKey` (64 bytes), by `seed` (32 bytes). */
  crypto_sign_seed_keypair: (publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array) => void
}

/**
 * libsodium 1.0.21 of the package sodium-native; null where there is no prebuilt library for this system, and with
 * `WE_NO_SODIUM`. Loaded once, when this module is.
 */
export const sodium: Sodium | null = load()

function load(): Sodium | null {
  if (process.env['WE_NO_SODIUM'] !== undefined) return null
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium
  } catch {
    return null // slower, with the same verdicts
  }
}
