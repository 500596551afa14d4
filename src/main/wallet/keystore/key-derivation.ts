import { scrypt as scryptInWasm } from 'hash-wasm'
import { pbkdf2, scrypt, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'

export type KeyDerivation =
  | { kdf: 'scrypt'; n: number; r: number; p: number; salt: Uint8Array }
  | { kdf: 'pbkdf2'; iterations: number; salt: Uint8Array }

const onPool = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Buffer>(scrypt)
const pbkdf2OnPool = promisify(pbkdf2)

/**
 * The key that a passphrase gives, on libuv's pool, so that nothing in this process waits for it (ethers' own scrypt is a
 * little faster in Electron but takes the event loop for half a second in slices).
 */
export async function deriveKey(password: Uint8Array, derivation: KeyDerivation, bytes: number): Promise<Buffer> {
  if (derivation.kdf === 'pbkdf2') {
    return pbkdf2OnPool(password, derivation.salt, derivation.iterations, bytes, 'sha256')
  }
  const { n, r, p, salt } = derivation
  // OpenSSL holds to RFC 7914's N < 2^(128 r / 8); some wallets do not.
  if (n >= 2 ** (16 * r)) {
    const work = { password, salt, costFactor: n, blockSize: r, parallelism: p, hashLength: bytes }
    return Buffer.from(await scryptInWasm({ ...work, outputType: 'binary' }))
  }
  return onPool(password, salt, bytes, { N: n, r, p, maxmem: 128 * r * (n + p + 2) + (1 << 20) })
}
