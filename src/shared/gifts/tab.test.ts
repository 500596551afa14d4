import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AbiCoder, keccak256, Signature, TypedDataEncoder, Wallet } from 'ethers'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { ZERO_ADDRESS, ZERO_BYTES32 } from '../money/address'
import { TYPED_DATA, type ContractDomain } from '../wallet/typed-data'
import { compactSignature, longSignature, recoverSigner } from './compact-signature'
import { contentIdOf, nextChain } from './gift-chain'
import { hexToBytes } from './hex-bytes'
import { packRecords, RECORD_BYTES, unpackRecords } from './settlement-record'
import { domainSeparator, tabDigest, type Tab } from './tab'

const KEY = `0x${'11'.repeat(32)}`
const wallet = new Wallet(KEY)
const DOMAIN: ContractDomain = {
  name: 'WE TipBank',
  version: '1',
  chainId: 0x57450a0b0c0dn,
  verifyingContract: `0x${'ab'.repeat(20)}`,
}
const TAB: Tab = {
  payer: wallet.address.toLowerCase(),
  creator: `0x${'22'.repeat(20)}`,
  sharer: ZERO_ADDRESS,
  sharerBps: 250,
  total: 123_456_789_012_345_678_901n,
  count: 42,
  chain: `0x${'5c'.repeat(32)}`,
}
const types = { Tab: TYPED_DATA.Tab.map((field) => ({ ...field })) }
const sign = (tab: Tab): Promise<string> => wallet.signTypedData(DOMAIN, types, tab)

describe('a tab', () => {
  it('has the digest that ethers computes', () => {
    for (const tab of [TAB, { ...TAB, total: 0n, count: 0 }, { ...TAB, total: 2n ** 96n - 1n, count: 2 ** 32 - 1 }]) {
      expect(tabDigest(domainSeparator(DOMAIN), tab)).toBe(TypedDataEncoder.hash(DOMAIN, types, tab))
    }
  })

  it('is signed by Foundry as by ethers, and its signer is found', async () => {
    const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
    const cast = join(import.meta.dirname, `../../../node_modules/@foundry-rs/cast-${platform}/bin/cast`)
    const ours = await sign(TAB)
    expect(recoverSigner(tabDigest(domainSeparator(DOMAIN), TAB), compactSignature(ours))).toBe(TAB.payer)
    if (!existsSync(cast)) {
      console.warn(`NOT CHECKED against Foundry's cast: there is none at ${cast}`)
      return
    }
    const data = {
      domain: { ...DOMAIN, chainId: Number(DOMAIN.chainId) },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'version', type: 'string' },
          { name: 'chainId', type: 'uint256' },
          { name: 'verifyingContract', type: 'address' },
        ],
        ...types,
      },
      primaryType: 'Tab',
      message: { ...TAB, total: TAB.total.toString() },
    }
    const theirs = execFileSync(cast, ['wallet', 'sign', '--private-key', KEY, '--data', JSON.stringify(data)])
    expect(theirs.toString().trim()).toBe(ours)
  })

  it('with a value outside its types is not signed', () => {
    const separator = domainSeparator(DOMAIN)
    expect(() => tabDigest(separator, { ...TAB, total: 2n ** 96n })).toThrow(RangeError)
    expect(() => tabDigest(separator, { ...TAB, total: -1n })).toThrow(RangeError)
    expect(() => tabDigest(separator, { ...TAB, count: 2 ** 32 })).toThrow(RangeError)
  })

  it('of another chain, contract, total or creator has another signer', async () => {
    const signature = compactSignature(await sign(TAB))
    const digests = [
      tabDigest(domainSeparator({ ...DOMAIN, chainId: 1n }), TAB),
      tabDigest(domainSeparator({ ...DOMAIN, verifyingContract: ZERO_ADDRESS }), TAB),
      tabDigest(domainSeparator(DOMAIN), { ...TAB, total: TAB.total + 1n }),
      tabDigest(domainSeparator(DOMAIN), { ...TAB, creator: TAB.payer }),
      tabDigest(domainSeparator(DOMAIN), { ...TAB, sharerBps: 0 }),
    ]
    for (const digest of digests) expect(recoverSigner(digest, signature)).not.toBe(TAB.payer)
  })

  it('takes one form of its signature: a malleable one, a cut one and zeros are none', async () => {
    const digest = tabDigest(domainSeparator(DOMAIN), TAB)
    const long = await sign(TAB)
    const { r, s, yParity } = Signature.from(long)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const high = (order - BigInt(s)) | (yParity === 0 ? 2n ** 255n : 0n)
    const malleable = hexToBytes(r + (high & (2n ** 256n - 1n)).toString(16).padStart(64, '0'))
    const good = compactSignature(long)
    expect(longSignature(good)).toBe(long)
    expect(recoverSigner(digest, good)).toBe(TAB.payer)
    expect(recoverSigner(digest, malleable)).not.toBe(TAB.payer)
    expect(recoverSigner(digest, good.subarray(0, 63))).toBeNull()
    expect(recoverSigner(digest, new Uint8Array(64))).toBeNull()
    expect(recoverSigner(digest, new Uint8Array(64).fill(255))).toBeNull()
  })
})

describe('the chain of a tab', () => {
  const item = { giftId: 7, qty: 3, contentId: `0x${'c1'.repeat(32)}`, time: 1_795_000_000 }

  it('is keccak256(abi.encode(...)) of ledger.md 6', () => {
    const expected = (before: string): string =>
      keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ['bytes32', 'uint32', 'uint32', 'bytes32', 'uint64'],
          [before, item.giftId, item.qty, item.contentId, item.time],
        ),
      )
    const first = nextChain(ZERO_BYTES32, item)
    expect(first).toBe(expected(ZERO_BYTES32))
    expect(nextChain(first, item)).toBe(expected(first))
  })

  it('names content by the sha2-256 digest of its CID', () => {
    const cid = CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
    expect(contentIdOf(cid)).toBe('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })
})

describe('a settlement record', () => {
  it('is 132 bytes in the order of ledger.md 6 and is read back', async () => {
    const signature = compactSignature(await sign(TAB))
    const packed = packRecords([{ tab: TAB, signature }])
    expect(packed.length).toBe(RECORD_BYTES)
    const hex = Buffer.from(packed).toString('hex')
    expect(hex.slice(0, 40)).toBe(TAB.payer.slice(2))
    expect(BigInt(`0x${hex.slice(40, 64)}`)).toBe(TAB.total)
    expect(Number.parseInt(hex.slice(64, 72), 16)).toBe(TAB.count)
    expect(`0x${hex.slice(72, 136)}`).toBe(TAB.chain)
    expect(hex.slice(136)).toBe(Buffer.from(signature).toString('hex'))
    expect(unpackRecords(packed, TAB)).toEqual([{ tab: TAB, signature }])
  })

  it('is refused when cut, or when it mixes creators', async () => {
    const signature = compactSignature(await sign(TAB))
    const packed = packRecords([{ tab: TAB, signature }])
    expect(() => unpackRecords(packed.subarray(0, 131), TAB)).toThrow(RangeError)
    const other = { tab: { ...TAB, creator: TAB.payer }, signature }
    expect(() => packRecords([{ tab: TAB, signature }, other])).toThrow(TypeError)
  })
})
