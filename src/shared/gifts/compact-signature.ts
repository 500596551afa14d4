import { keccak256, Signature, SigningKey } from 'ethers/crypto'
import type { Address, Bytes32 } from '../money/address'
import { bytesToBig, bytesToHex, hexToBytes } from './hex-bytes'

/** EIP-2098: r, then s with the parity of y in its highest bit. */
export const COMPACT_BYTES = 64

/** Half of the order of secp256k1, above which s is malleable (EIP-2). */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const PARITY_BIT = 2n ** 255n

/** Short form of a signature of 65 bytes (hex, r s v). Throws for one that is none, or whose s is high. */
export function compactSignature(signature: string): Uint8Array {
  return hexToBytes(Signature.from(signature).compactSerialized)
}

/** Long form, hex of 65 bytes. Throws for bytes that are no signature. */
export function longSignature(compact: Uint8Array): string {
  return Signature.from(bytesToHex(compact)).serialized
}

/**
 * Who signed the digest; null when the bytes are no signature or a malleable one (high s). For equal digest and signer
 * exactly one form is accepted.
 */
export function recoverSigner(digest: Bytes32, compact: Uint8Array): Address | null {
  if (compact.length !== COMPACT_BYTES) return null
  const s = bytesToBig(compact.subarray(32)) & (PARITY_BIT - 1n)
  if (s === 0n || s > HALF_ORDER) return null
  try {
    const key = SigningKey.recoverPublicKey(digest, Signature.from(bytesToHex(compact)))
    return `0x${keccak256(hexToBytes(key).subarray(1)).slice(-40)}`
  } catch {
    return null // r is no point of the curve
  }
}
