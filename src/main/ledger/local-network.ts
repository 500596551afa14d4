import { ZeroHash } from 'ethers'
import type { Eip1193, Eip1193Call } from '@shared/ledger/eip-1193'
import type { LedgerNetwork, PinnedContracts } from '@shared/ledger/ledger-network'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import { ContractName } from '@shared/money/contract-name'
import type { LocalLedgers } from './embedded/local-ledgers'
import type { IndexSource } from './index/index-source'
import { codeHashAt } from './rpc/code-pins'

/** What an embedded ledger says of itself. */
export interface LocalLedger extends Eip1193 {
  readonly chainId: bigint
  /** By name: those of its genesis. */
  readonly contracts: ReadonlyMap<string, string>
}

/** A ledger of ours as a network: its genesis says which contracts it has, and this computer executes every block. */
export class LocalNetwork implements SigningLedger, IndexSource {
  readonly kind = 'local'
  readonly firstBlock = 0
  readonly contracts: ReadonlyMap<string, string>

  private constructor(
    private readonly ledger: LocalLedger,
    readonly network: LedgerNetwork,
  ) {
    const names = [...ledger.contracts].map(([name, address]) => [
      address.toLowerCase(),
      name.endsWith('Vesting') ? 'AllocationVesting' : name,
    ])
    this.contracts = new Map(names as [string, string][])
  }

  static async open(ledger: LocalLedger, name: string): Promise<LocalNetwork> {
    const contracts: PinnedContracts = {}
    for (const contract of ContractName.options) {
      const address = ledger.contracts.get(contract)?.toLowerCase()
      if (address === undefined) continue
      contracts[contract] = { address, codeHash: (await codeHashAt(ledger, address)) ?? ZeroHash }
    }
    return new LocalNetwork(ledger, { kind: 'local', chainId: ledger.chainId, name, contracts, firstBlock: 0 })
  }

  request(call: Eip1193Call): Promise<unknown> {
    return this.ledger.request(call)
  }

  /** Nothing can differ here: each block was executed by this computer. */
  checkBeforeSigning(): Promise<void> {
    return Promise.resolve()
  }
}

/** The ledger of this profile as a network; made at first need. */
export async function homeNetwork(ledgers: LocalLedgers): Promise<LocalNetwork> {
  const { chainId, contracts } = await ledgers.home()
  return LocalNetwork.open(
    {
      ...{ chainId: BigInt(chainId), contracts: new Map(Object.entries(contracts)) },
      request: (call) => ledgers.request('home', call),
    },
    'Local ledger',
  )
}
