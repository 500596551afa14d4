import { Wallet } from 'ethers'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactSignature } from '@shared/gifts/compact-signature'
import type { GiftLine } from '@shared/gifts/gift-line'
import { TEST_CONTENT, TestAccount } from '@shared/gifts/gift-test-kit'
import { OverspendWatch } from '@shared/gifts/overspend-watch'
import { RoomBook } from '@shared/gifts/room-book'
import { owed, planSettlement, type OpenTab } from '@shared/gifts/settlement-plan'
import { domainSeparator } from '@shared/gifts/tab'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLedger, type OpenLedger } from '../embedded/open-ledger'
import { GiftLedger, type GiftContracts } from './gift-ledger'
import * as tx from './gift-transactions'

let dir: string
let opened: OpenLedger
let ledger: GiftLedger
let contracts: GiftContracts
const key = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`
const nonces = new Map<string, number>()

async function send(number: number, { to, data }: tx.GiftTransaction): Promise<void> {
  const wallet = new Wallet(key(number))
  const nonce = nonces.get(wallet.address) ?? 0
  nonces.set(wallet.address, nonce + 1)
  const fees = { maxFeePerGas: 0, maxPriorityFeePerGas: 0 }
  const raw = await wallet.signTransaction({
    ...{ type: 2, chainId: opened.ledger.chainId, nonce, to, data, gasLimit: 2_900_000 },
    ...fees,
  })
  const hash = (await opened.request({ method: 'eth_sendRawTransaction', params: [raw] })) as string
  await opened.ledger.settled(hash, 5_000)
  const receipt = (await opened.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as { status: string }
  expect(receipt.status).toBe('0x1')
  ledger.forget()
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-gift-ledger-'))
  opened = await openLedger({ dir })
  const at = (name: string): string => opened.ledger.contracts.get(name)!
  contracts = {
    token: at('WEToken'),
    bank: at('TipBank'),
    catalog: at('GiftCatalog'),
    market: at('AccessMarket'),
    faucet: at('TestFaucet'),
  }
  ledger = new GiftLedger(opened, contracts, opened.ledger.chainId)
})
afterAll(async () => {
  await opened.close()
  await rm(dir, { recursive: true, force: true })
})

describe('gifts on the real contracts', () => {
  const [ann, creator, sharer] = [new TestAccount(1), new TestAccount(2).address, new TestAccount(3).address]

  it('the catalogue has the fifteen drawn gifts', async () => {
    const gifts = await ledger.catalogue()
    expect(gifts).toHaveLength(15)
    expect(gifts[0]).toMatchObject({ id: 1, name: 'Kiss', priceWei: WEI_PER_WE / 10n, mediaCid: '' })
    expect(await ledger.gift(99)).toBeNull()
  })

  it('a deposit is seen, tabs signed by our digest are paid as signed, and the creator gets 99 %', async () => {
    await send(1, tx.claimTransaction(contracts)!)
    expect(await ledger.hasClaimed(ann.address)).toBe(true)
    await send(1, tx.depositTransaction(contracts, 100n * WEI_PER_WE))
    // a fifth is held against overspending
    expect(await ledger.deposit(ann.address)).toEqual({ balanceWei: 80n * WEI_PER_WE, exitAt: null })

    const separator = domainSeparator(ledger.domain)
    const signed = (line: GiftLine): GiftLine => ({ ...line, signature: ann.sign(line.tab, separator) })
    const terms = { creator, contentId: TEST_CONTENT, sharerBps: 500 }
    const room = new RoomBook(terms, ledger, new OverspendWatch())
    const first = signed(ann.gift(creator, { giftId: 9 }))
    const second = signed(ann.gift(creator, { giftId: 5 }, first))
    const shared = signed(ann.gift(creator, { giftId: 6 }, undefined, sharer, 500))
    for (const line of [first, second, shared]) expect(await room.take(line)).toMatchObject({ kind: 'shown' })
    // 57 of 80 WE are promised: nothing above is shown
    const above = signed(ann.gift(creator, { giftId: 9 }, second))
    expect(await room.take(above)).toEqual({ kind: 'refused', why: 'above-deposit' })

    const open = async (): Promise<OpenTab[]> =>
      Promise.all(
        [second, shared].map(async ({ tab, signature }) => ({ tab, signature, paidWei: await ledger.paid(tab) })),
      )
    expect(owed(await open())).toBe(57n * WEI_PER_WE)
    for (const plan of planSettlement(await open())) await send(4, tx.settleTransaction(contracts, plan))
    expect(owed(await open())).toBe(0n)
    expect(await ledger.deposit(ann.address)).toEqual({ balanceWei: 23n * WEI_PER_WE, exitAt: null })
    // 52 without a sharer, 5 with 5 % of what the fee of 1 % leaves
    const toSharer = (((5n * WEI_PER_WE * 99n) / 100n) * 500n) / 10_000n
    expect(await ledger.earned(sharer)).toBe(toSharer)
    expect(await ledger.earned(creator)).toBe((57n * WEI_PER_WE * 99n) / 100n - toSharer)
    await send(2, tx.withdrawTransaction(contracts))
    expect(await ledger.balance(creator)).toBe((57n * WEI_PER_WE * 99n) / 100n - toSharer)
    expect(await room.take(above)).toEqual({ kind: 'refused', why: 'above-deposit' })
  })

  it('a gift of one own has its picture, words and price, for a fee', async () => {
    const mediaCid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
    const gift = { priceWei: 3n * WEI_PER_WE, mediaCid, text: 'Cat hug', designer: ann.address, designerBps: 0 }
    await send(1, tx.defineTransaction(contracts, await ledger.defineFee(), gift))
    await expect.poll(() => ledger.gift(16)).toMatchObject({ name: 'Cat hug', mediaCid, priceWei: 3n * WEI_PER_WE })
  })

  it('minutes are bought and used up for a live', async () => {
    await send(1, tx.packetsTransaction(contracts, 30, await ledger.packetPrice()))
    expect(await ledger.packets(ann.address)).toBe(30)
    await send(1, tx.startLiveTransaction(contracts, TEST_CONTENT, 10))
    expect(await ledger.packets(ann.address)).toBe(20)
    expect(await ledger.burntFor(ann.address, TEST_CONTENT)).toBe(10)
  })

  it('the wallet of ethers signs what our digest says', async () => {
    const line = ann.gift(creator)
    const types = {
      Tab: [
        { name: 'payer', type: 'address' },
        { name: 'creator', type: 'address' },
        { name: 'sharer', type: 'address' },
        { name: 'sharerBps', type: 'uint16' },
        { name: 'total', type: 'uint96' },
        { name: 'count', type: 'uint32' },
        { name: 'chain', type: 'bytes32' },
      ],
    }
    const signature = await new Wallet(key(1)).signTypedData(ledger.domain, types, line.tab)
    expect(compactSignature(signature)).toEqual(ann.sign(line.tab, domainSeparator(ledger.domain)))
  })
})
