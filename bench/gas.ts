import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'
import { AbiCoder, concat, Signature, ZeroAddress } from 'ethers'
import { Chain, CHAIN_ID, type Contract, type Deployed, deployLocal, WE } from '../contracts/test/chain'
import { record, tabOf } from '../contracts/test/tabs'

/**
 * Gas of everything that people do, from receipts of the committed bytecode in an EVM with Prague's rules (ledger.md 5).
 * Warm: all balances and lines exist already; first: they do not.
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const CONTENT = `0x${'c7'.repeat(32)}`
const FOREVER = 2n ** 40n

const figures: Record<string, number> = {}
function note(name: string, gas: bigint | number): void {
  figures[name] = Math.round(Number(gas))
  if (options.json !== true) console.log(`${name.padEnd(64)} ${figures[name].toLocaleString('en').padStart(10)}`)
}

const chain = await Chain.create()
const on = await deployLocal(chain)
for (const name of ['alice', 'bea', 'carl']) await on.TestFaucet.send(chain.account(name), 'claim')
const [alice, bea, carl] = [chain.account('alice'), chain.account('bea'), chain.account('carl')]

await transfers()
await directGifts()
await deposits()
await tabs(options.quick === true ? [1, 10, 200] : [1, 10, 50, 200])
await others()
console.log(JSON.stringify(figures))

async function transfers(): Promise<void> {
  note('transfer to a holder', (await on.WEToken.send(alice, 'transfer', bea.address, WE)).gasUsed)
  const fresh = chain.account('nobody').address
  note('transfer to a new holder', (await on.WEToken.send(alice, 'transfer', fresh, WE)).gasUsed)
}

async function directGifts(): Promise<void> {
  const approve = (amount: bigint): Promise<unknown> => on.WEToken.send(alice, 'approve', on.GiftRouter.address, amount)
  const give = async (sharer: string, creator = bea.address, allowance = WE): Promise<bigint> => {
    await approve(allowance)
    return (await on.GiftRouter.send(alice, 'gift', creator, 4, 1, CONTENT, sharer)).gasUsed
  }
  const giveByCall = async (sharer: string): Promise<bigint> => {
    const data = AbiCoder.defaultAbiCoder().encode(
      ['address', 'uint32', 'uint32', 'bytes32', 'address'],
      [bea.address, 4, 1, CONTENT, sharer],
    )
    const name = 'transferAndCall(address,uint256,bytes)'
    return (await on.WEToken.send(alice, name, on.GiftRouter.address, WE, data)).gasUsed
  }
  note('direct gift, first to a creator', await give(ZeroAddress, chain.account('new creator').address))
  note('direct gift by exact approval, warm', await give(ZeroAddress))
  note('direct gift by an approval of more, warm', await give(ZeroAddress, bea.address, 2n * WE))
  await approve(0n)
  note('direct gift by transferAndCall, warm', await giveByCall(ZeroAddress))
  await on.GiftRouter.send(bea, 'setSharerBps', 1_000)
  chain.time += 86_400n
  await give(carl.address)
  note('direct gift with sharer by exact approval, warm', await give(carl.address))
  note('direct gift with sharer by transferAndCall, warm', await giveByCall(carl.address))
  const permit = await permitOf(alice.address, on.GiftRouter, WE)
  const { gasUsed } = await on.GiftRouter.send(
    alice,
    'giftWithPermit',
    ...[bea.address, 4, 1, CONTENT, ZeroAddress],
    ...permit,
  )
  note('direct gift with permit, warm', gasUsed)
}

/** value, deadline, v, r, s of Alice's permit. */
async function permitOf(owner: string, spender: Contract, value: bigint): Promise<readonly unknown[]> {
  const nonce = await on.WEToken.number('nonces', owner)
  const signature = Signature.from(
    await alice.signTypedData(
      { name: 'WE', version: '1', chainId: CHAIN_ID, verifyingContract: on.WEToken.address },
      {
        Permit: ['owner', 'spender', 'value', 'nonce', 'deadline'].map((name) => ({
          name,
          type: name === 'owner' || name === 'spender' ? 'address' : 'uint256',
        })),
      },
      { owner, spender: spender.address, value, nonce, deadline: FOREVER },
    ),
  )
  return [value, FOREVER, signature.v, signature.r, signature.s]
}

