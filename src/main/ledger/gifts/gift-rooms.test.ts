import { Wallet } from 'ethers'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GiftMoney, OpenGiftLedger } from '@shared/gifts/gift-money'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { TestAccount, testSigner } from '@shared/gifts/gift-test-kit'
import { bytesToHex } from '@shared/gifts/hex-bytes'
import { domainSeparator } from '@shared/gifts/tab'
import { tabDomain } from '@shared/gifts/gift-terms'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger, type OpenLedger } from '../embedded/open-ledger'
import { readLog, RpcLog } from '../index/read-log'
import { FREELY } from '../embedded/testing/temp-ledger'
import { CreatorRoom } from './creator-room'
import { GiftLedger } from './gift-ledger'
import { claimTransaction } from './gift-transactions'
import { ViewerRoom, type RoomSharer } from './viewer-room'

const broadcaster = '12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'
const device = bytesToHex(publicKeyOfPeerId(broadcaster)!)
const show = 'bafyreib2yjwyaiarr2ani7whjop7qrpidpc7e6waxia7ag2b3s7ra4xuou'
const url = `we://${broadcaster}/live/${show}`
const MINUTE = 60_000

let dir: string
let opened: OpenLedger
let gifts: OpenGiftLedger
const nonces = new Map<number, number>()

/** The wallet of account `number`, which agrees to everything, on the one ledger of this test. */
function moneyOf(number: number): GiftMoney {
  const account = new TestAccount(number)
  return {
    account: () => ({ address: account.address, name: `Person ${number}` }),
    onChanged: () => undefined,
    budget: () => null,
    askForAccount: () => Promise.resolve(),
    ownChain: () => gifts.chainId,
    openOwn: () => Promise.resolve(gifts),
    openFor: () => Promise.resolve(gifts),
    signer: ({ chainId, contracts }) =>
      testSigner((tab) =>
        Promise.resolve(account.sign(tab, domainSeparator(tabDomain({ chainId, bank: contracts.bank })))),
      ),
    keyGrant: () => Promise.resolve(account.grant(device)),
    shareToken: () => Promise.resolve('token'),
    openRoom: () => Promise.resolve(),
    endRoom: () => Promise.resolve(),
    async send({ chainId }, { to, data }) {
      const nonce = nonces.get(number) ?? 0
      nonces.set(number, nonce + 1)
      const fees = { maxFeePerGas: 0, maxPriorityFeePerGas: 0, gasLimit: 2_900_000 }
      const wallet = new Wallet(`0x${number.toString(16).padStart(64, '0')}`)
      const raw = await wallet.signTransaction({ type: 2, chainId, nonce, to, data, ...fees })
      const hash = (await opened.request({ method: 'eth_sendRawTransaction', params: [raw] })) as string
      await opened.ledger.settled(hash, 5_000)
      const receipt = (await opened.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
        status: string
      }
      expect(receipt.status).toBe('0x1')
    },
  }
}

function creatorRoom(): CreatorRoom {
  const quiet = { shown: () => undefined, changed: () => undefined, took: () => undefined, packetsAt: () => undefined }
  return new CreatorRoom({ money: moneyOf(2), folder: join(dir, 'creator'), sharerBps: () => 500, ...quiet })
}

let sent: Uint8Array[] = []
function viewerRoom(terms: GiftTerms, number: number, sharer: RoomSharer | null): ViewerRoom {
  return new ViewerRoom(
    { url, cid: show, broadcaster, title: 'Evening talk', terms },
    {
      ...{ money: moneyOf(number), folder: join(dir, `viewer-${number}`) },
      send: (bytes) => Promise.resolve(void sent.push(bytes)),
      ...{ shown: () => undefined, changed: () => undefined, notice: () => undefined },
    },
    sharer,
  )
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-gift-rooms-'))
  opened = await openLedger({ dir: join(dir, 'ledger'), admission: FREELY })
  const at = (name: string): string => opened.ledger.contracts.get(name)!
  gifts = {
    ...{ provider: opened, chainId: opened.ledger.chainId, genesis: bytesToHex(opened.ledger.genesisHash) },
    ...{ host: null, isTest: true, firstBlock: 0 },
    contracts: {
      ...{ token: at('WEToken'), bank: at('TipBank'), catalog: at('GiftCatalog'), market: at('AccessMarket') },
      faucet: at('TestFaucet'),
    },
  }
  for (const number of [1, 2, 4]) await moneyOf(number).send(gifts, claimTransaction(gifts.contracts)!, null)
})
afterAll(async () => {
  await opened.close()
  await rm(dir, { recursive: true, force: true })
})

test('who sent the link is shown before a gift and paid with it; nobody is one’s own sharer, nor is the creator', async () => {
  const creator = creatorRoom()
  await creator.prepare()
  const terms = (await creator.terms())!
  creator.begin(show, terms)
  const cleo = { address: new TestAccount(3).address, name: 'Cleo' }
  const ann = viewerRoom(terms, 1, cleo)
  await ann.open()
  expect(ann.view).toMatchObject({ readiness: { state: 'ready' }, sharer: cleo, sharerBps: 500 })
  await ann.give({ giftId: 6, qty: 2, text: '' }) // two balloons, 10 WE
  await creator.take(sent[0]!)
  expect(creator.view.owedWei).toBe(10n * WEI_PER_WE)
  await creator.end() // collects

  const bank = new GiftLedger(gifts.provider, gifts.contracts, gifts.chainId)
  const afterFee = (10n * WEI_PER_WE * 99n) / 100n
  expect(await bank.earned(cleo.address)).toBe((afterFee * 5n) / 100n)
  expect(await bank.earned(terms.account)).toBe((afterFee * 95n) / 100n)
  expect(await ann.shareLink()).toEqual({ url: `${url}?s=token`, sharerBps: 500, why: null })
  await ann.close()

  for (const number of [1, 2]) {
    const own = viewerRoom(terms, 1, { address: new TestAccount(number).address, name: 'Own' })
    await own.open()
    expect(own.view.sharer).toBeNull()
    await own.close()
  }
  await creator.close()
})

