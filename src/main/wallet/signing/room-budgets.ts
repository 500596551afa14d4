import { formatWe } from '@shared/money/we-amount'
import { StudioError } from '@shared/errors'
import { DAY_MS, ROOMS_TOGETHER, type BudgetLimits, type RoomBudget } from '@shared/wallet/room-budget'
import type { KeptRoom } from './room-file'
import type { SpendingBook, Spending } from './spending-book'

interface Room {
  name: string
  creator: string
  limits: BudgetLimits
  /** Agreed to in a prompt, until then. */
  more: { wei: bigint; until: number }
}

const MAX_ROOMS = 64

/** The rooms that the person is in, and what may be given there without a question. Rooms end with the app. */
export class RoomBudgets {
  readonly #rooms = new Map<string, Room>()

  /** `keep` is told of the open rooms when they have changed; `kept` are those of an engine that died. */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly keep: (rooms: readonly KeptRoom[]) => void = () => undefined,
    kept: readonly KeptRoom[] = [],
    limits: BudgetLimits = { perDayWei: 0n, perGiftWei: 0n },
  ) {
    for (const { room, ...about } of kept) this.#rooms.set(room, { ...about, limits })
  }

  open(room: string, { name, creator, limits }: { name: string; creator: string; limits: BudgetLimits }): void {
    const more = this.#rooms.get(room)?.more ?? { wei: 0n, until: 0 }
    if (this.#rooms.size >= MAX_ROOMS && !this.#rooms.has(room)) {
      throw new StudioError('too-many-rooms', 'Too many rooms are open. Close some first.')
    }
    this.#rooms.set(room, { name, creator, limits, more })
    this.#keep()
  }

  /** Other limits, for the rooms that are open too. */
  limit(limits: BudgetLimits): void {
    for (const room of this.#rooms.values()) room.limits = limits
  }

  /** The room's allowance is over; what was given in it today still counts should it open again. */
  end(room: string): void {
    this.#rooms.delete(room)
    this.#keep()
  }

  /** Up to so much more today, as the person agreed. */
  allow(room: string, wei: bigint): void {
    const found = this.#rooms.get(room)
    if (!found) return
    found.more = { wei, until: this.now() + DAY_MS }
    this.#keep()
  }

  /** A room of this creator; what goes to anybody else has no budget there. */
  get(room: string | null, creator?: string): { room: string; name: string } | null {
    const found = room === null ? undefined : this.#rooms.get(room)
    if (room === null || found === undefined || (creator !== undefined && found.creator !== creator)) return null
    return { room, name: found.name }
  }

  nameOf(creator: string): string | null {
    for (const room of this.#rooms.values()) if (room.creator === creator) return room.name
    return null
  }

  /**
   * The check for `SpendingBook.reserve`. Gifts and deposits have a sum each, so that setting 50 WE aside does not use up
   * what may be given.
   * @throws StudioError `over-budget`
   */
  check({ room, wei, kind }: Spending, sums: { inRoom: bigint; inAllRooms: bigint }): void {
    const found = this.#rooms.get(room)
    if (found === undefined) throw new StudioError('over-budget', 'This room is not open.')
    const { perDayWei, perGiftWei } = found.limits
    const more = this.#moreOf(found)
    const cap = kind === 'deposit' ? perDayWei + more : more > perGiftWei ? more : perGiftWei
    if (wei > cap) throw new StudioError('over-budget', `A gift above ${formatWe(cap)} WE asks first.`)
    if (sums.inRoom + wei > perDayWei + more) {
      throw new StudioError('over-budget', `More than ${formatWe(perDayWei + more)} WE a day in this room asks first.`)
    }
    if (sums.inAllRooms + wei > ROOMS_TOGETHER * perDayWei + more) {
      throw new StudioError('over-budget', 'More than that in all rooms together asks first.')
    }
  }

  /** The most that may be set aside in a room in one day without a question, wei. */
  depositLimit(room: string): bigint {
    const found = this.#rooms.get(room)
    return found === undefined ? 0n : found.limits.perDayWei + this.#moreOf(found)
  }

  /** All budgets as they stand. */
  list(book: SpendingBook | null): RoomBudget[] {
    return [...this.#rooms].map(([room, found]) => {
      const spentWei = book?.spent('gift', room) ?? 0n
      const left = found.limits.perDayWei + this.#moreOf(found) - spentWei
      return { room, name: found.name, limits: found.limits, spentWei, leftWei: left > 0n ? left : 0n }
    })
  }

  #keep(): void {
    this.keep([...this.#rooms].map(([room, { name, creator, more }]) => ({ room, name, creator, more })))
  }

  #moreOf({ more }: Room): bigint {
    return more.until > this.now() ? more.wei : 0n
  }
}
