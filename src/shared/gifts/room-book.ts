import type { Address, Bytes32 } from '../money/address'
import { ZERO_ADDRESS } from '../money/address'
import { designPart } from './design-part'
import type { GiftLine } from './gift-line'
import type { CatalogueGift, LedgerView } from './ledger-view'
import { OverspendWatch } from './overspend-watch'
import { lineOf, type Tab } from './tab'
import { TabHeads, type GiftRefusal } from './tab-heads'
import type { VotedGift } from './vote-weight'

/** For whom and for what gifts of a room are. */
export interface RoomTerms {
  creator: Address
  /** Of the show's CID. */
  contentId: Bytes32
  /** The sharer's part that the creator has published. */
  sharerBps: number
}

export type RoomVerdict =
  | { kind: 'shown'; gift: CatalogueGift; amountWei: bigint; missed: number }
  | { kind: 'late'; gift: CatalogueGift; amountWei: bigint }
  | { kind: 'refused'; why: GiftRefusal | 'other-room' | 'other-terms' | 'own-sharer' | 'clock' | 'busy' }

export interface Supporter {
  payer: Address
  /** The newest name they gave themselves. */
  name: string
  amountWei: bigint
  gifts: number
}

/** Clocks of two people may differ by so many seconds. */
const CLOCK_SECONDS = 600
/** Gifts that wait to be judged; what floods beyond is dropped, and comes again with the next total. */
const MAX_WAITING = 256
/** For votes: older ones have faded or count in the totals. */
const MAX_GIFTS = 5_000

/**
 * What every app of a room knows of its gifts, the viewers' as the creator's: takes lines whose form, chain and signature
 * were checked, and says whether they are shown. One after the other, in the order they came.
 */
export class RoomBook {
  readonly heads: TabHeads
  readonly #supporters = new Map<Address, Supporter>()
  readonly #gifts: VotedGift[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(
    readonly terms: RoomTerms,
    private readonly ledger: LedgerView,
    readonly watch = new OverspendWatch(),
    heads = new TabHeads(),
    private readonly nowSeconds = () => Math.floor(Date.now() / 1000),
  ) {
    this.heads = heads
  }

  /** Never rejects but when the ledger does. */
  take(line: GiftLine): Promise<RoomVerdict> {
    if (this.#waiting >= MAX_WAITING) return Promise.resolve({ kind: 'refused', why: 'busy' })
    this.#waiting++
    const verdict = this.#turn.then(() => this.#judge(line)).finally(() => this.#waiting--)
    this.#turn = verdict.catch(() => undefined)
    return verdict
  }

  /** Most generous first. */
  supporters(most = 50): Supporter[] {
    return [...this.#supporters.values()]
      .sort((a, b) => (a.amountWei < b.amountWei ? 1 : a.amountWei > b.amountWei ? -1 : a.payer < b.payer ? -1 : 1))
      .slice(0, most)
  }

  /** Wei given in this room, as far as this app has seen it. */
  get totalWei(): bigint {
    let sum = 0n
    for (const { amountWei } of this.#supporters.values()) sum += amountWei
    return sum
  }

  /** For `voteWeights`. */
  get gifts(): readonly VotedGift[] {
    return this.#gifts
  }

  async #judge(line: GiftLine): Promise<RoomVerdict> {
    const { tab, item } = line
    const { creator, contentId, sharerBps } = this.terms
    if (tab.creator !== creator || item.contentId !== contentId) return { kind: 'refused', why: 'other-room' }
    if (tab.sharerBps !== (tab.sharer === ZERO_ADDRESS ? 0 : sharerBps)) return { kind: 'refused', why: 'other-terms' }
    if (tab.sharer === tab.payer || tab.sharer === creator) return { kind: 'refused', why: 'own-sharer' }
    if (item.time > this.nowSeconds() + CLOCK_SECONDS) return { kind: 'refused', why: 'clock' }
    const gift = await this.ledger.gift(item.giftId)
    if (gift === null) return { kind: 'refused', why: 'unknown-gift' }
    const amountWei = gift.priceWei * BigInt(item.qty)
    const due = designPart(gift, amountWei, tab)
    const { design } = line
    if (due?.designer !== design?.tab.creator) return { kind: 'refused', why: 'wrong-design' }
    const verdict = this.heads.judge(line, amountWei - (due?.wei ?? 0n))
    if (verdict.kind === 'refused') return verdict
    const designed = design === null || due === null ? null : this.heads.judge(design, due.wei)
    if (designed?.kind === 'refused') return designed
    if (verdict.kind === 'next' || designed?.kind === 'next') {
      const next = design === null ? [tab] : [tab, design.tab]
      const why = await this.#covered(tab.payer, next)
      if (why !== null) return { kind: 'refused', why }
      for (const each of next) this.watch.note(each)
    }
    this.heads.accept(line)
    if (design !== null) this.heads.accept(design)
    this.#count(line, amountWei)
    return verdict.kind === 'late'
      ? { kind: 'late', gift, amountWei }
      : { kind: 'shown', gift, amountWei, missed: verdict.missed }
  }

  /** Whether the deposit covers all that the payer has promised; see the note Overspending. */
  async #covered(payer: Address, next: readonly Tab[]): Promise<GiftRefusal | null> {
    const lines = new Map([...this.watch.linesOf(payer), ...next].map((known) => [lineOf(known), known]))
    const [deposit, ...paid] = await Promise.all([
      this.ledger.deposit(payer),
      ...[...lines].map(async ([line, known]) => [line, await this.ledger.paid(known)] as const),
    ])
    if (deposit.exitAt !== null) return 'exit-pending'
    if (deposit.balanceWei === 0n) return 'no-deposit'
    const paidOn = new Map(paid)
    const promised = this.watch.unsettled(payer, (line) => paidOn.get(line) ?? 0n, next)
    return promised > deposit.balanceWei ? 'above-deposit' : null
  }

  #count({ tab, item, name }: GiftLine, amountWei: bigint): void {
    const known = this.#supporters.get(tab.payer)
    this.#supporters.set(tab.payer, {
      payer: tab.payer,
      name: name === '' ? (known?.name ?? '') : name,
      amountWei: (known?.amountWei ?? 0n) + amountWei,
      gifts: (known?.gifts ?? 0) + item.qty,
    })
    this.#gifts.push({
      payer: tab.payer,
      content: item.contentId,
      amountWei,
      time: item.time,
      halfLife: 'live',
    })
    if (this.#gifts.length > MAX_GIFTS) this.#gifts.shift()
  }
}
