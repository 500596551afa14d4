import type { Address } from '../money/address'
import { lineOf, type Tab } from './tab'

/** Payers at once; beyond it the one not heard of for longest is forgotten. */
const MAX_PAYERS = 20_000
/** Lines of one payer: nobody gives to more creators at once. */
const MAX_LINES_EACH = 512

/**
 * [Note: Overspending]
 * One deposit can be promised to several creators. Tab heads are told in every room, so that each app adds up what a
 * payer has promised everybody and shows no gift above the deposit. What the bank has paid on a line is no promise any
 * more.
 */
export class OverspendWatch {
  readonly #payers = new Map<Address, Map<string, Tab>>()

  constructor(private readonly maxPayers = MAX_PAYERS) {}

  /** A verified tab, of whichever creator. */
  note(tab: Tab): void {
    const lines = this.#payers.get(tab.payer) ?? new Map<string, Tab>()
    this.#payers.delete(tab.payer)
    this.#payers.set(tab.payer, lines)
    const line = lineOf(tab)
    const known = lines.get(line)
    if (known !== undefined ? tab.total > known.total : lines.size < MAX_LINES_EACH) lines.set(line, tab)
    if (this.#payers.size > this.maxPayers) {
      const [oldest] = this.#payers.keys()
      if (oldest !== undefined) this.#payers.delete(oldest)
    }
  }

  /** Lines of a payer that were told. */
  linesOf(payer: Address): Tab[] {
    return [...(this.#payers.get(payer)?.values() ?? [])]
  }

  /** Promised by a payer and not yet paid, wei; `next` counts as told. `paid`: wei the bank has paid on a line. */
  unsettled(payer: Address, paid: (line: string) => bigint, next: readonly Tab[] = []): bigint {
    const totals = new Map(this.linesOf(payer).map((tab) => [lineOf(tab), tab.total]))
    for (const tab of next) {
      const line = lineOf(tab)
      const known = totals.get(line) ?? 0n
      totals.set(line, tab.total > known ? tab.total : known)
    }
    let sum = 0n
    for (const [line, total] of totals) {
      const open = total - paid(line)
      if (open > 0n) sum += open
    }
    return sum
  }
}
