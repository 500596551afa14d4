import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBlock, encodeHeader, type LedgerBlock } from '@shared/ledger/block'
import { encodeGenesis } from '@shared/ledger/genesis'
import { authorityKey } from './authority-key'
import { EmbeddedLedger } from './embedded-ledger'
import { keccak256 } from './keccak'
import { LocalLedgers } from './local-ledgers'
import { ExchangeHub } from './testing/exchange-hub'
import { FREELY, payment, removeTempFolders, tempFolder, TILL_GENESIS, testWallet } from './testing/temp-ledger'

const NOW = Date.UTC(2026, 10, 1)
const keys = [1, 2, 3].map((fill) => authorityKey(new Uint8Array(32).fill(fill)))
const genesis = encodeGenesis({
  v: 1,
  name: 'community',
  t: NOW / 1000 - 100,
  authorities: keys.map(({ address }) => address),
  calls: TILL_GENESIS,
})

afterAll(removeTempFolders)

describe('a ledger of three authorities', () => {
  let now = NOW
  let folders: string[]
  let ledgers: EmbeddedLedger[]

  const open = (index: number): Promise<EmbeddedLedger> =>
    EmbeddedLedger.open({ folder: folders[index]!, genesis, key: keys[index]!, clock: () => now, admission: FREELY })
  beforeEach(async () => {
    now = NOW
    folders = await Promise.all(keys.map(tempFolder))
    ledgers = await Promise.all(keys.map((_, index) => open(index)))
  })
  afterEach(() => Promise.all(ledgers.map((ledger) => ledger.close())))

  /** Block 1 belongs to authority 1. */
  const proposal = async (amount = 1n, by = 1): Promise<LedgerBlock> => {
    await ledgers[by]!.submit(await payment(testWallet(0), ledgers[by]!.chainId, 0, amount))
    return (await ledgers[by]!.propose())!
  }

  it('a block is final with two of three signatures, and no authority adds it before', async () => {
    const block = await proposal()
    await expect(ledgers[0]!.importBlock(encodeBlock(block))).rejects.toMatchObject({ code: 'block-unsigned' })
    const twice = { ...block, signatures: [block.signatures[0]!, block.signatures[0]!] }
    await expect(ledgers[0]!.importBlock(encodeBlock(twice))).rejects.toMatchObject({ code: 'block-unsigned' })
    const second = await ledgers[2]!.endorse(encodeBlock(block))
    const final = encodeBlock({ ...block, signatures: [...block.signatures, second] })
    for (const ledger of ledgers) await ledger.importBlock(final)
    expect(new Set(ledgers.map(({ head }) => Buffer.from(head.hash).toString('hex'))).size).toBe(1)
  })

  it('another authority steps in only after five seconds', async () => {
    await ledgers[2]!.submit(await payment(testWallet(0), ledgers[2]!.chainId, 0, 1n))
    expect(ledgers[2]!.isDue).toBe(false)
    const early = (await ledgers[2]!.propose())!
    await expect(ledgers[0]!.endorse(encodeBlock(early))).rejects.toMatchObject({ code: 'block-not-due' })
    now += 5_000
    expect(ledgers[2]!.isDue).toBe(true)
    expect(await ledgers[0]!.endorse(encodeBlock(early))).toHaveLength(65)
  })

  it('a key signs one block of a height, also after a restart, and proposes the same one again', async () => {
    const block = await proposal(1n)
    const other = await proposal(2n, 2)
    now += 6_000
    await ledgers[0]!.endorse(encodeBlock(block))
    await expect(ledgers[0]!.endorse(encodeBlock(other))).rejects.toMatchObject({ code: 'block-not-due' })
    for (const index of [0, 1]) {
      await ledgers[index]!.close()
      ledgers[index] = await open(index)
    }
    await expect(ledgers[0]!.endorse(encodeBlock(other))).rejects.toMatchObject({ code: 'block-not-due' })
    expect(await ledgers[1]!.propose()).toEqual(block)
    expect(await ledgers[0]!.endorse(encodeBlock(block))).toHaveLength(65)
  })

  it('an authority that signs two blocks of a height is named by everyone who sees both', async () => {
    const block = await proposal(1n)
    const header = { ...block.header, t: block.header.t + 1 }
    const signature = keys[1]!.sign(keccak256(encodeHeader(header)))
    await ledgers[0]!.endorse(encodeBlock(block))
    const double = ledgers[0]!.endorse(encodeBlock({ ...block, header, signatures: [signature] }))
    await expect(double).rejects.toMatchObject({ code: 'block-double-signed' })
    await expect(double).rejects.toThrow(Buffer.from(keys[1]!.address).toString('hex'))
  })

  it('a proposal with a forged state gets no signature, and leaves the vote free', async () => {
    const block = await proposal()
    const header = { ...block.header, r: new Uint8Array(32) }
    const forged = { ...block, header, signatures: [keys[1]!.sign(keccak256(encodeHeader(header)))] }
    await expect(ledgers[0]!.endorse(encodeBlock(forged))).rejects.toMatchObject({ code: 'block-forged' })
    expect(await ledgers[0]!.endorse(encodeBlock(block))).toHaveLength(65)
  })
})

