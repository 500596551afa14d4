import { Transaction, TypedDataEncoder, type SigningKey } from 'ethers'
import type { PermitToSign, TransactionToSign } from '@shared/engines/wallet-service'
import type { Tab } from '@shared/gifts/tab'
import { MAX_DESIGNER_BPS } from '@shared/gifts/tab-limits'
import type { Address } from '@shared/money/address'
import { IDENTITY_DOMAIN, TYPED_DATA, type PrimaryType } from '@shared/wallet/typed-data'
import type { WalletNetwork } from '@shared/wallet/wallet-network'
import { readTransaction } from '../policy/transaction-rules'
import { networkOf, readTypedIntent, type TypedIntent } from '../policy/typed-intent'
import { refusal } from '../policy/refusal'
import { tabWords, transactionWords, typedWords, type WordsContext } from '../policy/signing-words'
import type { RoomBudgets } from './room-budgets'
import type { Signable } from './signer'
import type { SpendingBook } from './spending-book'

/** A checked request and how to sign it. */
export interface ReadySignature<T> {
  signable: Signable
  make: (key: SigningKey) => T
}

export interface RequestContext extends WordsContext {
  account: Address
  networks: readonly WalletNetwork[]
  budgets: RoomBudgets
  book: SpendingBook
  now: number
}

type TypedSignature = ReadySignature<{ signature: string }>

/** EIP-712 data of a tab, as our own code asks for it. */
export function tabData(networks: readonly WalletNetwork[], chainId: bigint, message: Tab): unknown {
  const verifyingContract = networkOf(networks, chainId).contracts.TipBank
  return { domain: { name: 'WE TipBank', version: '1', chainId, verifyingContract }, ...typesOf('Tab'), message }
}

export function permitData(networks: readonly WalletNetwork[], chainId: bigint, message: PermitToSign): unknown {
  const verifyingContract = networkOf(networks, chainId).contracts.WEToken
  return { domain: { name: 'WE', version: '1', chainId, verifyingContract }, ...typesOf('Permit'), message }
}

export function identityData(type: 'KeyGrant' | 'KeyRevoke', message: object): unknown {
  return { domain: IDENTITY_DOMAIN, ...typesOf(type), message }
}

function typesOf(primaryType: PrimaryType): { types: object; primaryType: PrimaryType } {
  return { types: { [primaryType]: TYPED_DATA[primaryType] }, primaryType }
}

/**
 * Typed data, checked by the rules of its kind. `origin` null: our own code; else who wants it, and it always asks.
 * `ownDevice`: a grant for this profile's own device key needs no question.
 */
export function typedRequest(
  data: unknown,
  context: RequestContext,
  { room, origin, ownDevice }: { room: string | null; origin: string | null; ownDevice?: string },
): TypedSignature {
  const { account, networks, now } = context
  const intent = readTypedIntent(data, { account, networks, now })
  const ready = intent.type === 'Tab' ? tab(intent, context, room) : other(intent, context, room)
  const isOwnDevice = intent.type === 'KeyGrant' && intent.message.device === ownDevice
  const asks = origin !== null ? 'always' : isOwnDevice ? 'rule' : ready.asks
  const words =
    origin === null ? ready.words : { ...ready.words, title: `${origin.slice(0, 60)} asks: ${ready.words.title}` }
  return { signable: { ...ready, words, asks }, make: (key) => ({ signature: signTyped(intent, key) }) }
}

/**
 * A gift with a designer: the creator's tab and the designer's, one question and one sum. Note A designer's tab.
 * @throws StudioError `sign-...`
 */
export function designedGiftRequest(
  gift: unknown,
  part: unknown,
  context: RequestContext,
  room: string | null,
): ReadySignature<{ signature: string; designSignature: string }> {
  const [intent, design] = [gift, part].map((data) => readTypedIntent(data, context))
  if (intent?.type !== 'Tab' || design?.type !== 'Tab') throw refusal('sign-unknown', 'these are not two tabs.')
  const { creator } = intent.message
  const { creator: designer, sharer, sharerBps } = design.message
  if (sharer !== creator || sharerBps !== 0 || designer === creator || design.network !== intent.network) {
    throw refusal('sign-fields', 'the designer’s part belongs to another gift.')
  }
  const signable = tab(intent, context, room, design)
  return {
    signable,
    make: (key) => ({ signature: signTyped(intent, key), designSignature: signTyped(design, key) }),
  }
}

type TabIntent = TypedIntent & { type: 'Tab' }

/** What a tab adds to its line. */
function growth({ message, network, contract }: TabIntent, { book }: RequestContext) {
  const { creator, sharer, sharerBps, total, count, chain } = message
  const line = `${network.chainId}/${contract}/${creator}/${sharer}/${sharerBps}`
  const before = book.head(line).total
  return { wei: total > before ? total - before : 0n, head: { line, next: { total, count, chain } } }
}

