import { createCustomCommon, Hardfork, Mainnet, type Common } from '@ethereumjs/common'
import { keccak256 } from './keccak'

/**
 * The rules of execution: Ethereum's Prague, which every ledger keeps for all its blocks. Another fork would be another
 * kind of genesis, because all who re-execute must agree.
 */
export function ledgerChain(chainId: number): Common {
  return createCustomCommon({ chainId, name: 'WE local ledger' }, Mainnet, {
    hardfork: Hardfork.Prague,
    customCrypto: { keccak256 },
  })
}