async function deposits(): Promise<void> {
  const name = 'transferAndCall(address,uint256)'
  note('deposit, first', (await on.WEToken.send(alice, name, on.TipBank.address, 10n * WE)).gasUsed)
  note('deposit, next', (await on.WEToken.send(alice, name, on.TipBank.address, 10n * WE)).gasUsed)
  await on.WEToken.send(alice, 'approve', on.TipBank.address, 20n * WE)
  note('deposit by approval, next', (await on.TipBank.send(alice, 'deposit', 10n * WE)).gasUsed)
  const { gasUsed } = await on.TipBank.send(
    alice,
    'depositWithPermit',
    ...(await permitOf(alice.address, on.TipBank, 10n * WE)),
  )
  note('deposit with permit, next', gasUsed)
}

/** Settles n tabs at once: a first time, then larger totals of the same payers (warm), without and with a sharer. */
async function tabs(sizes: readonly number[]): Promise<void> {
  const payers = Array.from({ length: Math.max(...sizes) }, (_, index) => chain.account(`payer ${index}`))
  for (const payer of payers) {
    await on.TestFaucet.send(payer, 'claim')
    await on.WEToken.send(payer, 'transferAndCall(address,uint256)', on.TipBank.address, 900n * WE)
  }
  for (const count of sizes) {
    for (const sharerBps of [0, 1_000]) {
      const creator = chain.account(`creator ${count} ${sharerBps}`)
      const sharer = sharerBps === 0 ? ZeroAddress : carl.address
      const settle = async (total: bigint, gifts: number): Promise<bigint> => {
        const records = payers.slice(0, count).map((payer, index) => {
          const chainHash = `0x${index.toString(16).padStart(4, '0').repeat(16).replaceAll('0', '7')}`
          const tab = tabOf(payer, creator, total, { sharer, sharerBps, count: gifts, chain: chainHash })
          return record(tab, payer, on.TipBank.address)
        })
        const { gasUsed } = await on.TipBank.send(bea, 'settle', creator.address, sharer, sharerBps, concat(records))
        return gasUsed / BigInt(count)
      }
      const what = `tab, full record, n=${count}${sharerBps === 0 ? '' : ', sharer'}`
      note(`${what}, first, each`, await settle(1_234_567_890_123_456_789n, 50))
      const warm = await settle(2_345_678_901_234_567_890n, 100)
      note(`${what}, warm, each`, warm)
      if (count === Math.max(...sizes) && sharerBps === 0)
        note('gift at 50 a session, warm tab, largest batch', warm / 50n)
    }
  }
}

async function others(): Promise<void> {
  const { ContentRegistry, AccessMarket, GiftCatalog, WEToken, TipBank } = on satisfies Deployed
  note('withdraw', (await TipBank.send(chain.account('creator 200 0'), 'withdraw')).gasUsed)
  note('start exit', (await TipBank.send(alice, 'startExit')).gasUsed)
  chain.time += 86_400n
  note('finish exit', (await TipBank.send(alice, 'finishExit')).gasUsed)
  const splits = [
    [bea.address, 9_000],
    [carl.address, 1_000],
  ]
  note(
    'register content, two splits',
    (await ContentRegistry.send(bea, 'register', CONTENT, CONTENT, 'MIT', splits)).gasUsed,
  )
  note('anchor a Merkle root', (await ContentRegistry.send(bea, 'anchor', CONTENT, 1_000)).gasUsed)
  const itemId = await ContentRegistry.read('itemIdOf', bea.address, CONTENT)
  await AccessMarket.send(bea, 'setPrice', itemId, WE)
  const call = 'transferAndCall(address,uint256,bytes)'
  note('buy content, two splits, first', (await WEToken.send(carl, call, AccessMarket.address, WE, itemId)).gasUsed)
  note('buy content, two splits, next', (await WEToken.send(alice, call, AccessMarket.address, WE, itemId)).gasUsed)
  note('buy packets, first', (await WEToken.send(bea, call, AccessMarket.address, (60n * WE) / 10n, '0x')).gasUsed)
  note('buy packets, next', (await WEToken.send(bea, call, AccessMarket.address, (60n * WE) / 10n, '0x')).gasUsed)
  note('start a live', (await AccessMarket.send(bea, 'startLive', CONTENT, 10)).gasUsed)
  note('stay live', (await AccessMarket.send(bea, 'startLive', CONTENT, 10)).gasUsed)
  const own = AbiCoder.defaultAbiCoder().encode(
    ['uint80', 'string', 'string', 'address', 'uint16'],
    [WE, 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi', 'Unicorn', bea.address, 1_000],
  )
  note('define a gift', (await WEToken.send(bea, call, GiftCatalog.address, WE, own)).gasUsed)
}
