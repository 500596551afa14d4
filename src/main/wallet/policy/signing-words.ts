import { formatWe } from '@shared/money/we-amount'
import { ZERO_ADDRESS, type Address } from '@shared/money/address'
import type { LockMinutes } from '@shared/wallet/account'
import { ROOMS_TOGETHER, type BudgetLimits } from '@shared/wallet/room-budget'
import { detail, type SignDetail, type SignWords } from '@shared/wallet/sign-words'
import { lookalike } from './lookalike'
import type { TransactionEffect } from './transaction-rules'
import type { TypedIntent } from './typed-intent'

/** What the words need to know besides the data itself. */
export interface WordsContext {
  /** A name that the app knows for an address, null for a stranger. */
  nameOf: (address: Address) => string | null
  /** To whom this account has paid before. */
  paidBefore: readonly Address[]
}

const we = (wei: bigint): string => `${formatWe(wei)} WE`
const date = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

/** A gift, from what was signed on its line before; `designer`: who gets so much of it for having designed it. */
export function tabWords(
  { message }: TypedIntent & { type: 'Tab' },
  giftWei: bigint,
  { nameOf }: WordsContext,
  designer: { address: Address; wei: bigint } | null = null,
): SignWords {
  const { creator, sharer, sharerBps, total } = message
  const who = nameOf(creator) ?? 'this creator'
  return {
    title: `Give ${we(giftWei)} to ${who}`,
    details: [
      person('To', creator, nameOf),
      detail('Amount', we(giftWei)),
      ...(designer === null ? [] : [person(`Of it to the designer, ${we(designer.wei)}`, designer.address, nameOf)]),
      ...(sharer === ZERO_ADDRESS || sharerBps === 0
        ? []
        : [person(`Of it to the sharer, ${sharerBps / 100} %`, sharer, nameOf)]),
      detail('Network fee', 'None'),
      detail('Given to them in all, after this', we(total)),
    ],
    warning: null,
  }
}

export function typedWords(intent: Exclude<TypedIntent, { type: 'Tab' }>, { nameOf }: WordsContext): SignWords {
  if (intent.type === 'Permit') {
    const { spender, value } = intent.message
    const what =
      intent.spenderName === 'TipBank' ? `Set ${we(value)} aside for gifts` : `Let a contract take ${we(value)}`
    return {
      title: what,
      details: [
        detail('By the contract', intent.spenderName, spender),
        detail('Exactly', we(value)),
        detail('Network fee', 'None'),
      ],
      warning: null,
    }
  }
  const { device } = intent.message
  if (intent.type === 'KeyGrant') {
    const { scopes, expires } = intent.message
    return {
      title: 'Let a device speak for you',
      details: [
        detail('Device key', shortKey(device)),
        detail('It may sign', scopes.split(' ').join(', ')),
        detail('Until', date(expires)),
        person('Account', intent.message.account, nameOf),
      ],
      warning: 'Whoever has this device can go live and write in your name. It cannot move money.',
    }
  }
  return {
    title: 'Take a device’s right back',
    details: [
      detail('Device key', shortKey(device)),
      detail('Its entries count up to number', String(intent.message.lastN)),
      person('Account', intent.message.account, nameOf),
    ],
    warning: 'Nothing that this device signs afterwards counts.',
  }
}

export function transactionWords(
  effect: TransactionEffect,
  context: WordsContext,
  facts: { replaces: boolean; haveWei: bigint | null; leavesWei: bigint } = {
    ...{ replaces: false, haveWei: null, leavesWei: 0n },
  },
): SignWords {
  const { title, details, to, paysWei = 0n, contract, network, fee } = effect
  const { replaces, haveWei, leavesWei } = facts
  return {
    title: replaces ? `${title}, sooner` : title,
    details: [
      ...details.map((line) => (line.address === null ? line : person(line.label, line.address, context.nameOf))),
      ...(contract === 'WEToken' ? [] : [detail('By the contract', contract)]),
      // A local ledger is named by the sheet, with what its value is.
      ...(network.kind === 'local' ? [] : [detail('On', network.name)]),
      fee,
      ...(haveWei === null || leavesWei === 0n
        ? []
        : [detail('Left after this', `${we(haveWei - leavesWei)}, now ${we(haveWei)}`)]),
    ],
    warning: replaces
      ? 'You have signed this before, and it waits for a block. This is the same with a higher fee: only one of the two can happen.'
      : to === undefined || paysWei === 0n
        ? null
        : receiverWarning(to, context),
  }
}

/** Higher limits for gifts without a question. */
export function limitsWords(from: BudgetLimits, to: BudgetLimits): SignWords {
  const change = (before: bigint, after: bigint): string =>
    before === after ? `${we(after)}, as now` : `From ${we(before)} to ${we(after)}`
  return {
    title: 'Give more without a question',
    details: [
      detail('A day, in each room', change(from.perDayWei, to.perDayWei)),
      detail('One gift at most', change(from.perGiftWei, to.perGiftWei)),
      detail('A day, in all rooms together', change(from.perDayWei * ROOMS_TOGETHER, to.perDayWei * ROOMS_TOGETHER)),
    ],
    warning: 'Gifts up to these limits leave your account without asking you. Refuse if you have not just set them.',
  }
}

/** A wallet that stays open for longer; minutes, 0: until the app ends. */
export function lockWords(from: LockMinutes, to: LockMinutes): SignWords {
  const time = (minutes: LockMinutes): string =>
    minutes === 0 ? 'When the app ends' : `After ${minutes === 60 ? '1 hour' : `${minutes} minutes`} without use`
  return {
    title: 'Keep the wallet open for longer',
    details: [detail('It locks', time(to)), detail('Until now', time(from))],
    warning:
      'As long as it is open, whoever sits at this computer can give inside your limits. Refuse if you have not just set this.',
  }
}

/** What was said here, signed anew with a key of the account's words for another network of people. */
export const NOSTR_WORDS: SignWords = {
  title: 'Sign what you said as Nostr events',
  details: [
    detail('What', 'Your profile, videos, lives, comments and likes'),
    detail('With', 'A Nostr key made of your account’s words (NIP-06), never the account’s own'),
    detail('Where to', 'A file on this computer; nothing is sent'),
  ],
  warning: 'Whoever gets the file can publish these events in your name. Refuse if you have not just asked for them.',
}

/** What to stop at before money goes to an address. */
export function receiverWarning(to: Address, { nameOf, paidBefore }: WordsContext): string | null {
  if (paidBefore.includes(to) || nameOf(to) !== null) return null
  if (lookalike(to, paidBefore) !== null) {
    return 'This address looks like one you have paid before, but it is another. Somebody may have slipped it to you: compare every digit.'
  }
  return 'You have never paid this address. Compare every digit with what its owner gave you; nobody can bring it back.'
}

function person(label: string, address: Address, nameOf: WordsContext['nameOf']): SignDetail {
  return detail(label, nameOf(address) ?? '', address)
}

function shortKey(key: string): string {
  return `${key.slice(2, 10)}…${key.slice(-8)}`
}