function tab(
  intent: TabIntent,
  context: RequestContext,
  room: string | null,
  design: TabIntent | null = null,
): Signable {
  const { payer, creator } = intent.message
  const own = context.budgets.get(room, creator)
  const [gift, part] = [growth(intent, context), design === null ? null : growth(design, context)]
  const partWei = part?.wei ?? 0n
  const giftWei = gift.wei + partWei
  const designer = design === null ? null : { address: design.message.creator, wei: partWei }
  const words = tabWords(intent, giftWei, context, designer)
  // more than the catalogue allows is a part of earlier gifts too, or none at all: the person decides
  const isPart = partWei * 10_000n <= giftWei * BigInt(MAX_DESIGNER_BPS)
  return {
    account: payer,
    words,
    network: intent.network,
    room: own,
    asks: own === null || !isPart ? 'always' : 'budget',
    reservation: {
      heads: part === null ? [gift.head] : [gift.head, part.head],
      ...(own === null ? {} : { spending: { room: own.room, wei: giftWei, kind: 'gift' as const } }),
    },
    movement: {
      ...{ kind: 'gift', title: words.title, other: creator, otherName: context.nameOf(creator), paysWei: giftWei },
    },
  }
}

function other(intent: Exclude<TypedIntent, { type: 'Tab' }>, context: RequestContext, room: string | null): Signable {
  const words = typedWords(intent, context)
  const base = { account: context.account, words, reservation: {} }
  if (intent.type !== 'Permit') {
    const movement = { kind: 'key' as const, title: words.title, other: null, otherName: null, paysWei: 0n }
    return { ...base, network: null, room: null, asks: 'always', movement }
  }
  const { spender, value } = intent.message
  // A permit alone moves nothing; the deposit that uses it is what counts against the budget.
  const own = intent.spenderName === 'TipBank' ? context.budgets.get(room) : null
  const limit = own === null ? 0n : context.budgets.depositLimit(own.room)
  return {
    ...base,
    network: intent.network,
    room: own,
    asks: own !== null && value <= limit ? 'rule' : 'always',
    movement: { kind: 'permit', title: words.title, other: spender, otherName: intent.spenderName, paysWei: 0n },
  }
}

/** What is known of a transaction beside itself. */
export interface TransactionFacts {
  /** The same was signed before with a lower fee: only one of the two can happen. */
  replaces: boolean
  /** WE of the account now, as the ledger says; null: not known. */
  haveWei: bigint | null
}

export function transactionRequest(
  raw: TransactionToSign,
  context: RequestContext,
  room: string | null,
  { replaces, haveWei }: TransactionFacts = { replaces: false, haveWei: null },
): ReadySignature<{ raw: string; hash: string }> {
  const effect = readTransaction(raw, context.networks)
  const { network, contract, paysWei = 0n, depositWei = 0n, to = null, harmless = false, transaction } = effect
  const hasFee = transaction.maxFeePerGas > 0n
  if (network.kind === 'local' && hasFee) throw refusal('sign-fee', `${network.name} takes no fees.`)
  const leavesWei = paysWei > 0n ? paysWei : depositWei
  const words = transactionWords(effect, context, { replaces, haveWei, leavesWei })
  const own = depositWei > 0n ? context.budgets.get(room) : null
  const signable: Signable = {
    account: context.account,
    words,
    network,
    room: own,
    // a fee is always agreed to, budget or not
    asks: harmless && !hasFee ? 'rule' : own === null || hasFee ? 'always' : 'budget',
    reservation: own === null || hasFee ? {} : { spending: { room: own.room, wei: depositWei, kind: 'deposit' } },
    movement: {
      kind: replaces ? 'call' : depositWei > 0n ? 'deposit' : paysWei > 0n ? 'payment' : 'call',
      title: words.title,
      other: to ?? transaction.to,
      otherName: to === null ? contract : context.nameOf(to),
      paysWei: replaces ? 0n : leavesWei, // it was noted with the first one
    },
  }
  return {
    signable,
    make: (key) => {
      const signed = Transaction.from({ ...transaction })
      signed.signature = key.sign(signed.unsignedHash)
      return { raw: signed.serialized, hash: signed.hash! }
    },
  }
}

function signTyped(intent: TypedIntent, key: SigningKey): string {
  const fields = { [intent.type]: [...TYPED_DATA[intent.type]] }
  const domain =
    'network' in intent
      ? {
          name: intent.type === 'Tab' ? 'WE TipBank' : 'WE',
          version: '1',
          chainId: intent.network.chainId,
          verifyingContract: intent.contract,
        }
      : IDENTITY_DOMAIN
  return key.sign(TypedDataEncoder.hash(domain, fields, intent.message)).serialized
}
