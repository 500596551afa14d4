import { lineOf, type Tab } from './tab'
import type { GiftLine } from './gift-line'

export type GiftRefusal =
  | 'unknown-gift'
  | 'wrong-growth'
  | 'wrong-design'
  | 'forked'
  | 'replayed'
  | 'too-many-payers'
  | 'above-deposit'
  | 'exit-pending'
  | 'no-deposit'

/** What a gift is by the tabs that were seen before it. */
export type HeadVerdict =
  /** The next of its line, or (`missed` > 0) a later one: so many between were never seen. */
  | { kind: 'next'; amountWei: bigint; missed: number }
  /** Older than what is known: nothing is owed for it any more, but it was given. */
  | { kind: 'late'; amountWei: bigint }
  | { kind: 'refused'; why: GiftRefusal }

/** Lines at once; a room of 10,000 givers fits, and no flood of made-up payers fills the memory. */
const MAX_LINES = 20_000
/** Of one line: which gifts were seen, so that a second copy is known as one. */
const MAX_SEEN_EACH = 256

interface Head {
  tab: Tab
  /** `count` of the gifts seen, newest last. */
  seen: number[]
}

/**
 * The last tab seen of each line: says whether a gift follows from it. Totals grow by exactly what of the gift is theirs;
 * after a gap by at least that. Signatures were checked before.
 */
export class TabHeads {
  readonly #heads = new Map<string, Head>()

  constructor(private readonly maxLines = MAX_LINES) {}

  head(line: string): Tab | null {
    return this.#heads.get(line)?.tab ?? null
  }

  heads(): Tab[] {
    return [...this.#heads.values()].map(({ tab }) => tab)
  }

  /** Changes nothing. `amountWei`: what the gift adds to this tab. */
  judge({ tab, before }: Pick<GiftLine, 'tab' | 'before'>, amountWei: bigint): HeadVerdict {
    const head = this.#heads.get(lineOf(tab))
    if (head === undefined) {
      if (this.#heads.size >= this.maxLines) return { kind: 'refused', why: 'too-many-payers' }
      const grew = tab.count === 1 ? tab.total === amountWei : tab.total >= amountWei
      return grew ? { kind: 'next', amountWei, missed: tab.count - 1 } : { kind: 'refused', why: 'wrong-growth' }
    }
    const known = head.tab
    if (tab.count <= known.count) {
      if (head.seen.includes(tab.count)) {
        const same = tab.count === known.count && tab.chain !== known.chain
        return { kind: 'refused', why: same ? 'forked' : 'replayed' }
      }
      // one that was missed comes by: it must fit below the total that is known
      return tab.total < known.total && tab.total >= amountWei
        ? { kind: 'late', amountWei }
        : { kind: 'refused', why: 'wrong-growth' }
    }
    const missed = tab.count - known.count - 1
    if (missed === 0 && before !== known.chain) return { kind: 'refused', why: 'forked' }
    const growth = tab.total - known.total
    const fits = missed === 0 ? growth === amountWei : growth >= amountWei
    return fits ? { kind: 'next', amountWei, missed } : { kind: 'refused', why: 'wrong-growth' }
  }

  /** Remembers a gift that was judged `next` or `late`. */
  accept({ tab }: Pick<GiftLine, 'tab'>): void {
    const line = lineOf(tab)
    const head = this.#heads.get(line)
    if (head === undefined) {
      this.#heads.set(line, { tab, seen: [tab.count] })
      return
    }
    head.seen.push(tab.count)
    if (head.seen.length > MAX_SEEN_EACH) head.seen.shift()
    if (tab.count > head.tab.count) head.tab = tab
  }
}
