import { AbiCoder } from 'ethers/abi'
import type { Settlement } from '@shared/gifts/ledger-view'
import { bytesToHex } from '@shared/gifts/hex-bytes'
import { isDesignLine } from '@shared/gifts/design-part'
import type { Address, Bytes32 } from '@shared/money/address'
import { formatWe } from '@shared/money/we-amount'
import { BANK_ABI, FAUCET_ABI, MARKET_ABI, TOKEN_ABI } from './gift-abi'
import type { GiftContracts } from './gift-ledger'

/** A call that the gifts want made; wallet and queue do the rest. */
export interface GiftTransaction {
  to: Address
  data: string
  words: string
}

/** Adds to the payer's deposit: WE sent to the bank, in one transaction (ERC-1363). */
export function depositTransaction({ token, bank }: GiftContracts, amountWei: bigint): GiftTransaction {
  return {
    to: token,
    data: TOKEN_ABI.encodeFunctionData('transferAndCall', [bank, amountWei, '0x']),
    words: `Deposit of ${formatWe(amountWei)} WE for gifts`,
  }
}

export function settleTransaction({ bank }: GiftContracts, plan: Settlement): GiftTransaction {
  const { creator, sharer, sharerBps, records } = plan
  return {
    to: bank,
    data: BANK_ABI.encodeFunctionData('settle', [creator, sharer, sharerBps, bytesToHex(records)]),
    words: isDesignLine(plan)
      ? 'Pay a designer their part of your viewers’ gifts'
      : 'Collect the gifts of your viewers',
  }
}

/** Takes what was earned out of the bank. */
export function withdrawTransaction({ bank }: GiftContracts): GiftTransaction {
  return { to: bank, data: BANK_ABI.encodeFunctionData('withdraw', []), words: 'Take out what your gifts have earned' }
}

/** A gift of one's own: its fee is sent with the description (`GiftCatalog._paid`). */
export function defineTransaction(
  { token, catalog }: GiftContracts,
  feeWei: bigint,
  gift: { priceWei: bigint; mediaCid: string; text: string; designer: Address; designerBps: number },
): GiftTransaction {
  const { priceWei, mediaCid, text, designer, designerBps } = gift
  const data = AbiCoder.defaultAbiCoder().encode(
    ['uint80', 'string', 'string', 'address', 'uint16'],
    [priceWei, mediaCid, text, designer, designerBps],
  )
  return {
    to: token,
    data: TOKEN_ABI.encodeFunctionData('transferAndCall', [catalog, feeWei, data]),
    words: `Define the gift “${text}” for ${formatWe(priceWei)} WE`,
  }
}

/** Minutes of live; the market takes a whole multiple of the packet's price. */
export function packetsTransaction({ token, market }: GiftContracts, count: number, priceWei: bigint): GiftTransaction {
  const amount = BigInt(count) * priceWei
  return {
    to: token,
    data: TOKEN_ABI.encodeFunctionData('transferAndCall', [market, amount, '0x']),
    words: `${count} minutes of live for ${formatWe(amount)} WE`,
  }
}

/** Gives minutes back that no live has begun, for what they cost. */
export function refundTransaction({ market }: GiftContracts, count: number): GiftTransaction {
  return {
    to: market,
    data: MARKET_ABI.encodeFunctionData('refund', [count]),
    words: `Give ${count} minutes of live back`,
  }
}

/** Uses minutes up for a live: by the digest of its CID. */
export function startLiveTransaction({ market }: GiftContracts, contentId: Bytes32, count: number): GiftTransaction {
  return {
    to: market,
    data: MARKET_ABI.encodeFunctionData('startLive', [contentId, count]),
    words: `Use ${count} minutes for this live`,
  }
}

/** Test value for a new account; local ledgers only. Null: this ledger gives none away. */
export function claimTransaction({ faucet }: GiftContracts): GiftTransaction | null {
  if (faucet === null) return null
  return { to: faucet, data: FAUCET_ABI.encodeFunctionData('claim', []), words: 'Get 1,000 test WE' }
}
