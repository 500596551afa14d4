import { z } from 'zod'
import { Address, Bytes32 } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import type { ContractName } from '@shared/money/contract-name'
import { IDENTITY_DOMAIN, TYPED_DATA, type PrimaryType, type TypedField } from '@shared/wallet/typed-data'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import { refusal } from './refusal'

/** Numbers come as bigint from our engines and as text from JSON. */
const uint = (bits: number) =>
  z
    .union([z.bigint(), z.int(), z.string().regex(/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/)])
    .transform(BigInt)
    .refine((value) => value >= 0n && value < 1n << BigInt(bits))
const small = (bits: number) => uint(bits).transform(Number)

const MESSAGES = {
  Tab: z.strictObject({
    payer: Address,
    creator: Address,
    sharer: Address,
    sharerBps: small(16).refine((bps) => bps <= 5000),
    total: uint(96),
    count: small(32),
    chain: Bytes32,
  }),
  Permit: z.strictObject({
    owner: Address,
    spender: Address,
    value: uint(256),
    nonce: uint(256),
    deadline: uint(256),
  }),
  KeyGrant: z.strictObject({
    account: Address,
    device: Bytes32,
    x25519: Bytes32,
    scopes: z.string().regex(/^[a-z][a-z ]{0,199}$/),
    notBefore: uint(53).transform(Number),
    expires: uint(53).transform(Number),
    nonce: uint(53).transform(Number),
  }),
  KeyRevoke: z.strictObject({
    account: Address,
    device: Bytes32,
    lastN: uint(53).transform(Number),
    lastId: z.string().regex(/^0x([0-9a-fA-F]{2}){0,64}$/),
  }),
} satisfies Record<PrimaryType, z.ZodType>

const Raw = z.strictObject({
  domain: z.strictObject({
    name: z.string(),
    version: z.string(),
    chainId: uint(64).optional(),
    verifyingContract: Address.optional(),
  }),
  types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
  primaryType: z.string(),
  message: z.unknown(),
})

export type TabMessage = z.infer<(typeof MESSAGES)['Tab']>
export type PermitMessage = z.infer<(typeof MESSAGES)['Permit']>
export type KeyGrantMessage = z.infer<(typeof MESSAGES)['KeyGrant']>
export type KeyRevokeMessage = z.infer<(typeof MESSAGES)['KeyRevoke']>

/** Typed data that the wallet may sign after the rules of its kind; everything in it is checked. */
export type TypedIntent =
  | { type: 'Tab'; network: WalletNetwork; contract: Address; message: TabMessage }
  | { type: 'Permit'; network: WalletNetwork; contract: Address; spenderName: ContractName; message: PermitMessage }
  | { type: 'KeyGrant'; message: KeyGrantMessage }
  | { type: 'KeyRevoke'; message: KeyRevokeMessage }

/** Who may be permitted to take WE, and by what name the domain of each contract goes. */
const SPENDERS: readonly ContractName[] = ['TipBank', 'GiftRouter', 'AccessMarket', 'GiftCatalog']
const DOMAINS = {
  Tab: { name: 'WE TipBank', contract: 'TipBank' },
  Permit: { name: 'WE', contract: 'WEToken' },
} as const
/** All WE that there can be. A larger permit is an unlimited one by another name. */
const SUPPLY = 1_250_000_000n * WEI_PER_WE
/** A permit is for what is about to happen. */
const MAX_PERMIT_SECONDS = 24 * 3600
const MAX_GRANT_SECONDS = 366 * 24 * 3600

/**
 * Reads EIP-712 data as a program hands it over, and refuses everything but our own types for this account on a known
 * network and its pinned contracts. @throws StudioError `sign-...` with the reason in words
 */
