import type { LedgerNetwork } from '@shared/ledger/ledger-network'
import type { AddedChain, RpcNetworkEntry } from '@shared/ledger/rpc-network'
import type { NetworkBook } from './network-book'
import { rpcHost } from './rpc-address'
import { RpcNetwork, type RpcNetworkOptions } from './rpc-network'

/** The real chains in the person's list, each connected at first need and then shared by all who use it. */
export class RealChains {
  readonly #open = new Map<string, Promise<RpcNetwork>>()

  constructor(
    private readonly book: NetworkBook,
    private readonly options: RpcNetworkOptions = {},
  ) {}

  list(): AddedChain[] {
    return this.book.networks.map((entry) => ({ network: withoutNodes(entry), hosts: hostsOf(entry) }))
  }

  /** Connected, its chain id and contracts checked. Rejects as `RpcNetwork.open` does, or with `no-network`. */
  async open(key: string): Promise<RpcNetwork> {
    const entry = this.book.find(key)
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const opening = RpcNetwork.open(entry, this.options)
    this.#open.set(key, opening)
    opening.catch(() => this.#open.delete(key)) // the next one tries again
    return opening
  }

  /** It left the list. */
  forget(key: string): void {
    this.#open.delete(key)
  }
}

function withoutNodes(entry: RpcNetworkEntry): LedgerNetwork {
  const { kind, chainId, name, contracts, firstBlock, coin } = entry
  return { kind, chainId, name, contracts, firstBlock, ...(coin === undefined ? {} : { coin }) }
}

/** Of each node's address only the host. */
export function hostsOf({ rpcUrl, secondRpcUrl }: RpcNetworkEntry): string[] {
  return [rpcUrl, secondRpcUrl].flatMap((url) => (url === null ? [] : [rpcHost(url)]))
}