test('who designed a gift is paid by the contract when the creator collects, and the ledger says so', async () => {
  const creator = creatorRoom()
  await creator.prepare()
  const terms = (await creator.terms())!
  creator.begin(show, terms)
  const [ann, dora] = [viewerRoom(terms, 1, null), viewerRoom(terms, 4, null)]
  await dora.open()
  await dora.design({ name: 'Cat hug', priceWei: 10n * WEI_PER_WE, pictureCid: show, designerBps: 1_000 })
  await ann.open()
  const gift = ann.view.gifts.find(({ name }) => name === 'Cat hug')!
  expect(gift.designer).toEqual({ address: new TestAccount(4).address, bps: 1_000 })
  const bank = new GiftLedger(gifts.provider, gifts.contracts, gifts.chainId)
  const [earnedBefore, sentBefore] = [await bank.earned(terms.account), sent.length]
  await ann.give({ giftId: gift.id, qty: 2, text: '' })
  // her own design: all of it is the creator's
  await dora.give({ giftId: gift.id, qty: 1, text: '' })
  for (const bytes of sent.slice(sentBefore)) await creator.take(bytes)
  expect(creator.view).toMatchObject({
    totalWei: 30n * WEI_PER_WE,
    owedWei: 28n * WEI_PER_WE,
    designersWei: 2n * WEI_PER_WE,
  })
  await creator.close() // what was taken is on disk, the designer's tab too
  const later = creatorRoom()
  await later.prepare()
  expect(later.view).toMatchObject({ owedWei: 28n * WEI_PER_WE, designersWei: 2n * WEI_PER_WE })
  await later.settle()
  expect(later.view).toMatchObject({ owedWei: 0n, designersWei: 0n })
  bank.forget()
  expect(await bank.earned(new TestAccount(4).address)).toBe((2n * WEI_PER_WE * 99n) / 100n)
  expect((await bank.earned(terms.account)) - earnedBefore).toBe((28n * WEI_PER_WE * 99n) / 100n)

  const filter = { address: gifts.contracts.bank, fromBlock: '0x0', toBlock: 'latest' }
  const logs = (await opened.request({ method: 'eth_getLogs', params: [filter] })) as object[]
  const entries = logs.map((log) => readLog('TipBank', RpcLog.parse(log)))
  const paid = entries.find(({ parties }) => parties.some(({ role }) => role === 'designer'))
  expect(paid?.parties).toEqual([
    { role: 'designer', address: new TestAccount(4).address },
    { role: 'creator', address: terms.account },
    { role: 'payer', address: new TestAccount(1).address },
  ])
  await Promise.all([ann.close(), dora.close(), later.close()])
})

test('a live that names an account without its leave takes nothing', async () => {
  const creator = creatorRoom()
  await creator.prepare()
  const terms = (await creator.terms())!
  await creator.close()
  const eve = new TestAccount(9)
  for (const forged of [
    { ...terms, grant: undefined },
    { ...terms, grant: eve.grant(device) },
    { ...terms, account: eve.address },
    { ...terms, grant: new TestAccount(2).grant(`0x${'77'.repeat(32)}`) },
  ]) {
    sent = []
    const ann = viewerRoom(forged, 1, null)
    await ann.open()
    expect(ann.view).toMatchObject({ readiness: { state: 'failed', code: 'not-granted' }, gifts: [] })
    await expect(ann.give({ giftId: 1, qty: 1, text: '' })).rejects.toMatchObject({ code: 'gifts-not-ready' })
    expect(sent).toEqual([])
    expect(await ann.shareLink()).toMatchObject({ url, sharerBps: 0 })
    await ann.close()
  }
})

test('minutes that a live has begun and not used are there for the next, and are used before others', async () => {
  const creator = creatorRoom()
  await creator.prepare()
  const terms = (await creator.terms())!
  await creator.buyMinutes(20)
  expect(creator.view.packets).toMatchObject({ minutes: 20, carriedMs: 0, isFree: false })
  creator.begin(show, terms)
  expect(creator.view.packets.leftMs).toBe(20 * MINUTE)
  creator.published(90_000)
  await creator.end()
  expect(creator.view.packets).toMatchObject({ minutes: 10, carriedMs: 8.5 * MINUTE, leftMs: null })
  await creator.close()

  const next = creatorRoom()
  await next.prepare()
  next.begin('bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae', terms)
  expect(next.view.packets.leftMs).toBe(18.5 * MINUTE)
  next.published(8 * MINUTE)
  await next.end()
  // none was burnt for it
  expect(next.view.packets).toMatchObject({ minutes: 10, carriedMs: 0.5 * MINUTE })

  // those that no live has begun are given back for what they cost
  const bank = new GiftLedger(gifts.provider, gifts.contracts, gifts.chainId)
  const before = await bank.balance(terms.account)
  await next.refundMinutes()
  expect(await bank.balance(terms.account)).toBe(before + WEI_PER_WE)
  expect(next.view.packets).toMatchObject({ minutes: 0, carriedMs: 0.5 * MINUTE })
  await expect(next.refundMinutes()).rejects.toMatchObject({ code: 'no-minutes' })
  await next.close()
})