export function readTypedIntent(
  raw: unknown,
  { account, networks, now = Date.now() }: { account: Address; networks: readonly WalletNetwork[]; now?: number },
): TypedIntent {
  const parsed = Raw.safeParse(raw)
  if (!parsed.success) throw refusal('sign-unknown', 'this is no typed data (EIP-712) that the wallet can read.')
  const { domain, types, primaryType, message } = parsed.data
  if (!isOurs(primaryType)) {
    throw refusal('sign-unknown', `"${primaryType.slice(0, 40)}" is no kind of data that this wallet signs.`)
  }
  checkTypes(primaryType, types)
  const fields = MESSAGES[primaryType].safeParse(message)
  if (!fields.success) {
    throw refusal(
      'sign-fields',
      `a ${primaryType} with missing, unknown or impossible fields (${issueOf(fields.error)}).`,
    )
  }
  const seconds = Math.floor(now / 1000)
  if (primaryType === 'KeyGrant' || primaryType === 'KeyRevoke') {
    if (
      domain.name !== IDENTITY_DOMAIN.name ||
      domain.version !== IDENTITY_DOMAIN.version ||
      domain.chainId !== undefined ||
      domain.verifyingContract !== undefined
    ) {
      throw refusal('sign-domain', 'a key is granted for "WE Identity", version 1, without chain and contract.')
    }
    const key = fields.data as KeyGrantMessage | KeyRevokeMessage
    if (key.account !== account) throw refusal('sign-account', 'it speaks for another account.')
    if (primaryType === 'KeyRevoke') return { type: primaryType, message: key as KeyRevokeMessage }
    checkGrant(key as KeyGrantMessage, seconds)
    return { type: primaryType, message: key as KeyGrantMessage }
  }
  const { name, contract } = DOMAINS[primaryType]
  const network = networkOf(networks, domain.chainId)
  const pinned = network.contracts[contract]
  if (pinned === undefined || domain.verifyingContract !== pinned) {
    throw refusal('sign-contract', `it is meant for a contract that is not the ${contract} of ${network.name}.`)
  }
  if (domain.name !== name || domain.version !== '1') {
    throw refusal('sign-domain', `its domain is not "${name}", version 1.`)
  }
  if (primaryType === 'Tab') {
    const tab = fields.data as TabMessage
    checkTab(tab, account)
    return { type: 'Tab', network, contract: pinned, message: tab }
  }
  const permit = fields.data as PermitMessage
  return {
    type: 'Permit',
    network,
    contract: pinned,
    spenderName: checkPermit(permit, account, network, seconds),
    message: permit,
  }
}

/** The network of a chain id. @throws StudioError `sign-chain` */
export function networkOf(networks: readonly WalletNetwork[], chainId: bigint | undefined): WalletNetwork {
  const network = networks.find((known) => known.chainId === chainId)
  if (network === undefined) {
    throw refusal(
      'sign-chain',
      `it is for another network (chain ${chainId ?? 'not named'}) than those that are open here.`,
    )
  }
  return network
}

function isOurs(primaryType: string): primaryType is PrimaryType {
  return Object.hasOwn(TYPED_DATA, primaryType)
}

/** Names, types and their order: anything else hashes to something else than it looks like. */
function checkTypes(primaryType: PrimaryType, types: Readonly<Record<string, readonly TypedField[]>>): void {
  const names = Object.keys(types).filter((name) => name !== 'EIP712Domain')
  const expected: readonly TypedField[] = TYPED_DATA[primaryType]
  const given = types[primaryType]
  const isSame =
    names.length === 1 &&
    given?.length === expected.length &&
    expected.every(({ name, type }, at) => given[at]?.name === name && given[at].type === type)
  if (!isSame) throw refusal('sign-types', `its description of a ${primaryType} is not ours.`)
}

function checkTab(tab: TabMessage, account: Address): void {
  if (tab.payer !== account) throw refusal('sign-account', 'it would be paid by another account.')
  if (tab.creator === account) throw refusal('sign-self', 'a gift to yourself goes nowhere but the fee.')
  if (tab.sharer === account) throw refusal('sign-self', 'nobody gets a sharer’s part of gifts of their own.')
  if (/^0x0{40}$/.test(tab.creator)) throw refusal('sign-fields', 'it names no receiver.')
  if (tab.total === 0n || tab.count === 0) throw refusal('sign-fields', 'a gift of nothing.')
  if (tab.total > SUPPLY) throw refusal('sign-fields', 'its total is more than all WE there is.')
}

function checkPermit(permit: PermitMessage, account: Address, network: WalletNetwork, seconds: number): ContractName {
  if (permit.owner !== account) throw refusal('sign-account', 'it would take from another account.')
  const spender = SPENDERS.find((name) => network.contracts[name] === permit.spender)
  if (spender === undefined)
    throw refusal('sign-contract', 'it would let somebody take WE who is no contract of WE Studio.')
  if (permit.value > SUPPLY) throw refusal('sign-unlimited', 'an unlimited permission. Only exact amounts are signed.')
  if (permit.deadline > BigInt(seconds + MAX_PERMIT_SECONDS)) {
    throw refusal('sign-deadline', 'a permission that would hold for longer than a day.')
  }
  return spender
}

function checkGrant(grant: KeyGrantMessage, seconds: number): void {
  if (grant.expires <= grant.notBefore || grant.expires <= seconds)
    throw refusal('sign-fields', 'a key that never counts.')
  if (grant.expires - seconds > MAX_GRANT_SECONDS)
    throw refusal('sign-deadline', 'a key that would count for over a year.')
}

/** Which field, never its value. */
function issueOf(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') return issue.keys.map((key) => key.slice(0, 40)).join(', ')
  return issue?.path.join('.') ?? 'its shape'
}
