import { z } from 'zod'

/**
 * An account or a contract: 20 bytes as 0x and 40 hex digits. Inside the app always lower case, so that equal
 * accounts are equal strings; the checksummed form (EIP-55) is for people. Mixed case from outside is lowered here.
 */
export const Address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase())
export type Address = z.infer<typeof Address>

export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`

/** 32 bytes as 0x and 64 hex digits, lower case: hashes, ids. */
export const Bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase())
export type Bytes32 = z.infer<typeof Bytes32>

export const ZERO_BYTES32: Bytes32 = `0x${'00'.repeat(32)}`
