import { z } from 'zod'
import { Address } from '../money/address'
import { ContractName } from '../money/contract-name'

/** A ledger for which the wallet may sign, and the only contracts that it may sign for there. */
export const WalletNetwork = z.object({
  /** EIP-155. */
  chainId: z.bigint().positive(),
  name: z.string().min(1).max(60),
  /** `local`: test value, no fees. `rpc`: a real chain. */
  kind: z.enum(['local', 'rpc']),
  contracts: z.partialRecord(ContractName, Address),
  /** `TestFaucet`; local ledgers only. */
  faucet: Address.nullable(),
  /** What fees are paid in: "ETH"; absent where it is not known or nothing costs a fee. */
  coin: z.string().max(12).optional(),
})
export type WalletNetwork = z.infer<typeof WalletNetwork>
