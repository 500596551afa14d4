import type { Eip1193 } from '../ledger/eip-1193'
import type { Address, Bytes32 } from '../money/address'
import type { SignedKeyGrant } from '../wallet/signed-key-grant'
import type { TabSigner } from './ledger-view'
import type { GiftTerms } from './gift-terms'

/** A ledger that is open for gifts. */
export interface OpenGiftLedger {
  provider: Eip1193
  chainId: number
  /** keccak256 of the genesis, 0x; zeros for a real chain. */
  genesis: string
  /** Peer id from which it can be followed; null: this one. */
  host: string | null
  /** Local ledgers hold test value only. */
  isTest: boolean
  /** The block before which none of the contracts existed. */
  firstBlock: number
  contracts: { token: Address; bank: Address; catalog: Address; market: Address; faucet: Address | null }
}

/** What the gifts ask of wallet and ledgers; main plugs them in. */
export interface GiftMoney {
  /** The active account; null: there is none. */
  account(): { address: Address; name: string } | null
  /** The account or its name may be another one now, or only the budgets are. */
  onChanged(listener: (what: 'account' | 'budget') => void): void
  /** What may be given in a room today without a question, and in one gift, wei; null: the room is not open. */
  budget(room: string): { leftWei: bigint; perGiftWei: bigint } | null
  /** Starts the wallet and lets the person make an account. Resolves when the sheet is open. */
  askForAccount(): Promise<void>
  /** Id of the ledger that `openOwn` opens now; null: not known yet. */
  ownChain(): number | null
  /** The ledger on which this person takes gifts: the one in front in the wallet; a local one is made at first need. */
  openOwn(): Promise<OpenGiftLedger>
  /** That of somebody else's show, followed where it is a local one. Rejects with a StudioError in plain words. */
  openFor(terms: GiftTerms, broadcaster: string): Promise<OpenGiftLedger>
  /** Signs tabs on this ledger; inside the room's budget without a question. */
  signer(ledger: OpenGiftLedger, room: string): TabSigner
  /**
   * The account's grant for this device. `ask` false: null where the person would have to be asked for a passphrase.
   * Rejects with a StudioError when the person says no.
   */
  keyGrant(ask: boolean): Promise<SignedKeyGrant | null>
  /** For a link to a show; null: the wallet is locked and knows no grant yet. */
  shareToken(contentId: Bytes32): Promise<string | null>
  /** A budget of its own for the room, until it is ended. */
  openRoom(room: { room: string; name: string; creator: Address }): Promise<void>
  endRoom(room: string): Promise<void>
  /** Resolves when it is in a block. Rejects with a StudioError in plain words. */
  send(ledger: OpenGiftLedger, call: { to: Address; data: string; words: string }, room: string | null): Promise<void>
}
