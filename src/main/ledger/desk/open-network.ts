import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EntryVerifier } from '@shared/ledger/ledger-entry'
import { networkKey, type LedgerNetwork } from '@shared/ledger/ledger-network'
import type { NetworkInfo } from '@shared/ledger/ledger-state'
import type { RpcNetworkEntry } from '@shared/ledger/rpc-network'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import { ContractName } from '@shared/money/contract-name'
import type { IndexSource } from '../index/index-source'
import { LedgerIndex, type BlockRow } from '../index/ledger-index'
import type { LocalNetwork } from '../local-network'
import { hostsOf, type RealChains } from '../rpc/real-chains'

/** A network in use: the ledger, what its index is built from, and the index. */
export interface OpenNetwork {
  readonly key: string
  readonly ledger: SigningLedger
  readonly source: IndexSource
  readonly index: LedgerIndex
  verifier(block: BlockRow): EntryVerifier
}

/** The index needs the ledger only to go on: an index that is there can be read before the ledger answers. */
export function openIndex(dir: string, network: LedgerNetwork): LedgerIndex {
  const pins = ContractName.options.map((name) => network.contracts[name]?.address ?? '')
  return new LedgerIndex(join(dir, 'index', `${networkKey(network)}.sqlite`), [networkKey(network), ...pins].join(' '))
}

/** Nobody may have it open. */
export async function removeIndex(dir: string, key: string): Promise<void> {
  const path = join(dir, 'index', `${key}.sqlite`)
  await Promise.all(['', '-wal', '-shm'].map((end) => rm(path + end, { force: true })))
}

export function openLocal(network: LocalNetwork, index: LedgerIndex): OpenNetwork {
  return {
    ...{ key: networkKey(network.network), ledger: network, source: network, index },
    verifier: ({ authority }) => ({ how: 'executed', authority }),
  }
}

/** Rejects as `RpcNetwork.open` does. */
export async function openRpc(entry: RpcNetworkEntry, index: LedgerIndex, chains: RealChains): Promise<OpenNetwork> {
  const ledger = await chains.open(networkKey(entry))
  const contracts = new Map(
    ContractName.options.flatMap((name) => {
      const pin = entry.contracts[name]
      return pin === undefined ? [] : [[pin.address, name] as const]
    }),
  )
  const source: IndexSource = {
    ...{ kind: 'rpc', contracts, firstBlock: entry.firstBlock },
    request: (call) => ledger.request(call),
  }
  return {
    ...{ key: networkKey(entry), ledger, source, index },
    verifier: () => ({ how: 'told', hosts: ledger.hosts }),
  }
}

export function networkInfo(network: LedgerNetwork | RpcNetworkEntry): NetworkInfo {
  return {
    ...{ key: networkKey(network), kind: network.kind, name: network.name, chainId: network.chainId },
    hosts: 'rpcUrl' in network ? hostsOf(network) : [],
    contracts: ContractName.options.filter((name) => network.contracts[name] !== undefined),
  }
}
