import type { SignAbout, TransactionToSign } from '../engines/wallet-service'
import type { Address } from '../money/address'
import type { WalletNetwork } from './wallet-network'

/** What an account has on a ledger, wei. */
export interface LedgerBalance {
  /** Free to send. */
  freeWei: bigint
  /** In TipBank, for gifts; what is held as collateral included. */
  depositWei: bigint
  /** Of the chain's own coin, which fees are paid in; null where nothing costs a fee. */
  coinWei: bigint | null
}

/** A network that can be put in front. */
export interface NetworkChoice {
  key: string
  chainId: bigint
  name: string
  kind: 'local' | 'rpc'
  /** Who tells what is known of a real chain. */
  hosts: string[]
}

/** A call that shall be made once; nonce, gas and fees are the ledger's business. */
export interface LedgerCall {
  to: Address
  data: string
  /** For lists of what is under way: "Send 5 WE". */
  words: string
}

/** What the wallet asks of the ledgers; whoever runs them is plugged in by main. */
export interface LedgerProvider {
  /** Those that are open now; the first is the one in front. */
  networks(): readonly WalletNetwork[]
  /** The ledger of this profile first, then the real chains that were added. */
  choices(): readonly NetworkChoice[]
  /** Puts a network in front; null: the ledger of this profile. Rejects with what stands against it. */
  choose(key: string | null): Promise<void>
  /** Makes ready what an account needs; called when there is one. */
  open(): Promise<void>
  /** Test value that a new account gets once; null when there is none for it. */
  welcomeCall(account: Address): Promise<LedgerCall | null>
  balance(chainId: bigint, account: Address): Promise<LedgerBalance>
  /** Resolves when it is in a block. `sign` is called when its turn has come. Rejects with a StudioError in plain words. */
  send(
    chainId: bigint,
    account: Address,
    call: LedgerCall,
    sign: (transaction: TransactionToSign, about: SignAbout) => Promise<{ raw: string; hash: string }>,
  ): Promise<{ hash: string }>
  /** What this account has sent or is about to send, and is not in a block yet. */
  underWay(account: Address): readonly { chainId: bigint; words: string }[]
  /** Networks, or somebody's balance, may be others now. */
  onChanged(listener: () => void): void
}
