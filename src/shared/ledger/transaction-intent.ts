import { z } from 'zod'
import { Address } from '../money/address'

const Hex = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})*$/)
  .max(2 + 2 * 128 * 1024)

/** What shall happen on a ledger, once. The queue chooses nonce, gas and fees. */
export const TransactionIntent = z.object({
  /** Chosen by who asks, e.g. a UUID: the same id is never executed twice, whatever happens in between. */
  id: z.string().min(1).max(100),
  to: Address,
  data: Hex,
  /** Of the chain's coin, in wei; 0 for everything of WE. */
  value: z.bigint().nonnegative(),
  /** For the list of what is under way: "Deposit of 50 WE". */
  words: z.string().max(300),
})
export type TransactionIntent = z.infer<typeof TransactionIntent>

/** Exactly what is to be signed: EIP-1559, type 2. Fees are 0 on a ledger without a gas price. */
export interface UnsignedTransaction {
  readonly type: 2
  readonly chainId: bigint
  readonly nonce: number
  readonly to: Address
  readonly data: string
  readonly value: bigint
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Who signs for an account: the wallet, after its own checks and, where needed, the person's yes. */
export interface TransactionSigner {
  readonly address: Address
  /** The signed transaction, 0x. Throws a StudioError when the person or a rule says no. */
  signTransaction(transaction: UnsignedTransaction, words: string): Promise<string>
}

/** How an intent ended. `not-sent` means: it has not happened and never will; a new try needs a new id. */
export const TransactionOutcome = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('mined'),
    hash: z.string(),
    block: z.int(),
    gasUsed: z.bigint(),
    /** It is in a block, but the contract refused it: nothing has changed except the fee. */
    reverted: z.boolean(),
  }),
  z.object({ state: z.literal('not-sent'), code: z.string(), message: z.string() }),
])
export type TransactionOutcome = z.infer<typeof TransactionOutcome>
