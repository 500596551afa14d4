import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { Bytes32, ZERO_BYTES32 } from '@shared/money/address'
import { DAY_MS } from '@shared/wallet/room-budget'
import { writeBeside } from '../../platform/write-beside'

const Wei = z
  .string()
  .regex(/^\d{1,30}$/)
  .transform(BigInt)
const Head = z.object({ total: Wei, count: z.int().min(0), chain: Bytes32 })
const Spent = z.object({ room: z.string(), at: z.number(), wei: Wei, kind: z.enum(['gift', 'deposit']) })
const BookFile = z.object({ v: z.literal(1), heads: z.record(z.string(), Head), spent: z.array(Spent) })

/** The newest tab that was signed on a line. */
export interface TabHead {
  total: bigint
  count: number
  chain: Bytes32
}

export interface Spending {
  room: string
  wei: bigint
  kind: 'gift' | 'deposit'
}

interface Book {
  heads: ReadonlyMap<string, TabHead>
  spent: readonly (Spending & { at: number })[]
}

const NEW_LINE: TabHead = { total: 0n, count: 0, chain: ZERO_BYTES32 }

/** What one reservation does; both parts reach the disk together or not at all. */
export interface Reservation {
  /** Tabs: their lines and their new heads; two of a gift with a designer. */
  heads?: readonly { line: string; next: TabHead }[]
  /** What counts against budgets. */
  spending?: Spending
  /** Asked with the sums of the last 24 hours, this one not included; throws when they are too high. */
  allow?: (sums: { inRoom: bigint; inAllRooms: bigint }) => void
}

/**
 * What an account has promised and spent, on the disk BEFORE a signature leaves: after a crash at any moment no total
 * runs backwards and no budget is given twice.
 */
export class SpendingBook {
  #book: Book
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly path: string,
    book: Book,
    private readonly now: () => number,
  ) {
    this.#book = book
  }

  /** @throws StudioError `spending-book-broken`: signing without it could promise twice */
  static async open(path: string, now: () => number = Date.now): Promise<SpendingBook> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw broken(path, error)
    })
    if (text === null) return new SpendingBook(path, { heads: new Map(), spent: [] }, now)
    try {
      const { heads, spent } = BookFile.parse(JSON.parse(text))
      return new SpendingBook(path, { heads: new Map(Object.entries(heads)), spent }, now)
    } catch (error) {
      throw broken(path, error)
    }
  }

  /** The newest tab of a line; zero when there is none. */
  head(line: string): TabHead {
    return this.#book.heads.get(line) ?? NEW_LINE
  }

  /** What was spent without a question in the last 24 hours, wei. */
  spent(kind: Spending['kind'], room?: string): bigint {
    return this.#recent()
      .filter((entry) => entry.kind === kind && (room === undefined || entry.room === room))
      .reduce((sum, { wei }) => sum + wei, 0n)
  }

  /**
   * Checks and writes, one after another. Resolves when it is on the disk.
   * @throws StudioError `tab-backwards` when a line has moved on, what `allow` throws, `wallet-not-written`
   */
  reserve({ heads: next = [], spending, allow }: Reservation): Promise<void> {
    const done = this.#last.then(async () => {
      for (const head of next) checkForward(this.head(head.line), head.next)
      if (spending !== undefined) {
        allow?.({ inRoom: this.spent(spending.kind, spending.room), inAllRooms: this.spent(spending.kind) })
      }
      const heads = new Map(this.#book.heads)
      for (const head of next) heads.set(head.line, head.next)
      const spent = this.#recent()
      const book = {
        heads,
        spent: spending === undefined || spending.wei === 0n ? spent : [...spent, { ...spending, at: this.now() }],
      }
      try {
        await writeBeside(this.path, textOf(book), { mode: 0o600 })
      } catch (error) {
        throw new StudioError(
          'wallet-not-written',
          'Nothing was signed, because it could not be noted first. Check that the disk is not full and try again.',
          { cause: error },
        )
      }
      this.#book = book
    })
    this.#last = done.catch(() => undefined)
    return done
  }

  /** A clock that was set back does not forget: what lies in the future counts as recent. */
  #recent(): (Spending & { at: number })[] {
    const since = this.now() - DAY_MS
    return this.#book.spent.filter(({ at }) => at > since)
  }
}

/** A tab is signed again when it is the very same one; else its total and its count grow. */
export function checkForward(before: TabHead, next: TabHead): void {
  if (next.total === before.total && next.count === before.count && next.chain === before.chain) return
  if (next.total > before.total && next.count > before.count) return
  throw new StudioError(
    'tab-backwards',
    'This gift was not signed: its total is not above the one signed before. Your app and the room disagree; open the room again.',
  )
}

function textOf({ heads, spent }: Book): string {
  const file = { v: 1, heads: Object.fromEntries(heads), spent }
  return JSON.stringify(file, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function broken(path: string, cause: unknown): StudioError {
  return new StudioError(
    'spending-book-broken',
    `The file ${path} with what this account has promised cannot be read. It was left as it is. Put a copy of it back; ` +
      'or move it away, then every gift asks first.',
    { cause },
  )
}
