import { SigningKey } from 'ethers/crypto'
import { TypedDataEncoder } from 'ethers/hash'
import { computeAddress } from 'ethers/transaction'
import { ZERO_ADDRESS, ZERO_BYTES32, type Address, type Bytes32 } from '../money/address'
import { GRANT_SCOPES, type SignedKeyGrant } from '../wallet/key-grant'
import { IDENTITY_DOMAIN, TYPED_DATA, type ContractDomain } from '../wallet/typed-data'
import { compactSignature } from './compact-signature'
import { designLine } from './design-part'
import { nextChain } from './gift-chain'
import type { GiftLine } from './gift-line'
import type { CatalogueGift, LedgerView, PayerDeposit, TabSigner } from './ledger-view'
import { STANDARD_GIFTS, standardPrice } from './standard-gifts'
import { domainSeparator, lineOf, tabDigest, type Tab } from './tab'

/** For tests and benches: a network of its own, accounts that sign, and a ledger in memory. */
export const TEST_DOMAIN: ContractDomain = {
  name: 'WE TipBank',
  version: '1',
  chainId: 0x5745_0000_0001n,
  verifyingContract: `0x${'7b'.repeat(20)}`,
}
export const TEST_SEPARATOR = domainSeparator(TEST_DOMAIN)
export const TEST_CONTENT: Bytes32 = `0x${'c0'.repeat(32)}`

/** A wallet of this one act: what it says to a single tab holds for the tabs of a designed gift too, in their order. */
export function testSigner(signTab: (tab: Tab) => Promise<Uint8Array>): TabSigner {
  return {
    signTab,
    signTabs: async ({ tab, design }) => ({ tab: await signTab(tab), design: await signTab(design) }),
  }
}

/** An account whose key is known. */
export class TestAccount implements TabSigner {
  readonly #key: SigningKey
  readonly address: Address

  constructor(number: number) {
    this.#key = new SigningKey(`0x${number.toString(16).padStart(64, '0')}`)
    this.address = computeAddress(this.#key).toLowerCase()
  }

  sign(tab: Tab, separator = TEST_SEPARATOR): Uint8Array {
    return compactSignature(this.#key.sign(tabDigest(separator, tab)).serialized)
  }

  /** The account lets a device sign its records (32 bytes hex, Ed25519). */
  grant(device: Bytes32, change: Partial<SignedKeyGrant> = {}): SignedKeyGrant {
    const now = Math.floor(Date.now() / 1000)
    const times = { notBefore: now, expires: now + 365 * 86_400, nonce: now }
    const message = { account: this.address, device, x25519: device, scopes: GRANT_SCOPES, ...times, ...change }
    const hash = TypedDataEncoder.hash(IDENTITY_DOMAIN, { KeyGrant: [...TYPED_DATA.KeyGrant] }, message)
    return { signature: this.#key.sign(hash).serialized, ...message }
  }

  signTab(tab: Tab): Promise<Uint8Array> {
    return Promise.resolve(this.sign(tab))
  }

  signTabs({ tab, design }: { tab: Tab; design: Tab }): Promise<{ tab: Uint8Array; design: Uint8Array }> {
    return Promise.resolve({ tab: this.sign(tab), design: this.sign(design) })
  }

  /** The next gift after `last` (the first without one). */
  gift(
    creator: Address,
    change: { giftId?: number; qty?: number; time?: number; contentId?: Bytes32; name?: string; text?: string } = {},
    last?: GiftLine,
    sharer: Address = ZERO_ADDRESS,
    sharerBps = 0,
  ): GiftLine {
    const { giftId = 4, qty = 1, time = Math.floor(Date.now() / 1000), contentId = TEST_CONTENT } = change
    const item = { giftId, qty, time, contentId }
    const before = last?.tab.chain ?? ZERO_BYTES32
    const price = standardPrice(giftId) ?? 0n
    const tab: Tab = {
      payer: this.address,
      ...{ creator, sharer, sharerBps },
      total: (last?.tab.total ?? 0n) + price * BigInt(qty),
      count: (last?.tab.count ?? 0) + 1,
      chain: nextChain(before, item),
    }
    const { name = '', text = '' } = change
    return { item, tab, before, signature: this.sign(tab), design: null, name, text }
  }
}

/** The gift of somebody's design in a `TestLedger`: 10 WE, a tenth for `DESIGNER`. */
export const DESIGNED_GIFT = 100
export const DESIGNER: Address = `0x${'de'.repeat(20)}`
const DESIGNED_WEI = 10n * 10n ** 18n

/** One piece of `DESIGNED_GIFT`, the next after `last`; `partWei` instead of what is due. */
export function designedGift(
  payer: TestAccount,
  creator: Address,
  last?: GiftLine,
  partWei = DESIGNED_WEI / 10n,
  designer = DESIGNER,
): GiftLine {
  const plain = payer.gift(creator, { giftId: DESIGNED_GIFT }, last)
  const tab = { ...plain.tab, total: (last?.tab.total ?? 0n) + DESIGNED_WEI - partWei }
  const head = last?.design?.tab
  const before = head?.chain ?? ZERO_BYTES32
  const design: Tab = {
    ...designLine(payer.address, designer, creator),
    ...{ total: (head?.total ?? 0n) + partWei, count: (head?.count ?? 0) + 1, chain: nextChain(before, plain.item) },
  }
  return {
    ...{ ...plain, tab, signature: payer.sign(tab) },
    design: { tab: design, signature: payer.sign(design), before },
  }
}

/** A ledger with deposits in memory; `settle` pays as TipBank does (without fees). */
export class TestLedger implements LedgerView {
  readonly domain = TEST_DOMAIN
  readonly deposits = new Map<Address, PayerDeposit>()
  readonly paidOn = new Map<string, bigint>()

  fund(payer: Address, balanceWei: bigint): void {
    this.deposits.set(payer, { balanceWei, exitAt: null })
  }

  deposit(payer: Address): Promise<PayerDeposit> {
    return Promise.resolve(this.deposits.get(payer) ?? { balanceWei: 0n, exitAt: null })
  }

  paid(line: Omit<Tab, 'total' | 'count' | 'chain'>): Promise<bigint> {
    return Promise.resolve(this.paidOn.get(lineOf(line)) ?? 0n)
  }

  gift(id: number): Promise<CatalogueGift | null> {
    if (id === DESIGNED_GIFT) {
      const designed = { designer: DESIGNER, designerBps: 1_000, mediaCid: '', retired: false }
      return Promise.resolve({ id, name: 'Cat hug', priceWei: DESIGNED_WEI, ...designed })
    }
    const known = STANDARD_GIFTS.find((gift) => gift.id === id)
    const priceWei = standardPrice(id)
    if (known === undefined || priceWei === null) return Promise.resolve(null)
    const { name } = known
    return Promise.resolve({ id, name, priceWei, designer: ZERO_ADDRESS, designerBps: 0, mediaCid: '', retired: false })
  }

  settle(tab: Tab): void {
    const deposit = this.deposits.get(tab.payer) ?? { balanceWei: 0n, exitAt: null }
    const before = this.paidOn.get(lineOf(tab)) ?? 0n
    const owed = tab.total > before ? tab.total - before : 0n
    const paid = owed < deposit.balanceWei ? owed : deposit.balanceWei
    this.paidOn.set(lineOf(tab), before + paid)
    this.deposits.set(tab.payer, { ...deposit, balanceWei: deposit.balanceWei - paid })
  }
}
