import { verifyTypedData } from 'ethers'
import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'
import { IDENTITY_DOMAIN, TYPED_DATA } from './typed-data'

const Seconds = z.int().min(0)

/** An account lets a device sign its records; signed by the account as EIP-712 `KeyGrant`. */
export const SignedKeyGrant = z.strictObject({
  account: Address,
  /** Ed25519 public key of the device; its libp2p peer id is made of it. */
  device: Bytes32,
  x25519: Bytes32,
  /** Words with blanks between them, e.g. `live record gift`. */
  scopes: z.string().max(200),
  notBefore: Seconds,
  expires: Seconds,
  nonce: Seconds,
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
})
export type SignedKeyGrant = z.infer<typeof SignedKeyGrant>

export const GRANT_SCOPES = 'live record gift chat'

/**
 * Whether a grant from outside is what it says: signed by its account, for this device, for the purpose, and in force.
 * Null when it is, else why not, in words for a log. Never throws.
 * @param about the device that signed a record (32 bytes hex), what it did, and when, Unix seconds
 */
export function keyGrantProblem(raw: unknown, about: { device: string; scope: string; now: number }): string | null {
  const parsed = SignedKeyGrant.safeParse(raw)
  if (!parsed.success) return 'it has another shape'
  const { signature, ...message } = parsed.data
  if (message.device !== about.device.toLowerCase()) return 'it is for another device'
  if (!message.scopes.split(' ').includes(about.scope)) return `it is not for ${about.scope}`
  if (about.now < message.notBefore) return 'it is not in force yet'
  if (about.now >= message.expires) return 'it has run out'
  try {
    const signer = verifyTypedData(IDENTITY_DOMAIN, { KeyGrant: [...TYPED_DATA.KeyGrant] }, message, signature)
    return signer.toLowerCase() === message.account ? null : 'somebody else signed it'
  } catch {
    return 'its signature is none'
  }
}
