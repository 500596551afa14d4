import { Interface } from 'ethers'
import type { Address } from '@shared/money/address'
import { formatWe } from '@shared/money/we-amount'
import type { LedgerCall } from '@shared/wallet/ledger-provider'

const TOKEN = new Interface(['function transfer(address to, uint256 value)'])

/** The plain sending of WE. */
export function transferCall(token: Address, to: Address, amountWei: bigint): LedgerCall {
  return {
    to: token,
    data: TOKEN.encodeFunctionData('transfer', [to, amountWei]),
    words: `Send ${formatWe(amountWei)} WE`,
  }
}
