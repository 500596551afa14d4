import { Interface, type LogDescription } from 'ethers'
import type { EntryKind, PartyRole } from '@shared/ledger/ledger-entry'

/** How an event of a contract of ours becomes an entry. */
export interface EventRule {
  readonly contract: string
  /** As Solidity has it. */
  readonly event: string
  readonly kind: EntryKind
  /** Arguments that are somebody, the most important first. */
  readonly parties?: Readonly<Record<string, PartyRole>>
  /** Argument that is the amount in wei. */
  readonly amount?: string
  /** Arguments that name content, an item or a live. */
  readonly content?: readonly string[]
}

const FROM_TO = { from: 'sender', to: 'receiver' } as const
const OWNERS = { previousOwner: 'owner', newOwner: 'owner' } as const

const RULES: readonly EventRule[] = [
  {
    ...{ contract: 'GiftRouter', kind: 'gift', amount: 'amount', content: ['contentId'] },
    event:
      'Gifted(address indexed payer, address indexed creator, bytes32 indexed contentId, uint32 giftId, uint32 qty, uint256 amount)',
    parties: { payer: 'payer', creator: 'creator' },
  },
  {
    ...{ contract: 'GiftRouter', kind: 'share', amount: 'amount' },
    event: 'SharerSplit(address indexed creator, address indexed sharer, uint256 amount)',
    parties: { sharer: 'sharer', creator: 'creator' },
  },
  {
    ...{ contract: 'GiftRouter', kind: 'share', amount: 'amount' },
    event: 'DesignerSplit(address indexed creator, address indexed designer, uint256 amount)',
    parties: { designer: 'designer', creator: 'creator' },
  },
  {
    ...{ contract: 'GiftRouter', kind: 'rule' },
    event: 'SharerBpsSet(address indexed creator, uint16 bps, uint256 fromDay)',
    parties: { creator: 'creator' },
  },
  { contract: 'GiftRouter', kind: 'rule', event: 'FeesSwept(uint256 amount)', amount: 'amount' },
  {
    ...{ contract: 'TipBank', kind: 'settlement', amount: 'amount' },
    event:
      'Settled(address indexed creator, address indexed sharer, uint16 sharerBps, uint256 amount, uint256 fee, uint256 sharerPart, bytes32[] lines)',
    parties: { creator: 'creator', sharer: 'sharer' },
  },
  {
    ...{ contract: 'TipBank', kind: 'deposit', amount: 'amount' },
    event: 'Deposited(address indexed payer, uint256 amount, uint256 balance, uint256 collateral)',
    parties: { payer: 'payer' },
  },
  {
    ...{ contract: 'TipBank', kind: 'shortfall', amount: 'missing' },
    event:
      'Short(address indexed payer, address indexed creator, address sharer, uint256 total, uint256 missing, uint256 slashed)',
    parties: { payer: 'payer', creator: 'creator', sharer: 'sharer' },
  },
  {
    ...{ contract: 'TipBank', kind: 'exit' },
    event: 'ExitStarted(address indexed payer, uint256 exitAt)',
    parties: { payer: 'payer' },
  },
  {
    ...{ contract: 'TipBank', kind: 'exit' },
    event: 'ExitCancelled(address indexed payer)',
    parties: { payer: 'payer' },
  },
  {
    ...{ contract: 'TipBank', kind: 'exit', amount: 'amount' },
    event: 'ExitFinished(address indexed payer, uint256 amount)',
    parties: { payer: 'payer' },
  },
  ...['TipBank', 'AccessMarket'].map((contract): EventRule => ({
    ...{ contract, kind: 'withdrawal', amount: 'amount' },
    event: 'Withdrawn(address indexed account, uint256 amount)',
    parties: { account: 'account' },
  })),
  {
    ...{ contract: 'AccessMarket', kind: 'purchase', amount: 'price', content: ['itemId'] },
    event: 'Bought(bytes32 indexed itemId, address indexed buyer, address indexed owner, uint256 price)',
    parties: { buyer: 'payer', owner: 'creator' },
  },
  {
    ...{ contract: 'AccessMarket', kind: 'registration', amount: 'price', content: ['itemId'] },
    event: 'Priced(bytes32 indexed itemId, address indexed owner, uint256 price)',
    parties: { owner: 'creator' },
  },
  {
    ...{ contract: 'AccessMarket', kind: 'packets', amount: 'amount' },
    event: 'PacketsBought(address indexed account, uint256 count, uint256 amount)',
    parties: { account: 'creator' },
  },
  {
    ...{ contract: 'AccessMarket', kind: 'packets', amount: 'amount' },
    event: 'PacketsRefunded(address indexed account, uint256 count, uint256 amount)',
    parties: { account: 'creator' },
  },
  {
    ...{ contract: 'AccessMarket', kind: 'live', content: ['packetHash'] },
    event: 'LiveStarted(address indexed creator, bytes32 indexed packetHash, uint256 count, uint256 total)',
    parties: { creator: 'creator' },
  },
  {
    ...{ contract: 'ContentRegistry', kind: 'registration', content: ['cid', 'itemId'] },
    event:
      'Registered(bytes32 indexed itemId, address indexed creator, bytes32 indexed cid, bytes32 contentRoot, string licence, tuple(address account, uint16 bps)[] splits)',
    parties: { creator: 'creator' },
  },
  {
    ...{ contract: 'ContentRegistry', kind: 'registration', content: ['root'] },
    event: 'Anchored(address indexed account, bytes32 indexed root, uint256 count)',
    parties: { account: 'creator' },
  },
  {
    ...{ contract: 'ContentRegistry', kind: 'registration', content: ['itemId'] },
    event: 'Transferred(bytes32 indexed itemId, address indexed from, address indexed to)',
    parties: FROM_TO,
  },
  {
    ...{ contract: 'GiftCatalog', kind: 'design', amount: 'price' },
    event:
      'GiftDefined(uint32 indexed id, address indexed designer, uint16 designerBps, uint256 price, string mediaCid, string text)',
    parties: { designer: 'designer' },
  },
  { contract: 'GiftCatalog', kind: 'design', event: 'GiftRetired(uint32 indexed id)' },
  {
    ...{ contract: 'TestFaucet', kind: 'faucet', amount: 'amount' },
    event: 'Claimed(address indexed account, uint256 amount)',
    parties: { account: 'account' },
  },
  {
    ...{ contract: 'WEToken', kind: 'transfer', amount: 'value' },
    event: 'Transfer(address indexed from, address indexed to, uint256 value)',
    parties: FROM_TO,
  },
  {
    ...{ contract: 'WEToken', kind: 'approval', amount: 'value' },
    event: 'Approval(address indexed owner, address indexed spender, uint256 value)',
    parties: { owner: 'owner', spender: 'account' },
  },
  ...['WEToken', 'TipBank'].map((contract): EventRule => ({
    ...{ contract, kind: 'rule', event: 'EIP712DomainChanged()' },
  })),
  ...['Listed', 'Proposed', 'Cancelled'].map((name): EventRule => {
    const more = { Listed: ', bytes32 codeHash', Proposed: ', bytes32 codeHash, uint256 readyAt' }[name] ?? ''
    const event = `${name}(bytes32 indexed name, address indexed account${more})`
    return { contract: 'Registry', kind: 'rule', event, parties: { account: 'account' } }
  }),
  {
    ...{ contract: 'AllocationVesting', kind: 'transfer', amount: 'amount' },
    event: 'Released(address indexed to, uint256 amount)',
    parties: { to: 'receiver' },
  },
  ...['TipBank', 'GiftRouter', 'AccessMarket'].map((contract): EventRule => ({
    ...{ contract, kind: 'rule', event: 'PausedUntil(uint256 until)' },
  })),
  ...['TipBank', 'GiftRouter', 'AccessMarket', 'GiftCatalog', 'Registry', 'AllocationVesting'].flatMap((contract) =>
    ['OwnershipTransferStarted', 'OwnershipTransferred'].map((name): EventRule => {
      const event = `${name}(address indexed previousOwner, address indexed newOwner)`
      return { contract, kind: 'rule', event, parties: OWNERS }
    }),
  ),
]

interface Reader {
  readonly abi: Interface
  /** By topic. */
  readonly rules: ReadonlyMap<string, EventRule>
}

const READERS = new Map<string, Reader>()
for (const rule of RULES) {
  const of = RULES.filter(({ contract }) => contract === rule.contract)
  const abi = new Interface(of.map(({ event }) => `event ${event}`))
  const rules = new Map(of.map((one) => [abi.getEvent(one.event.slice(0, one.event.indexOf('(')))!.topicHash, one]))
  READERS.set(rule.contract, { abi, rules })
}

/** Topics of the events of a contract that are understood. */
export function knownTopics(contract: string): string[] {
  return [...(READERS.get(contract)?.rules.keys() ?? [])]
}

/** Reads a log of a contract of ours; null for what is not understood, which a newer contract may emit. */
export function readEvent(
  contract: string,
  topics: readonly string[],
  data: string,
): { rule: EventRule; log: LogDescription } | null {
  const reader = READERS.get(contract)
  const rule = reader?.rules.get(topics[0] ?? '')
  if (reader === undefined || rule === undefined) return null
  try {
    const log = reader.abi.parseLog({ topics: [...topics], data })
    return log === null ? null : { rule, log }
  } catch {
    return null
  }
}
