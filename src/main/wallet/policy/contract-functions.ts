import { formatWe } from '@shared/money/we-amount'
import type { ContractName } from '@shared/money/contract-name'
import { detail, type SignDetail } from '@shared/wallet/sign-words'

/** What a call does, as far as the account is concerned. */
export interface CallEffect {
  title: string
  details: SignDetail[]
  /** WE that leaves the account for somebody else, wei. */
  paysWei?: bigint
  /** WE that moves into the account's own deposit, wei. */
  depositWei?: bigint
  /** Whom it pays or puts in charge. */
  to?: string
  /** Who may take WE afterwards; must be a contract of the product. */
  spender?: string
  approvesWei?: bigint
  /** Costs the account nothing and gives nobody power: no question on a ledger without fees. */
  harmless?: boolean
}

/** Arguments of a call in their order, as ethers decodes them; the signature beside them says what each is. */
type Args = readonly unknown[]
interface KnownFunction {
  signature: string
  effect: (args: Args) => CallEffect
}

const we = (value: unknown): string => `${formatWe(value as bigint)} WE`
const lower = (value: unknown): string => (value as string).toLowerCase()
const percent = (bps: unknown): string => `${Number(bps) / 100} %`

/** A function without a price of its own: words only. */
const plain = (signature: string, title: string, harmless = false): KnownFunction => ({
  signature,
  effect: () => ({ title, details: [], harmless }),
})

/**
 * Everything that the wallet signs as a transaction; compared with `contracts/artifacts` by a test. What is not here (owner's
 * functions, approvals, burning, transferring for others) is refused. `transfer` of WE is the plain sending of money.
 */
export const CONTRACT_FUNCTIONS: Readonly<Record<ContractName | 'TestFaucet', readonly KnownFunction[]>> = {
  WEToken: [
    {
      signature: 'function transfer(address to, uint256 value)',
      effect: ([to, value]) => ({
        title: `Send ${we(value)}`,
        details: [detail('To', '', lower(to)), detail('Amount', we(value))],
        paysWei: value as bigint,
        to: lower(to),
      }),
    },
    {
      signature: 'function approve(address spender, uint256 value)',
      effect: ([spender, value]) => ({
        title: `Let a contract take ${we(value)}`,
        details: [detail('Contract', '', lower(spender)), detail('At most', we(value))],
        spender: lower(spender),
        approvesWei: value as bigint,
      }),
    },
  ],
  TipBank: [
    {
      signature: 'function deposit(uint256 amount)',
      effect: ([amount]) => depositOf(amount as bigint),
    },
    {
      signature: 'function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
      effect: ([amount]) => depositOf(amount as bigint),
    },
    {
      signature: 'function settle(address creator, address sharer, uint16 sharerBps, bytes records)',
      // a sharer of 0 % says whose room a designer's part comes from: note A designer's tab
      effect: ([creator, sharer, bps, records]) => ({
        title:
          bps === 0n && !/^0x0{40}$/.test(sharer as string) ? 'Pay a designer their part of gifts' : 'Collect gifts',
        details: [
          detail('For', '', lower(creator)),
          detail('Tabs', String(((records as string).length - 2) / 2 / 132)),
        ],
        harmless: true,
      }),
    },
    plain('function startExit()', 'Take your deposit for gifts back (in 24 hours)'),
    plain('function cancelExit()', 'Keep your deposit for gifts', true),
    plain('function finishExit()', 'Take your deposit for gifts back now', true),
    plain('function withdraw()', 'Withdraw the gifts you have received', true),
    {
      signature: 'function withdrawFor(address account)',
      effect: ([account]) => ({
        title: 'Withdraw gifts to their receiver',
        details: [detail('To', '', lower(account))],
        harmless: true,
      }),
    },
  ],
  GiftRouter: [
    {
      signature:
        'function giftWithPermit(address creator, uint32 giftId, uint32 qty, bytes32 contentId, address sharer, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
      effect: ([creator, , qty, , , value]) => giftOf(lower(creator), qty as bigint, value as bigint),
    },
    {
      signature: 'function setSharerBps(uint16 bps)',
      effect: ([bps]) => ({
        title: `Give sharers ${percent(bps)} of your gifts`,
        details: [detail('Sharer’s part', percent(bps))],
      }),
    },
  ],
  GiftCatalog: [plain('function retire(uint32 id)', 'Take a gift of yours out of the catalogue')],
  ContentRegistry: [
    {
      signature:
        'function register(bytes32 cid, bytes32 contentRoot, string licence, tuple(address account, uint16 bps)[] splits)',
      effect: ([, , licence, splits]) => ({
        title: 'Register your content',
        details: [
          detail('Licence', (licence as string).slice(0, 60)),
          ...(splits as [string, bigint][])
            .slice(0, 8)
            .map(([account, bps]) => detail(`Gets ${percent(bps)}`, '', lower(account))),
        ],
      }),
    },
    plain('function anchor(bytes32 root, uint256 count)', 'Anchor your records', true),
    {
      signature: 'function transfer(bytes32 itemId, address to)',
      effect: ([, to]) => ({
        title: 'Give a registered content away',
        details: [detail('To', '', lower(to))],
        to: lower(to),
      }),
    },
  ],
  AccessMarket: [
    {
      signature: 'function setPrice(bytes32 itemId, uint256 price)',
      effect: ([, price]) => ({ title: `Sell a content for ${we(price)}`, details: [detail('Price', we(price))] }),
    },
    {
      signature: 'function refund(uint256 count)',
      effect: ([count]) => ({ title: 'Give live packets back', details: [detail('Packets', String(count))] }),
    },
    {
      signature: 'function startLive(bytes32 packetHash, uint256 count)',
      effect: ([, count]) => ({
        title: 'Use live packets for your live',
        details: [detail('Packets', String(count))],
        harmless: true,
      }),
    },
    plain('function withdraw()', 'Withdraw what your content has earned', true),
    {
      signature: 'function withdrawFor(address account)',
      effect: ([account]) => ({
        title: 'Withdraw earnings to their receiver',
        details: [detail('To', '', lower(account))],
        harmless: true,
      }),
    },
  ],
  Registry: [],
  TestFaucet: [plain('function claim()', 'Get 1,000 test WE', true)],
}

