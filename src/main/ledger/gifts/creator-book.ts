import { z } from 'zod'
import { decodeGiftLine, encodeGiftLine, type GiftLine } from '@shared/gifts/gift-line'
import { bytesToHex, hexToBytes } from '@shared/gifts/hex-bytes'
import type { LedgerView } from '@shared/gifts/ledger-view'
import type { OverspendWatch } from '@shared/gifts/overspend-watch'
import { RoomBook, type RoomTerms, type RoomVerdict } from '@shared/gifts/room-book'
import type { OpenTab } from '@shared/gifts/settlement-plan'
import type { SignedTab } from '@shared/gifts/settlement-record'
import { lineOf } from '@shared/gifts/tab'
import { TabHeads } from '@shared/gifts/tab-heads'
import { AppendLog } from './append-log'

const Entry = z.object({ k: z.literal('gift'), line: z.string().regex(/^0x[0-9a-f]+$/) })

/**
 * The tabs that one account has been given on one ledger, over all its lives: what was shown is on disk, because it is
 * money. Totals in it are only ever raised.
 */
export class CreatorBook {
  readonly #tabs = new Map<string, SignedTab>()
  readonly #heads = new TabHeads()

  private constructor(private readonly log: AppendLog) {}

  /** Opens or begins the book. Throws StudioError `gift-book-broken`. */
  static async open(path: string): Promise<CreatorBook> {
    const lines: GiftLine[] = []
    const log = await AppendLog.open(path, (entry) => {
      lines.push(decodeGiftLine(hexToBytes(Entry.parse(entry).line)))
    })
    const book = new CreatorBook(log)
    for (const line of lines) book.#keep(line)
    return book
  }

  /** Begins a live; `overspend` is shared by all rooms of this app. */
  room(terms: RoomTerms, ledger: LedgerView, overspend: OverspendWatch): RoomBook {
    return new RoomBook(terms, ledger, overspend, this.#heads)
  }

  /** As `RoomBook.take`; what is to be shown is on disk before it is. */
  async take(room: RoomBook, line: GiftLine): Promise<RoomVerdict> {
    const verdict = await room.take(line)
    if (verdict.kind === 'refused') return verdict
    await this.log.append({ k: 'gift', line: bytesToHex(encodeGiftLine(line)) })
    this.#keepTab(line)
    return verdict
  }

  /** All tabs with what is paid of them; those of designers too, whose `creator` is the designer. */
  openTabs(ledger: LedgerView): Promise<OpenTab[]> {
    return Promise.all([...this.#tabs.values()].map(async (tab) => ({ ...tab, paidWei: await ledger.paid(tab.tab) })))
  }

  close(): Promise<void> {
    return this.log.close()
  }

  #keep(line: GiftLine): void {
    this.#heads.accept(line)
    if (line.design !== null) this.#heads.accept(line.design)
    this.#keepTab(line)
  }

  #keepTab({ tab, signature, design }: GiftLine): void {
    for (const signed of design === null ? [{ tab, signature }] : [{ tab, signature }, design]) {
      const line = lineOf(signed.tab)
      const known = this.#tabs.get(line)
      if (known === undefined || signed.tab.total > known.tab.total) {
        this.#tabs.set(line, { tab: signed.tab, signature: signed.signature })
      }
    }
  }
}
