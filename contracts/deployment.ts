import { AbiCoder, ParamType } from 'ethers/abi'
import { getCreateAddress } from 'ethers/address'
import AccessMarket from './artifacts/AccessMarket.json'
import AllocationVesting from './artifacts/AllocationVesting.json'
import ContentRegistry from './artifacts/ContentRegistry.json'
import GiftCatalog from './artifacts/GiftCatalog.json'
import GiftRouter from './artifacts/GiftRouter.json'
import Registry from './artifacts/Registry.json'
import TestFaucet from './artifacts/TestFaucet.json'
import TipBank from './artifacts/TipBank.json'
import WEToken from './artifacts/WEToken.json'
import { STANDARD_GIFTS } from './standard-gifts'

export const ARTIFACTS = {
  WEToken,
  AllocationVesting,
  GiftCatalog,
  GiftRouter,
  TipBank,
  ContentRegistry,
  AccessMarket,
  Registry,
  TestFaucet,
} as const
export type ArtifactName = keyof typeof ARTIFACTS

/** What is deployed: the seven contracts, the faucet, and a vesting for each part of the supply that is set free slowly. */
export type DeployedName =
  Exclude<ArtifactName, 'AllocationVesting'> | 'FoundationVesting' | 'TeamVesting' | 'CommunityVesting'

export interface DeploymentStep {
  readonly name: DeployedName
  readonly artifact: ArtifactName
  /** Address it gets when the steps run in order with nonces 0, 1, 2 ...; lower case. */
  readonly address: string
  /** Init code with constructor arguments, 0x-hex: the data of the deploying transaction. */
  readonly data: string
}

const WE = 10n ** 18n
const DAY = 86_400
/** First second of the schedules and ceilings below; a constant, so that every local ledger has the same code. */
const START = 1_790_000_000
const FEE_BPS = 100
const DEFINE_FEE = WE
const PACKET_PRICE = WE / 10n
const SEEDER_BPS = 8_000

const ORDER = [
  'WEToken',
  'TestFaucet',
  'FoundationVesting',
  'TeamVesting',
  'CommunityVesting',
  'GiftCatalog',
  'GiftRouter',
  'TipBank',
  'ContentRegistry',
  'AccessMarket',
  'Registry',
] as const satisfies readonly DeployedName[]

const VESTINGS = {
  // months of cliff and of linear release: ledger.md 7
  FoundationVesting: { amount: 375_000_000n * WE, cliff: 6 * 30 * DAY, duration: 54 * 30 * DAY },
  TeamVesting: { amount: 62_500_000n * WE, cliff: 12 * 30 * DAY, duration: 36 * 30 * DAY },
  CommunityVesting: { amount: 62_500_000n * WE, cliff: 0, duration: 48 * 30 * DAY },
} as const

/**
 * The transactions that deploy everything on a local ledger, in order, from `sender` with nonces from 0. The same sender
 * gives the same addresses on every ledger. There nobody earns: all receivers (fees, seeders, vested parts) are the
 * faucet, so that test value comes back to where it is given away. `sender` is also council and guardian; choose one
 * without a key and nobody is.
 */
export function localDeployment(sender: string): readonly DeploymentStep[] {
  const at = Object.fromEntries(
    ORDER.map((name, nonce) => [name, getCreateAddress({ from: sender, nonce }).toLowerCase()]),
  ) as Record<DeployedName, string>
  const bank = at.TestFaucet
  const vesting = ({ amount, cliff, duration }: (typeof VESTINGS)[keyof typeof VESTINGS]): unknown[] => [
    at.WEToken,
    bank,
    amount,
    START,
    cliff,
    duration,
  ]
  const listed = ['WEToken', 'GiftCatalog', 'GiftRouter', 'TipBank', 'ContentRegistry', 'AccessMarket'] as const
  const args: Record<DeployedName, unknown[]> = {
    WEToken: [bank, at.FoundationVesting, bank, at.TeamVesting, at.CommunityVesting],
    TestFaucet: [at.WEToken],
    FoundationVesting: vesting(VESTINGS.FoundationVesting),
    TeamVesting: vesting(VESTINGS.TeamVesting),
    CommunityVesting: vesting(VESTINGS.CommunityVesting),
    GiftCatalog: [at.WEToken, sender, bank, DEFINE_FEE, STANDARD_GIFTS.map((one) => [one.price, '', one.text])],
    GiftRouter: [at.WEToken, sender, at.GiftCatalog, bank, FEE_BPS],
    TipBank: [at.WEToken, sender, bank, FEE_BPS],
    ContentRegistry: [],
    AccessMarket: [at.WEToken, sender, at.ContentRegistry, PACKET_PRICE, bank, SEEDER_BPS, bank, FEE_BPS],
    Registry: [sender, listed.map(registryName), listed.map((name) => at[name])],
  }
  return ORDER.map((name) => {
    const artifact = name.endsWith('Vesting') ? 'AllocationVesting' : (name as ArtifactName)
    return { name, artifact, address: at[name], data: deployData(artifact, args[name]) }
  })
}

/** Init code of a contract with its constructor arguments, 0x-hex. */
export function deployData(artifact: ArtifactName, args: readonly unknown[]): string {
  const { abi, bytecode } = ARTIFACTS[artifact]
  // only the constructor is read: a new ledger opens in a process that is to stay small
  const inputs = abi.find(({ type }) => type === 'constructor')?.inputs ?? []
  const types = inputs.map((input) => ParamType.from(input))
  return bytecode + AbiCoder.defaultAbiCoder().encode(types, args).slice(2)
}

/** A name as the Registry keeps it: ASCII, padded with zeros to 32 bytes. */
export function registryName(name: string): string {
  return `0x${Buffer.from(name, 'ascii').toString('hex').padEnd(64, '0')}`
}