describe('three peers with a key each', () => {
  it('take turns, go on without one of them, stand still without two, and agree when all are back', async () => {
    let now = NOW
    const hub = new ExchangeHub()
    const names = ['ada', 'ben', 'cleo']
    const peers = await Promise.all(
      names.map(async (name) => {
        const ledgers = new LocalLedgers({ dir: await tempFolder(), clock: () => now, admission: FREELY })
        ledgers.connect(hub.member(name))
        return ledgers
      }),
    )
    try {
      const addresses = await Promise.all(peers.map((peer) => peer.authorityAddress()))
      const { id, chainId, contracts } = await peers[0]!.found('community', addresses)
      for (const peer of peers.slice(1)) await peer.follow(id, ['ada'])
      const wallet = testWallet(5)
      const send = async (nonce: number, through: number): Promise<void> => {
        const to = contracts[nonce === 0 ? 'TestFaucet' : 'WEToken']!
        const data = nonce === 0 ? '0x4e71d92d' : `0xa9059cbb${'11'.repeat(32)}${'0'.repeat(63)}1`
        const raw = await payment(wallet, chainId, nonce, 0n, { to, data, gasLimit: 200_000 })
        const params = [`0x${Buffer.from(raw).toString('hex')}`]
        await peers[through]!.request(id, { method: 'eth_sendRawTransaction', params })
      }
      const block = async (peer: LocalLedgers): Promise<{ number: string; hash: string; miner: string }> =>
        (await peer.request(id, { method: 'eth_getBlockByNumber', params: ['latest', false] })) as never
      const heights = async (): Promise<number[]> =>
        Promise.all(peers.map(async (peer) => Number((await block(peer)).number)))

      const miners: string[] = []
      for (let nonce = 0; nonce < 3; nonce++) {
        await send(nonce, nonce)
        await expect.poll(heights, { timeout: 20_000 }).toEqual([nonce + 1, nonce + 1, nonce + 1])
        miners.push((await block(peers[0]!)).miner)
      }
      expect(miners).toEqual([addresses[1], addresses[2], addresses[0]])

      hub.setOnline('ben', false) // whose turn is next
      await send(3, 0)
      expect(await heights()).toEqual([3, 3, 3])
      now += 5_500
      await expect.poll(heights, { timeout: 20_000 }).toEqual([4, 3, 4])
      expect((await block(peers[0]!)).miner).toBe(addresses[2])

      hub.setOnline('cleo', false)
      await send(4, 0)
      now += 60_000
      await new Promise((resolve) => setTimeout(resolve, 600))
      expect(await heights()).toEqual([4, 3, 4])

      hub.setOnline('ben', true)
      hub.setOnline('cleo', true)
      const later = (): Promise<number[]> => {
        now += 1_000 // each waits its own five seconds before it stands for one who steps in
        return heights()
      }
      await expect.poll(later, { timeout: 20_000 }).toEqual([5, 5, 5])
      const last = await Promise.all(peers.map(block))
      expect(new Set(last.map(({ hash }) => hash)).size).toBe(1)
    } finally {
      await Promise.all(peers.map((peer) => peer.close()))
    }
  })
})
