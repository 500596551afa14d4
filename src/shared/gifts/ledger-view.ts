import type { Address } from '../money/address'
import type { ContractDomain } from '../wallet/typed-data'
import type { Tab } from './tab'

/** What a payer has in the bank, as the ledger says now. */
export interface PayerDeposit {
  /** Wei that gifts can be paid from, the collateral left out. */
  balanceWei: bigint
  /** Unix seconds when the deposit can be taken out; null: no exit was begun. */
  exitAt: number | null
}

/** A gift of the catalogue. */
export interface CatalogueGift {
  id: number
  priceWei: bigint
  /** Who drew it; zero address for those of the product. */
  designer: Address
  designerBps: number
  /** CID of its picture; empty for those drawn by us. */
  mediaCid: string
  name: string
  retired: boolean
}

/** What the gifts need to know of the ledger of a room. Answers may be up to 2 s old. */
export interface LedgerView {
  /** Domain of tabs on this ledger. */
  readonly domain: ContractDomain
  deposit(payer: Address): Promise<PayerDeposit>
  /** Wei that the bank has paid on the line of this tab. */
  paid(line: Omit<Tab, 'total' | 'count' | 'chain'>): Promise<bigint>
  /** Null: there is no such gift, or it is retired. */
  gift(id: number): Promise<CatalogueGift | null>
}

/** A transaction that the gifts want; the wallet signs it and the queue sends it. Resolves when it is in a block. */
export interface Settlement {
  creator: Address
  sharer: Address
  sharerBps: number
  /** `packRecords`. */
  records: Uint8Array
}

/** Signs tabs for one account; the wallet decides whether it must ask the person first. */
export interface TabSigner {
  /** Resolves with the EIP-2098 signature. Rejects with a StudioError when the person or the budget refuses. */
  signTab(tab: Tab, about: SignedAbout): Promise<Uint8Array>
  /** A gift with a designer: both tabs by one question, or neither. Note A designer's tab. */
  signTabs(tabs: { tab: Tab; design: Tab }, about: SignedAbout): Promise<{ tab: Uint8Array; design: Uint8Array }>
}

interface SignedAbout {
  giftName: string
  qty: number
  creatorName: string
  room: string
}
