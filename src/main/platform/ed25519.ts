import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { setImmediate as otherWork } from 'node:timers/promises'
import type { Sign, Verify } from '@shared/live/signed-record'
import { AT_ONCE, SignatureKernel, type SignedText } from './ed25519/signature-kernel'
import { sodium, type Sodium } from './ed25519/sodium'
import { isWellFormed } from './ed25519/well-formed'

const SEED_BYTES = 32

/** Signs: 18 to 25 us with libsodium, 29 to 40 without. `raw`: seed and public key, 32 bytes each, as libp2p keeps them. */
export const ed25519Signer: (raw: Uint8Array) => Sign = sodium === null ? nodeSigner : sodiumSigner(sodium)

/**
 * Verifies: 53 to 62 us with libsodium, 113 to 133 with Node's OpenSSL, 56 with Electron's BoringSSL. All give the same verdict
 * on everything: see the note One verdict. Never throws.
 */
export const verifyEd25519: Verify = sodium === null ? nodeVerify : sodiumVerify(sodium)

let kernel: SignatureKernel | null = null

/**
 * From now on many signatures of one key cost this process half as much. `path`: `resources/kernel/ed25519.wasm`; when that
 * is missing or does not run here, `log` gets a line, and all goes on as before.
 */
export function useSignatureKernel(path: string, log: (line: string) => void): void {
  try {
    kernel = SignatureKernel.load(path)
  } catch (error) {
    log(`signatures are verified one by one, slower: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Index of the first text that was not signed by this key; -1: all were. After each 200 (5 to 12 ms) others may have the
 * thread.
 */
export async function firstForged(publicKey: Uint8Array, signed: readonly SignedText[]): Promise<number> {
  for (let from = 0; from < signed.length; from += AT_ONCE) {
    if (from > 0) await otherWork()
    const some = signed.slice(from, from + AT_ONCE)
    const sure = kernel?.verify(publicKey, some)
    const forged = some.findIndex(
      ({ payload, signature }, at) => sure?.[at] !== true && !verifyEd25519(publicKey, payload, signature),
    )
    if (forged >= 0) return from + forged
  }
  return -1
}

/** By libsodium. */
export function sodiumVerify({ crypto_sign_verify_detached }: Sodium): Verify {
  // It checks by itself all that isWellFormed does, except lengths.
  return (publicKey, payload, signature) =>
    publicKey.length === 32 && signature.length === 64 && crypto_sign_verify_detached(signature, payload, publicKey)
}

export function sodiumSigner({ crypto_sign_detached, crypto_sign_seed_keypair }: Sodium): (raw: Uint8Array) => Sign {
  return (raw) => {
    const secret = Buffer.alloc(64)
    // Its own public half: signatures over two different ones give the secret away.
    crypto_sign_seed_keypair(Buffer.alloc(32), secret, raw.subarray(0, SEED_BYTES))
    return (payload) => {
      const signature = new Uint8Array(64)
      crypto_sign_detached(signature, payload, secret)
      return signature
    }
  }
}

/** By Node's own Ed25519: where libsodium is not. */
export function nodeVerify(publicKey: Uint8Array, payload: Uint8Array, signature: Uint8Array): boolean {
  if (!isWellFormed(publicKey, signature)) return false
  try {
    return verify(null, payload, publicKeyObject(publicKey), signature)
  } catch {
    return false // not a point on the curve
  }
}

export function nodeSigner(raw: Uint8Array): Sign {
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      ...{ kty: 'OKP', crv: 'Ed25519' },
      ...{ d: base64url(raw.subarray(0, SEED_BYTES)), x: base64url(raw.subarray(SEED_BYTES, 64)) },
    },
  })
  return (payload) => new Uint8Array(sign(null, payload, key))
}

/** A key object costs 40 us to make and about 1 kB to keep. */
const CACHED_KEYS = 1_024
const keys = new Map<string, KeyObject>()

function publicKeyObject(raw: Uint8Array): KeyObject {
  const x = base64url(raw)
  let key = keys.get(x)
  if (key === undefined) {
    key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    const oldest = keys.keys().next()
    if (keys.size >= CACHED_KEYS && !oldest.done) keys.delete(oldest.value)
    keys.set(x, key)
  }
  return key
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
