import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'

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
