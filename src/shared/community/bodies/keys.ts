import { z } from 'zod'
import { Account, Count, Digest, TimeSeconds, WalletSignature } from '../body-fields'

/** An account lets a device write for it: the fields of `SignedKeyGrant`, as signed (EIP-712, "WE Identity"). */
export const KeyGrantBody = z.strictObject({
  account: Account,
  device: Digest,
  x25519: Digest,
  scopes: z.string().max(200),
  notBefore: TimeSeconds,
  expires: TimeSeconds,
  nonce: Count,
  signature: WalletSignature,
})

/** Entries of the device above `lastN` are refused; `lastId` is the CID of that entry, in bytes as 0x.., `0x` for none. */
export const KeyRevokeBody = z.strictObject({
  account: Account,
  device: Digest,
  lastN: Count,
  lastId: z.string().regex(/^0x(?:[0-9a-f]{72})?$/),
  signature: WalletSignature,
})
