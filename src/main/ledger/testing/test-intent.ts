import type { RpcNetworkEntry } from '@shared/ledger/rpc-network'
import type { TransactionIntent } from '@shared/ledger/transaction-intent'

/** Calls the log contract with its own number as the topic, so that the chain tells how often it happened. */
export function testIntent(contract: string, number: number): TransactionIntent {
  return { id: `intent-${number}`, to: contract, data: topicOf(number), value: 0n, words: `Number ${number}` }
}

/** The topic of an intent's log. */
export function topicOf(number: number): string {
  return `0x${number.toString(16).padStart(64, '0')}`
}

/** anvil behind an address, without pinned contracts. */
export function testNetwork(rpcUrl: string): RpcNetworkEntry {
  return {
    ...{ kind: 'rpc', chainId: 31_337n, name: 'anvil', contracts: {}, firstBlock: 0 },
    ...{ rpcUrl, secondRpcUrl: null },
  }
}
