import type { BaseWallet } from 'ethers'
import type { TransactionSigner } from '@shared/ledger/transaction-intent'

/** A key in memory, in the wallet's place. */
export function walletSigner(wallet: BaseWallet): TransactionSigner {
  return {
    address: wallet.address.toLowerCase(),
    signTransaction: (transaction) => wallet.signTransaction({ ...transaction }),
  }
}
