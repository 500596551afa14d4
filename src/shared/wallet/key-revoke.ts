import { verifyTypedData } from 'ethers'
import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'
import { IDENTITY_DOMAIN, TYPED_DATA } from './typed-data'

/** An account takes a device back; signed by the account as EIP-712 `KeyRevoke`. */
export const SignedKeyRevoke = z.strictObject({
  account: Address,
  /** Ed25519 public key of the device. */
  device: Bytes32,
  /** Number of the last entry that still holds. */
  lastN: z.int().min(0),
  /** The 36 bytes of its CID as 0x and hex digits; `0x` when not one entry holds. */
  lastId: z.string().regex(/^0x([0-9a-f]{72})?$/),
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
})
export type SignedKeyRevoke = z.infer<typeof SignedKeyRevoke>

/** Whether its account signed a revocation. Never throws. */
export function isSignedRevoke({ signature, ...message }: SignedKeyRevoke): boolean {
  try {
    const signer = verifyTypedData(IDENTITY_DOMAIN, { KeyRevoke: [...TYPED_DATA.KeyRevoke] }, message, signature)
    return signer.toLowerCase() === message.account
  } catch {
    return false
  }
}
