import {
  AbiCoder,
  concat,
  getBytes,
  keccak256,
  Signature,
  TypedDataEncoder,
  type Wallet,
  zeroPadValue,
  toBeHex,
} from 'ethers'
import { ZERO_ADDRESS, ZERO_BYTES32 } from '../../src/shared/money/address'
import { TYPED_DATA } from '../../src/shared/wallet/typed-data'
import { CHAIN_ID } from './chain'

/** What a payer signs; see [Note: Tabs] in TipBank.sol. */
export interface Tab {
  payer: string
  creator: string
  sharer: string
  sharerBps: number
  total: bigint
  count: number
  chain: string
}

export interface Gift {
  giftId: number
  qty: number
  contentId: string
  time: bigint
}

/** The chain after one more gift. */
export function extend(chain: string, { giftId, qty, contentId, time }: Gift): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'uint32', 'uint32', 'bytes32', 'uint64'],
      [chain, giftId, qty, contentId, time],
    ),
  )
}

/** A tab of `payer` for `creator` at `total` wei, no sharer unless told. */
export function tabOf(payer: Wallet, creator: { address: string }, total: bigint, more: Partial<Tab> = {}): Tab {
  return {
    payer: payer.address,
    creator: creator.address,
    sharer: ZERO_ADDRESS,
    sharerBps: 0,
    total,
    count: 1,
    chain: ZERO_BYTES32,
    ...more,
  }
}

/** EIP-712 digest, by the types that the wallet signs. */
export function digestOf(tab: Tab, bank: string, chainId = CHAIN_ID): string {
  const domain = { name: 'WE TipBank', version: '1', chainId, verifyingContract: bank }
  return TypedDataEncoder.hash(domain, { Tab: [...TYPED_DATA.Tab] }, tab)
}

export function sign(tab: Tab, signer: Wallet, bank: string, chainId = CHAIN_ID): Signature {
  return signer.signingKey.sign(digestOf(tab, bank, chainId))
}

/** The 132 bytes of a record: payer 20 | total 12 | count 4 | chain 32 | r 32 | vs 32. */
export function pack(tab: Tab, { r, yParityAndS }: Pick<Signature, 'r' | 'yParityAndS'>): string {
  return concat([
    tab.payer,
    zeroPadValue(toBeHex(tab.total), 12),
    zeroPadValue(toBeHex(tab.count), 4),
    tab.chain,
    r,
    yParityAndS,
  ])
}

/** A signed record. */
export function record(tab: Tab, signer: Wallet, bank: string): string {
  return pack(tab, sign(tab, signer, bank))
}

/** `lines` of a Settled event: who paid how much. */
export function linesOf(lines: unknown): { payer: string; amount: bigint }[] {
  return (lines as string[]).map((line) => {
    const bytes = getBytes(line)
    return {
      payer: `0x${Buffer.from(bytes.subarray(0, 20)).toString('hex')}`,
      amount: BigInt(`0x${Buffer.from(bytes.subarray(20)).toString('hex')}`),
    }
  })
}
