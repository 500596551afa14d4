import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMISSION, MAX_TRANSACTION_BYTES } from '@shared/ledger/ledger-limits'
import { openLedger, type OpenLedger } from './open-ledger'
import { payment, removeTempFolders, tempFolder, TILL_GENESIS, testWallet, TILL_ADDRESS } from './testing/temp-ledger'
import type { TransactionLike } from 'ethers'

let now = Date.UTC(2026, 10, 1)
let opened: OpenLedger
const wallet = testWallet(0)

beforeEach(async () => {
  opened = await openLedger({ dir: await tempFolder(), calls: TILL_GENESIS, clock: () => now })
})
afterEach(() => opened.close())
afterAll(removeTempFolders)

const send = async (nonce: number, changes: TransactionLike = {}): Promise<unknown> => {
  const raw = await payment(wallet, opened.ledger.chainId, nonce, 1n, changes)
  return opened.request({ method: 'eth_sendRawTransaction', params: [`0x${Buffer.from(raw).toString('hex')}`] })
}

describe('gas is free, so what strangers may send is bounded', () => {
  it('20 at once from an account, then one every three seconds; other accounts are not held up', async () => {
    for (let nonce = 0; nonce < ADMISSION.burst; nonce++) await send(nonce)
    await expect(send(ADMISSION.burst)).rejects.toThrow(/too fast/)
    now += 3_000
    await send(ADMISSION.burst)
    await expect(send(ADMISSION.burst + 1)).rejects.toThrow(/too fast/)
    const other = await payment(testWallet(1), opened.ledger.chainId, 0, 1n)
    await opened.ledger.submit(other)
  })

  it('a transaction asks for more than 3 M gas, is too long, or offers too little gas', async () => {
    await expect(send(0, { gasLimit: 3_000_001 })).rejects.toThrow(/3000000 gas/)
    await expect(send(0, { gasLimit: 30_000 - 10_000 })).rejects.toThrow(/intrinsic gas/)
    const data = `0x${'00'.repeat(MAX_TRANSACTION_BYTES)}`
    await expect(send(0, { data, gasLimit: 3_000_000 })).rejects.toThrow(/more than 131072/)
  })

  it('a price, another chain, no chain, a kind that is not known, a nonce that is used or leaves a gap', async () => {
    await expect(send(0, { maxFeePerGas: 1 })).rejects.toThrow(/price must be 0/)
    await expect(send(0, { chainId: 1 })).rejects.toThrow(/cannot be read/)
    await expect(send(0, { type: 4, authorizationList: [] })).rejects.toThrow()
    const legacy = { type: 0, gasPrice: 0, maxFeePerGas: null, maxPriorityFeePerGas: null }
    await expect(send(0, { ...legacy, chainId: 0 })).rejects.toThrow(/no chain/)
    await send(0, legacy)
    await expect(send(0)).rejects.toThrow(/nonce too low/)
    await expect(send(5)).rejects.toThrow(/nonce too high/)
  })

  it('nobody gets coin from nothing: value that an account does not have is refused', async () => {
    await expect(send(0, { value: 1n })).rejects.toThrow(/enough funds/)
    expect(await opened.request({ method: 'eth_getBalance', params: [wallet.address, 'latest'] })).toBe('0x0')
    await send(0)
  })

  it('a call that never ends stops at its gas', async () => {
    const call = { to: TILL_ADDRESS, data: '0x44df8e70', gas: '0x7a120' }
    await expect(opened.request({ method: 'eth_call', params: [call, 'latest'] })).rejects.toThrow(/out of gas/)
  })

  it('the same transaction sent twice counts once', async () => {
    const raw = await payment(wallet, opened.ledger.chainId, 0, 1n)
    const hashes = await Promise.all([opened.ledger.submit(raw), opened.ledger.submit(raw)])
    await opened.ledger.settled(hashes[0], 1_000)
    expect(await opened.ledger.submit(raw)).toBe(hashes[0])
    expect(await opened.request({ method: 'eth_getTransactionCount', params: [wallet.address, 'pending'] })).toBe('0x1')
  })
})
