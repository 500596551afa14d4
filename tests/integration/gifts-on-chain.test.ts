import { Contract, type JsonRpcProvider } from 'ethers'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { join } from 'node:path'
import { ZERO_ADDRESS, ZERO_BYTES32 } from '@shared/money/address'
import { ContractName } from '@shared/money/contract-name'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { incomingMovements } from '@shared/wallet/incoming-movements'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ARTIFACTS, localDeployment, type ArtifactName } from '../../contracts/deployment'
import { CreatorRoom } from '../../src/main/ledger/gifts/creator-room'
import { ViewerRoom } from '../../src/main/ledger/gifts/viewer-room'
import { Anvil, anvilAccount, hasAnvil } from '../../src/main/ledger/testing/anvil'
import { transferCall } from '../../src/main/wallet/policy/transfer-call'
import { ChainProfile } from './chain-profile'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

const KEY = 'rpc-31337'
const CHAIN = 31_337n
const code = (name: string) => expect.objectContaining({ name: 'StudioError', code: name }) as Error

/** The creator is one of anvil's rich accounts, so is the viewer; both have 1,000 WE of the faucet. */
describe.runIf(hasAnvil())('WE on a real chain', () => {
  let anvil: Anvil
  let node: JsonRpcProvider
  let creator: ChainProfile
  let viewer: ChainProfile
  let at: Readonly<Record<string, string>>

  const read = async (name: ArtifactName, method: string, ...args: unknown[]): Promise<bigint> => {
    const contract = new Contract(at[name]!, ARTIFACTS[name].abi, node)
    const answer: unknown = await contract.getFunction(method).staticCall(...args)
    return Array.isArray(answer) ? (answer as bigint[])[0]! : (answer as bigint)
  }
  const add = (profile: ChainProfile) =>
    profile.desk.addNetwork({
      ...{ name: 'Testchain', rpcUrl: anvil.url, secondRpcUrl: `${anvil.url}?other` },
      contracts: JSON.stringify({
        ...{ chainId: 31_337, coin: 'TST' },
        contracts: Object.fromEntries(ContractName.options.map((name) => [name, { address: at[name] }])),
      }),
    })

  beforeAll(async () => {
    anvil = await Anvil.start()
    node = anvil.provider()
    const [deployer, creatorKey, viewerKey] = [0, 1, 2].map((index) => anvilAccount(index).connect(node))
    const steps = localDeployment(deployer!.address)
    for (const [nonce, { data }] of steps.entries())
      await deployer!.sendTransaction({ data, nonce, gasLimit: 8_000_000 })
    at = Object.fromEntries(steps.map(({ name, address }) => [name, address]))
    const faucet = { to: at['TestFaucet']!, data: '0x4e71d92d' } // claim()
    for (const account of [creatorKey!, viewerKey!]) await (await account.sendTransaction(faucet)).wait()
    ;[creator, viewer] = await Promise.all([
      ChainProfile.open('bea', creatorKey!.privateKey),
      ChainProfile.open('ann', viewerKey!.privateKey),
    ])
  })
  afterAll(async () => {
    await Promise.all([creator.close(), viewer.close()])
    node.destroy()
    await anvil.stop()
  })

  test('a viewer without the network is told the way out; with it she gives, and the creator is paid by the contract', async () => {
    await add(creator)
    await creator.inWallet.open()
    await creator.inWallet.choose(KEY)
    const room = new CreatorRoom({
      ...{ money: creator.money, folder: join(creator.dir, 'gifts'), sharerBps: () => 0 },
      ...{ shown: () => undefined, changed: () => undefined, took: () => undefined, packetsAt: () => undefined },
    })
    const terms = (await room.terms())!
    expect(terms).toMatchObject({
      chainId: 31_337,
      genesis: ZERO_BYTES32,
      bank: at['TipBank'],
      account: creator.address,
    })
    await room.refresh()
    const cid = CID.createV1(0x71, create(0x12, new Uint8Array(32).fill(7))).toString()
    room.begin(cid, terms)

    const broadcaster = (await loadDeviceKey(creator.dir)).peerKey.publicKey.toString()
    const notices: string[] = []
    const watched: ViewerRoom = new ViewerRoom(
      { url: `we://bea/live/${cid}`, cid, broadcaster, title: 'Evening talk', terms },
      {
        ...{ money: viewer.money, folder: join(viewer.dir, 'gifts'), shown: () => undefined, changed: () => undefined },
        send: (bytes) => room.take(bytes),
        notice: (_level, message) => notices.push(message),
      },
    )
    await watched.open()
    expect(watched.view.readiness).toMatchObject({ state: 'failed', code: 'chain-missing' })
    await add(viewer)
    await watched.accountChanged()
    expect(watched.view).toMatchObject({
      readiness: { state: 'ready' },
      isTest: false,
      balanceWei: 1_000n * WEI_PER_WE,
    })

    await watched.give({ giftId: 5, qty: 2, text: 'Thank you' })
    // the deposit asks, with its fee; the gift itself is inside the room's budget
    const [deposit, ...more] = viewer.asked.splice(0)
    expect(more).toEqual([])
    expect(deposit!.network).toEqual({ name: 'Testchain', testValue: false })
    const said = Object.fromEntries(deposit!.words.details.map(({ label, value }) => [label, value]))
    expect(said['Network fee']).toMatch(/^At most 0\.0\d+ TST$/)
    expect(said['Left after this']).toBe('990 WE, now 1,000 WE')
    expect(said['Left today in this room without asking']).toBe('50 WE')
    await watched.give({ giftId: 3, qty: 1, text: '' })
    expect(viewer.takeTitles()).toEqual([])
    expect(room.view).toMatchObject({ owedWei: (9n * WEI_PER_WE) / 2n, isTest: false })

    await room.end()
    expect(creator.takeTitles()).toHaveLength(1)
    const earned = (45n * WEI_PER_WE * 99n) / 1_000n
    expect(room.view).toMatchObject({ owedWei: 0n, earnedWei: earned })
    expect(await read('TipBank', 'paidOf', viewer.address, creator.address, ZERO_ADDRESS, 0)).toBe(
      (45n * WEI_PER_WE) / 10n,
    )
    await room.withdraw()
    expect(await read('WEToken', 'balanceOf', creator.address)).toBe(1_000n * WEI_PER_WE + earned)
    expect(await read('TipBank', 'owed', creator.address)).toBe(0n)
    expect(await read('TipBank', 'accountOf', viewer.address)).toBe(8n * WEI_PER_WE - (45n * WEI_PER_WE) / 10n)

    // what the contract would undo is said before anybody is asked
    creator.takeTitles()
    await expect(room.withdraw()).rejects.toThrow(/there is nothing to be moved/)
    expect(creator.takeTitles()).toEqual([])
    await Promise.all([watched.close(), room.close()])
    expect(notices).toEqual([])
  })

  test('WE is sent with its fee shown, seen by who gets it, and once only: raised when it waits, found after a restart', async () => {
    await viewer.inWallet.choose(KEY)
    const send = (we: bigint, to = creator.address): Promise<{ hash: string }> =>
      viewer.inWallet.send(
        CHAIN,
        viewer.address,
        transferCall(at['WEToken']!, to, we * WEI_PER_WE),
        (transaction, about) =>
          viewer.wallet
            .handlers()
            .signTransaction({ account: viewer.address, transaction, room: null, about }) as Promise<{
            raw: string
            hash: string
          }>,
      )
    const before = await viewer.inWallet.balance(CHAIN, viewer.address)
    await expect(send(5_000n)).rejects.toThrow(/it takes 5,000 WE, and you have 990 WE/)
    expect(viewer.takeTitles()).toEqual([])
    await send(5n)
    expect(viewer.takeTitles()).toEqual(['Send 5 WE'])
    const after = await viewer.inWallet.balance(CHAIN, viewer.address)
    expect(before.freeWei - after.freeWei).toBe(5n * WEI_PER_WE)
    expect(after.coinWei).toBeLessThan(before.coinWei!)

    // what came in, from the index of the chain
    const nameOf = (): null => null
    const titles = async (): Promise<string[]> => {
      const entries = await creator.desk.entriesOf(creator.address, KEY, 100)
      return incomingMovements(entries, creator.address, { chainId: CHAIN, nameOf }).map(({ title }) => title)
    }
    await expect
      .poll(titles, { timeout: 30_000 })
      .toEqual(['Received 5 WE', 'Gifts of your viewers, collected', 'Received 1,000 WE'])

    // waits too long: the same with a higher fee, and only one of them happens
    await viewer.stopSending()
    await viewer.start({ pollMs: 20, raiseAfterMs: 150 })
    await anvil.rpc('evm_setAutomine', false)
    const waiting = send(1n)
    await expect.poll(() => viewer.asked.length).toBeGreaterThan(1)
    expect(viewer.inWallet.underWay(viewer.address)).toEqual([{ chainId: CHAIN, words: 'Send 1 WE' }])
    await anvil.rpc('evm_mine')
    await waiting
    expect(viewer.takeTitles().slice(0, 2)).toEqual(['Send 1 WE', 'Send 1 WE, sooner'])
    expect((await viewer.inWallet.balance(CHAIN, viewer.address)).freeWei).toBe(after.freeWei - WEI_PER_WE)

    // the app ends while it is under way: the next run says what came of it
    const cut = send(2n).catch((error: unknown) => error)
    await expect.poll(() => viewer.takeTitles().length).toBe(1)
    await expect.poll(async () => Number(((await anvil.rpc('txpool_status')) as { pending: string }).pending)).toBe(1)
    await viewer.stopSending()
    await cut
    await viewer.start({ pollMs: 20 })
    await viewer.inWallet.balance(CHAIN, viewer.address)
    await anvil.rpc('evm_mine')
    await expect.poll(() => viewer.recovered).toEqual([['Send 2 WE', true]])
    await anvil.rpc('evm_setAutomine', true)

    // back to the ledger of this computer: its own balance, by its own chain id
    await viewer.inWallet.choose(null)
    const [front] = viewer.inWallet.networks()
    expect(front).toMatchObject({ kind: 'local', name: 'Local ledger' })
    expect(await viewer.inWallet.balance(front!.chainId, viewer.address)).toMatchObject({ freeWei: 0n, coinWei: null })
    await expect(viewer.inWallet.chain(8_453n)).rejects.toThrow(code('chain-missing'))
  })
})
