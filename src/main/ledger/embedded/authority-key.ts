import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak256 } from './keccak'

/** A key that makes blocks. It owns nothing on the ledger. */
export interface AuthorityKey {
  /** 20 bytes. */
  readonly address: Uint8Array
  /** 65 bytes: r, s, recovery id, over a 32-byte hash. */
  sign(hash: Uint8Array): Uint8Array
}

/** From 32 secret bytes; throws when they are no key of the curve. */
export function authorityKey(secret: Uint8Array): AuthorityKey {
  const address = addressOfPublicKey(secp256k1.getPublicKey(secret, false))
  return {
    address,
    sign(hash) {
      const signed = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' }) // recovery id first
      const signature = new Uint8Array(65)
      signature.set(signed.subarray(1))
      signature[64] = signed[0]!
      return signature
    },
  }
}

export function newAuthoritySecret(): Uint8Array {
  return secp256k1.utils.randomSecretKey()
}

/** Who signed the hash, or null for what is no signature. Only the low s (EIP-2): one signature has one form. */
export function recoverSigner(hash: Uint8Array, signature: Uint8Array): Uint8Array | null {
  if (signature.length !== 65 || signature[64]! > 1) return null
  const recovered = new Uint8Array(65)
  recovered[0] = signature[64]!
  recovered.set(signature.subarray(0, 64), 1)
  try {
    const parsed = secp256k1.Signature.fromBytes(recovered, 'recovered')
    if (parsed.hasHighS()) return null
    return addressOfPublicKey(parsed.recoverPublicKey(hash).toBytes(false))
  } catch {
    return null
  }
}

/** Of the 65 bytes of an uncompressed point. */
function addressOfPublicKey(point: Uint8Array): Uint8Array {
  return keccak256(point.subarray(1)).slice(12)
}