function depositOf(amount: bigint): CallEffect {
  return {
    title: `Set ${we(amount)} aside for gifts`,
    details: [
      detail('Amount', we(amount)),
      detail('Stays yours', 'You can take back what you have not given, 24 hours after you ask.'),
    ],
    depositWei: amount,
  }
}

function giftOf(creator: string, qty: bigint, value: bigint): CallEffect {
  return {
    title: `Give ${we(value)}`,
    details: [detail('To', '', creator), detail('Amount', we(value)), detail('Gifts', String(qty))],
    paysWei: value,
    to: creator,
  }
}

interface Payment {
  /** ABI types of what is sent along; empty for nothing. */
  types: readonly string[]
  effect: (value: bigint, args: Args) => CallEffect
}

/** What WE paid by `transferAndCall` (ERC-1363) is for, by the contract that gets it. */
export const PAYMENTS: Readonly<Partial<Record<ContractName, readonly Payment[]>>> = {
  TipBank: [{ types: [], effect: (value) => depositOf(value) }],
  GiftRouter: [
    {
      types: ['tuple(address creator, uint32 giftId, uint32 qty, bytes32 contentId, address sharer)'],
      effect: (value, [order]) => {
        const [creator, , qty] = order as [string, bigint, bigint]
        return giftOf(lower(creator), qty, value)
      },
    },
  ],
  GiftCatalog: [
    {
      types: ['uint80', 'string', 'string', 'address', 'uint16'],
      effect: (value, [price, , text, designer, bps]) => ({
        title: 'Define a gift of your own',
        details: [
          detail('Text', (text as string).slice(0, 64)),
          detail('Price of the gift', we(price)),
          detail(`Designer gets ${percent(bps)}`, '', lower(designer)),
          detail('Fee', we(value)),
        ],
        paysWei: value,
      }),
    },
  ],
  AccessMarket: [
    {
      types: [],
      effect: (value) => ({
        title: `Buy live packets for ${we(value)}`,
        details: [detail('Amount', we(value))],
        paysWei: value,
      }),
    },
    {
      types: ['bytes32'],
      effect: (value) => ({
        title: `Buy a content for ${we(value)}`,
        details: [detail('Amount', we(value))],
        paysWei: value,
      }),
    },
  ],
}
