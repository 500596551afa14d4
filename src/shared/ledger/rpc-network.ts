import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'
import { ContractName } from '../money/contract-name'
import { LedgerNetwork } from './ledger-network'

/** Of an RPC node; it may hold a key of the person, so it is shown by its host only. */
export const RpcUrl = z.string().trim().min(1).max(500)

/** A real chain that the person has added. */
export const RpcNetworkEntry = LedgerNetwork.extend({
  kind: z.literal('rpc'),
  rpcUrl: RpcUrl,
  /** A node of somebody else that must say the same; null: none. */
  secondRpcUrl: RpcUrl.nullable(),
})
export type RpcNetworkEntry = z.infer<typeof RpcNetworkEntry>

/** An added chain without its nodes' addresses, which may hold a key: only their hosts. */
export interface AddedChain {
  readonly network: LedgerNetwork
  readonly hosts: readonly string[]
}

/**
 * The contracts of a network as they are handed round in a file: an address each, and the code's hash where it is
 * known. Without a hash, the code that is there when the network is added is what is trusted from then on.
 */
export const ContractList = z.object({
  contracts: z.partialRecord(ContractName, z.object({ address: Address, codeHash: Bytes32.optional() })),
  chainId: z.union([z.int().positive(), z.string().regex(/^\d{1,20}$/)]).optional(),
  coin: LedgerNetwork.shape.coin,
  firstBlock: z.int().min(0).default(0),
})
export type ContractList = z.infer<typeof ContractList>

/** What a person gives to add a real chain. */
export const NewRpcNetwork = z.object({
  name: z.string().trim().min(1).max(60),
  rpcUrl: RpcUrl,
  secondRpcUrl: RpcUrl.nullable(),
  list: ContractList,
})
export type NewRpcNetwork = z.infer<typeof NewRpcNetwork>
