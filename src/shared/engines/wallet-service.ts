import type { Tab } from '../gifts/tab'
import type { Address, Bytes32 } from '../money/address'
import type { LockMinutes } from '../wallet/account'
import type { NostrDraft, NostrEvent } from '../nostr/nostr-event'
import type { SignedKeyGrant } from '../wallet/key-grant'
import type { BudgetLimits } from '../wallet/room-budget'
import type { SheetTask } from '../wallet/sheet'
import type { WalletNetwork } from '../wallet/wallet-network'
import type { Movement, WalletState } from '../wallet/wallet-state'

/** Start data of the wallet engine. */
export interface WalletStart {
  dataDir: string
  /** Opens a sealed device key (WE_PASSPHRASE). */
  devicePassphrase: string | null
  /** From the system's key store; null: the engine keeps its own file. */
  deviceSecret: { secret: string; keptBy: string } | null
  /** It takes over from an engine that died: the rooms that were open still are. */
  resumed?: boolean
}

export interface PermitToSign {
  owner: Address
  spender: Address
  value: bigint
  nonce: bigint
  deadline: bigint
}

export interface TransactionToSign {
  type: 2
  chainId: bigint
  nonce: number
  to: Address
  data: string
  value: bigint
  gasLimit: bigint
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

/** What the ledger says about a transaction to be signed; it makes the words fuller and decides nothing. */
export interface SignAbout {
  /** WE of the account now, wei; null: not known. */
  haveWei: bigint | null
}

/**
 * Main to wallet engine, the only process that holds keys. Every `sign...` checks what it is given, then signs by a
 * budget or rule, or asks the person on the sheet; it rejects with `sign-...` and the reason in words. A room has a
 * budget from `openRoom` to `endRoom`; without one, everything asks.
 */
export interface WalletService {
  calls: {
    start: { input: WalletStart; output: WalletState }
    /** The ledgers that are open now; all others are foreign. */
    setNetworks: { input: WalletNetwork[]; output: undefined }
    openRoom: { input: { room: string; name: string; creator: Address }; output: undefined }
    endRoom: { input: string; output: undefined }
    /** Lower limits hold at once; higher ones ask on the sheet. Rejects with `sign-refused` after a no. */
    setLimits: { input: BudgetLimits; output: undefined }
    signTab: { input: { chainId: bigint; tab: Tab; room: string | null }; output: { signature: string } }
    /** A gift with a designer: its two tabs, signed together or not at all. Note A designer's tab. */
    signTabs: {
      input: { chainId: bigint; tab: Tab; design: Tab; room: string | null }
      output: { signature: string; designSignature: string }
    }
    signPermit: { input: { chainId: bigint; permit: PermitToSign; room: string | null }; output: { signature: string } }
    /** The account's signature on a transaction; `raw` is ready for `eth_sendRawTransaction`. */
    signTransaction: {
      input: { account: Address; transaction: TransactionToSign; room: string | null; about?: SignAbout }
      output: { raw: string; hash: string }
    }
    /** Typed data from outside our own code (mini apps, programs): the same rules, always asked. */
    signTypedData: { input: { origin: string; data: unknown }; output: { signature: string } }
    /** The active account's grant for the device key of this profile; made when there is none. */
    keyGrant: { input: undefined; output: SignedKeyGrant }
    /** The same where nobody has to be asked for it; null: the wallet is locked and there is none yet. */
    knownKeyGrant: { input: undefined; output: SignedKeyGrant | null }
    /** For a link to a show (`contentIdOf` its CID), `sealShareToken` by the device key; null as above. */
    shareToken: { input: Bytes32; output: string | null }
    revokeKey: { input: { device: string; lastN: number; lastId: string }; output: { signature: string } }
    /** After a yes on the sheet: the public key (hex) of the active account's Nostr identity, kept open for `signNostr`. */
    openNostr: { input: undefined; output: string }
    /** At most 500 at once. Rejects with `nostr-closed` when it was not opened. */
    signNostr: { input: readonly NostrDraft[]; output: NostrEvent[] }
    closeNostr: { input: undefined; output: undefined }
    select: { input: Address; output: undefined }
    rename: { input: { address: Address; name: string }; output: undefined }
    lock: { input: undefined; output: undefined }
    /** Sooner holds at once; later asks on the sheet. Rejects with `sign-refused` after a no. */
    setLockMinutes: { input: LockMinutes; output: undefined }
    /** Newest first. */
    movements: { input: { account: Address; limit: number }; output: Movement[] }
    /** Puts a task on the sheet; main shows it when `sheet` says so. */
    openSheet: { input: SheetTask; output: undefined }
    /** The sheet is gone: what it showed counts as refused. */
    sheetGone: { input: undefined; output: undefined }
    /** What became of `saveFile`. */
    fileSaved: { input: boolean; output: undefined }
    close: { input: undefined; output: undefined }
  }
  events: {
    changed: WalletState
    moved: Movement
    /** Whether there is something on the sheet. */
    sheet: boolean
    /** An encrypted file that the person wants to keep: main asks where. */
    saveFile: { name: string; text: string }
  }
}
