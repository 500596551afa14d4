import { RLP } from '@ethereumjs/rlp'
import type { Genesis } from '@shared/ledger/genesis'
import { SYSTEM_SENDER } from './found-ledger'
import { keccak256 } from './keccak'

/** Address of the contract that the sender's transaction with this nonce creates (yellow paper, section 7). */
export function createdAddress(sender: Uint8Array, nonce: number): Uint8Array {
  return keccak256(RLP.encode([sender, nonce === 0 ? new Uint8Array() : nonce])).slice(12)
}

/** Where step `index` of a genesis puts its contract: each step, calls included, takes one nonce. */
export function genesisAddress(index: number): Uint8Array {
  return createdAddress(SYSTEM_SENDER, index)
}

/** Addresses of the named contracts of a genesis, lower case with 0x. */
export function genesisContracts(genesis: Genesis): Map<string, string> {
  return new Map(
    genesis.calls.flatMap(({ to, name }, index) =>
      to === null && name !== null ? [[name, `0x${Buffer.from(genesisAddress(index)).toString('hex')}`] as const] : [],
    ),
  )
}
