import * as dagCbor from '@ipld/dag-cbor'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  decodeBlock,
  encodeBlock,
  encodeHeader,
  joinTransactions,
  type BlockHeader,
  type LedgerBlock,
} from '@shared/ledger/block'
import { BlockError } from '@shared/ledger/block-error'
import { encodeGenesis } from '@shared/ledger/genesis'
import { MAX_BLOCK_BYTES } from '@shared/ledger/ledger-limits'
import { authorityKey, type AuthorityKey } from './authority-key'
import { EmbeddedLedger } from './embedded-ledger'
import { keccak256 } from './keccak'
import {
  FREELY,
  payment,
  reached,
  removeTempFolders,
  tempFolder,
  TILL_GENESIS,
  testWallet,
} from './testing/temp-ledger'

const NOW = Date.UTC(2026, 10, 1)
const hostKey = authorityKey(new Uint8Array(32).fill(7))
const strangersKey = authorityKey(new Uint8Array(32).fill(8))
const genesis = encodeGenesis({
  v: 1,
  name: 'test',
  t: NOW / 1000 - 100,
  authorities: [hostKey.address],
  calls: TILL_GENESIS,
})

let host: EmbeddedLedger
let follower: EmbeddedLedger
/** The host's blocks 1 and 2, each with one payment. */
let good: LedgerBlock[]

beforeEach(async () => {
  const options = { genesis, clock: () => NOW, admission: FREELY }
  host = await EmbeddedLedger.open({ ...options, folder: await tempFolder(), key: hostKey })
  follower = await EmbeddedLedger.open({ ...options, folder: await tempFolder() })
  for (const nonce of [0, 1]) {
    await host.submit(await payment(testWallet(0), host.chainId, nonce, 5n))
    await reached(host, nonce + 1)
  }
  good = [1, 2].map((height) => decodeBlock(host.store.block(height)!))
})
afterEach(async () => {
  await Promise.all([host.close(), follower.close()])
})
afterAll(removeTempFolders)

/** The host's first block with another header or content, signed anew by the key. */
function altered(
  header: Partial<BlockHeader>,
  { transactions = good[0]!.transactions, key = hostKey }: { transactions?: Uint8Array[]; key?: AuthorityKey } = {},
): Uint8Array {
  const changed = { ...good[0]!.header, x: keccak256(joinTransactions(transactions)), ...header }
  return encodeBlock({
    header: changed,
    transactions,
    signatures: [key.sign(keccak256(encodeHeader(changed)))],
  })
}

async function refusal(encoded: Uint8Array): Promise<BlockError> {
  const before = follower.head
  const error: unknown = await follower.importBlock(encoded).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof BlockError)) throw new Error(`Not refused: ${String(error)}`)
  expect(follower.head).toEqual(before)
  // The good block still fits: nothing of the bad one has stayed.
  await follower.importBlock(encodeBlock(good[follower.head.height]!))
  return error
}

describe('a block from a peer is executed again and refused with its reason when it', () => {
  it('states another state than its transactions lead to', async () => {
    const error = await refusal(altered({ r: new Uint8Array(32).fill(1) }))
    expect(error).toMatchObject({ code: 'block-forged', height: 1 })
  })

  it('states other gas', async () => {
    expect((await refusal(altered({ g: good[0]!.header.g + 1 }))).code).toBe('block-forged')
  })

  it('leaves a transaction out, or was signed for others', async () => {
    expect((await refusal(altered({}, { transactions: [] }))).code).toBe('block-forged')
    const swapped = { ...good[1]!, transactions: good[0]!.transactions }
    expect((await refusal(encodeBlock(swapped))).code).toBe('block-forged')
  })

  it('holds a transaction that nobody signed, that has a price, or of another ledger', async () => {
    const wallet = testWallet(1)
    const unsigned = await payment(wallet, host.chainId, 0, 5n)
    unsigned[unsigned.length - 1]! ^= 1 // now signed by an unknown account, at a nonce that may even fit
    const priced = await payment(wallet, host.chainId, 0, 5n, { maxFeePerGas: 1 })
    const foreign = await payment(wallet, host.chainId + 1, 0, 5n)
    for (const raw of [unsigned, priced, foreign]) {
      const encoded = altered({}, { transactions: [raw] })
      await expect(follower.importBlock(encoded)).rejects.toMatchObject({ code: 'block-forged' })
    }
    expect(follower.head.height).toBe(0)
  })

  it('repeats a transaction', async () => {
    const [raw] = good[0]!.transactions
    expect((await refusal(altered({}, { transactions: [raw!, raw!] }))).code).toBe('block-forged')
  })

  it('is signed by a stranger, by nobody, or names another maker', async () => {
    expect((await refusal(altered({}, { key: strangersKey }))).code).toBe('block-unsigned')
    expect((await refusal(encodeBlock({ ...good[1]!, signatures: [] }))).code).toBe('block-unsigned')
    await expect(follower.importBlock(altered({ b: strangersKey.address }))).rejects.toBeInstanceOf(BlockError)
  })

  it('has a second signature of the same key in its other form (malleable)', async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const [signature] = good[0]!.signatures
    const s = order - BigInt(`0x${Buffer.from(signature!.subarray(32, 64)).toString('hex')}`)
    const high = new Uint8Array(signature!)
    high.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32)
    high[64]! ^= 1
    expect((await refusal(encodeBlock({ ...good[0]!, signatures: [high] }))).code).toBe('block-unsigned')
  })

  it('comes from the future, or goes back in time', async () => {
    expect((await refusal(altered({ t: NOW / 1000 + 60 }))).code).toBe('block-future')
    const second = { ...good[1]!.header, t: good[0]!.header.t - 1 }
    const signatures = [hostKey.sign(keccak256(encodeHeader(second)))]
    expect((await refusal(encodeBlock({ ...good[1]!, header: second, signatures }))).code).toBe('block-time')
  })

  it('forks: another block at a height that is taken, or after another parent', async () => {
    const other = altered({ t: good[0]!.header.t + 1, p: new Uint8Array(32).fill(3) })
    expect((await refusal(other)).code).toBe('block-forked')
    const error = await refusal(altered({ t: good[0]!.header.t + 1 }))
    expect(error).toMatchObject({ code: 'block-double-signed', height: 1 })
    expect(error.message).toContain(Buffer.from(hostKey.address).toString('hex'))
  })

  it('comes too early, or belongs to another ledger', async () => {
    expect((await refusal(encodeBlock(good[1]!))).code).toBe('block-gap')
    await expect(follower.importBlock(altered({ c: host.chainId + 1 }))).rejects.toMatchObject({
      code: 'block-foreign',
    })
  })

  it('is huge or no block at all, which costs no reading', async () => {
    expect((await refusal(new Uint8Array(MAX_BLOCK_BYTES + 1))).code).toBe('block-too-large')
    const { header, transactions, signatures } = good[1]!
    for (const junk of [
      new Uint8Array([0xff]),
      new Uint8Array(500_000).fill(0x81),
      dagCbor.encode([{ ...header, extra: 1 }, transactions, signatures]),
      dagCbor.encode([{ ...header, n: -1 }, transactions, signatures]),
      dagCbor.encode([header, transactions, signatures, 1]),
    ]) {
      await expect(follower.importBlock(junk)).rejects.toMatchObject({ code: 'block-malformed' })
    }
  })

  it('the same block again is no offence', async () => {
    for (let i = 0; i < 2; i++) await follower.importBlock(encodeBlock(good[0]!))
    expect(follower.head.height).toBe(1)
  })
})
