import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Sign, Verify } from '@shared/live/signed-record'

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Signs with Node's own Ed25519 (29 us, live.md 7). `raw`: seed and public key, 32 bytes each, as libp2p keeps them. */
export function ed25519Signer(raw: Uint8Array): Sign {
  const key = createPrivateKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', d: base64url(raw.subarray(0, 32)), x: base64url(raw.subarray(32, 64)) },
  })
  return (payload) => new Uint8Array(sign(null, payload, key))
}

/** A key object costs 40 us to make and about 1 kB to keep. */
const CACHED_KEYS = 1_024
const keys = new Map<string, KeyObject>()

/** Verifies with Node's own Ed25519 (66 to 110 us); key objects are kept. */
export const verifyEd25519: Verify = (publicKey, payload, signature) => {
  try {
    return verify(null, payload, publicKeyObject(publicKey), signature)
  } catch {
    return false // not a point on the curve
  }
}

/** The same on libuv's threads, so that many signatures use all cores; the calling thread pays 8 us for each. */
export function verifyEd25519Aside(
  publicKey: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      verify(null, payload, publicKeyObject(publicKey), signature, (error, holds) => resolve(error === null && holds))
    } catch {
      resolve(false)
    }
  })
}

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
