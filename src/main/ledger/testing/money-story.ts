import { concat, Contract, keccak256, Signature, toBeHex, type Signer } from 'ethers'
import { TYPED_DATA } from '@shared/wallet/typed-data'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { ZERO_BYTES32 } from '@shared/money/address'
import { ARTIFACTS, type ArtifactName } from '../../../../contracts/deployment'

/** Digest of a made-up video. */
export const STORY_CONTENT = keccak256('0x01')
export const STORY_LIVE = keccak256('0x02')
/** Price of the third standard gift. */
export const HEART = WEI_PER_WE / 2n

export type Addresses = ReadonlyMap<string, string>

/** Calls a contract of ours and waits until it is in a block; rejects when the contract refuses. */
export async function act(
  addresses: Addresses,
  [name, method]: readonly [ArtifactName, string],
  by: Signer,
  ...args: unknown[]
): Promise<void> {
  const contract = new Contract(addresses.get(name)!, ARTIFACTS[name].abi, by)
  const sent = await contract.getFunction(method).send(...args)
  await sent.wait()
}

export interface StoryPeople {
  viewer: Signer
  creator: Signer
  sharer: string
  chainId: bigint
}

/**
 * A viewer gets test WE, gives three hearts directly, deposits and pays by a tab; the creator registers a video, buys
 * packets, goes live and settles; then the viewer tries what is refused.
 */
export async function tellStory(addresses: Addresses, people: StoryPeople): Promise<void> {
  const { viewer, creator, sharer } = people
  const creatorAddress = await creator.getAddress()
  const approve = (by: Signer, spender: string, amount: bigint): Promise<void> =>
    act(addresses, ['WEToken', 'approve'], by, addresses.get(spender), amount)
  await act(addresses, ['TestFaucet', 'claim'], viewer)
  await act(addresses, ['TestFaucet', 'claim'], creator)
  await act(addresses, ['ContentRegistry', 'register'], creator, STORY_CONTENT, ZERO_BYTES32, 'CC-BY', [])
  await approve(creator, 'AccessMarket', 60n * WEI_PER_WE)
  await act(addresses, ['AccessMarket', 'buyPackets'], creator, 60)
  await act(addresses, ['AccessMarket', 'startLive'], creator, STORY_LIVE, 1)
  await act(addresses, ['GiftRouter', 'setSharerBps'], creator, 1_000)
  await approve(viewer, 'GiftRouter', 10n * WEI_PER_WE)
  await act(addresses, ['GiftRouter', 'gift'], viewer, creatorAddress, 3, 3, STORY_CONTENT, sharer)
  await approve(viewer, 'TipBank', 100n * WEI_PER_WE)
  await act(addresses, ['TipBank', 'deposit'], viewer, 100n * WEI_PER_WE)
  await settleTab(addresses, people, 20n * WEI_PER_WE)
  // the contract refuses it, since the allowance is used up
  const tooMuch = [creatorAddress, 15, 9, STORY_CONTENT, sharer, { gasLimit: 300_000 }]
  await act(addresses, ['GiftRouter', 'gift'], viewer, ...tooMuch).catch(() => undefined)
}

/** The creator settles the viewer's tab of `total` wei in all. */
export async function settleTab(addresses: Addresses, people: StoryPeople, total: bigint): Promise<void> {
  const { viewer, creator, sharer, chainId } = people
  const tab = {
    ...{ payer: await viewer.getAddress(), creator: await creator.getAddress(), sharer, sharerBps: 1_000 },
    ...{ total, count: 1, chain: ZERO_BYTES32 },
  }
  const domain = { name: 'WE TipBank', version: '1', chainId, verifyingContract: addresses.get('TipBank')! }
  const { r, yParityAndS } = Signature.from(await viewer.signTypedData(domain, { Tab: [...TYPED_DATA.Tab] }, tab))
  const record = concat([tab.payer, toBeHex(total, 12), toBeHex(1, 4), tab.chain, r, yParityAndS])
  await act(addresses, ['TipBank', 'settle'], creator, tab.creator, sharer, tab.sharerBps, record)
}
