import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'
import { ContractName } from '../money/contract-name'

/** A contract that is trusted at this address only while the hash (keccak256) of its code there is this one. */
export const PinnedContract = z.object({ address: Address, codeHash: Bytes32 })
export type PinnedContract = z.infer<typeof PinnedContract>

/** Not every network has all of the product's contracts. */
export const PinnedContracts = z.partialRecord(ContractName, PinnedContract)
export type PinnedContracts = z.infer<typeof PinnedContracts>

/** `local`: a ledger of ours, embedded or followed, with test value. `rpc`: a real chain behind a node's address. */
export const NetworkKind = z.enum(['local', 'rpc'])
export type NetworkKind = z.infer<typeof NetworkKind>

/** A ledger and what of it is trusted. */
export const LedgerNetwork = z.object({
  kind: NetworkKind,
  /** EIP-155. */
  chainId: z.bigint().positive(),
  name: z.string().min(1).max(60),
  contracts: PinnedContracts,
  /** What fees are paid in, as people call it: "ETH"; absent where it is not known or nothing costs a fee. */
  coin: z.string().trim().min(1).max(12).optional(),
  /** The block before which none of the contracts existed. */
  firstBlock: z.int().min(0),
})
export type LedgerNetwork = z.infer<typeof LedgerNetwork>

/** Tells networks apart, in file names too: `local-374211842111`, `rpc-8453`. */
export function networkKey({ kind, chainId }: Pick<LedgerNetwork, 'kind' | 'chainId'>): string {
  return `${kind}-${chainId}`
}
