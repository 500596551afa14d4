import { StudioError } from '@shared/errors'
import { chainIdOf } from '@shared/ledger/genesis'
import { networkKey } from '@shared/ledger/ledger-network'
import type { NetworkInfo } from '@shared/ledger/ledger-state'
import { ContractName } from '@shared/money/contract-name'
import type { LocalLedgers } from '../embedded/local-ledgers'
import { LocalNetwork } from '../local-network'

/** Ledgers of others that this computer keeps a copy of, by the lives that were watched. */
export interface FollowedLedgers {
  list(): Promise<NetworkInfo[]>
  /** By key; its blocks so far are here also while its host is away. */
  open(key: string): Promise<LocalNetwork>
}

export function followedLedgers(ledgers: LocalLedgers): FollowedLedgers {
  const known = async (): Promise<Map<string, string>> =>
    new Map((await ledgers.keptIds()).map((id) => [networkKey({ kind: 'local', chainId: chainOf(id) }), id]))
  return {
    async list() {
      return [...(await known())].map(([key, id]) => ({
        ...{ key, kind: 'local' as const, name: nameOf(id), chainId: chainOf(id), hosts: [] },
        contracts: [...ContractName.options], // those of every genesis of ours
      }))
    },
    async open(key) {
      const id = (await known()).get(key)
      if (id === undefined) throw new StudioError('no-network', 'This ledger is not kept here any more.')
      const { chainId, contracts } = await ledgers.follow(id)
      const ledger = {
        ...{ chainId: BigInt(chainId), contracts: new Map(Object.entries(contracts)) },
        request: (call: Parameters<LocalLedgers['request']>[1]) => ledgers.request(id, call),
      }
      return LocalNetwork.open(ledger, nameOf(id))
    },
  }
}

function chainOf(id: string): bigint {
  return BigInt(chainIdOf(Buffer.from(id, 'hex')))
}

/** Local ledgers are all called alike, so their genesis tells them apart. */
function nameOf(id: string): string {
  return `Ledger of a live (${id.slice(0, 8)})`
}
