import { join } from 'node:path'
import { reportError, StudioError } from '@shared/errors'
import { contentIdOf } from '@shared/gifts/gift-chain'
import { decodeGiftLine } from '@shared/gifts/gift-line'
import type { GiftMoney, OpenGiftLedger } from '@shared/gifts/gift-money'
import type { CreatorGifts, GiftReadiness, ShownGift } from '@shared/gifts/gift-state'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { PacketCountdown, type PacketState } from '@shared/gifts/live-packets'
import { OverspendWatch } from '@shared/gifts/overspend-watch'
import type { RoomBook } from '@shared/gifts/room-book'
import { isDue, owed, planSettlement, type OpenTab } from '@shared/gifts/settlement-plan'
import { CID } from 'multiformats/cid'
import { CreatorBook } from './creator-book'
import { GiftLedger } from './gift-ledger'
import { MinuteBook } from './minute-book'
import {
  claimTransaction,
  packetsTransaction,
  refundTransaction,
  settleTransaction,
  startLiveTransaction,
  withdrawTransaction,
  type GiftTransaction,
} from './gift-transactions'
import { shownGift, totalsOf } from './room-view'

export interface CreatorRoomParts {
  money: GiftMoney
  /** Where the books of gifts taken lie. */
  folder: string
  sharerBps: () => number
  shown: (gift: ShownGift) => void
  changed: () => void
  /** A tab that was taken: other creators are told. */
  took: (show: string, bytes: Uint8Array) => void
  /** The minutes are at another stage. */
  packetsAt: (state: PacketState) => void
}

const LOOK_EACH_MS = 30_000
const MINUTE_MS = 60_000
/** Between two questions whether to collect what somebody else is about to take. */
const ASK_EACH_MS = 5 * MINUTE_MS
/** Minutes taken for a live at a time; what it leaves of them is the next one's. [Note: Started minutes] */
const MINUTES_EACH = 10

interface Books {
  opened: OpenGiftLedger
  ledger: GiftLedger
  book: CreatorBook
  minutes: MinuteBook
  account: string
  /** Promises are of one ledger: what somebody owes on another is no reason to refuse a gift here. */
  overspend: OverspendWatch
}

/** The gifts and minutes of the own lives: one book for each account and ledger, one room while a live runs. */
export class CreatorRoom {
  #readiness: GiftReadiness = { state: 'no-account' }
  #books: Books | null = null
  #opening: Promise<Books> | null = null
  #live: {
    show: string
    contentId: string
    room: RoomBook
    minutes: PacketCountdown | null
    phase: string
    /** Milliseconds that need no burning: left by the lives before, or burnt for this one. */
    coveredMs: number
    taking: Promise<void>
  } | null = null
  #open: OpenTab[] = []
  #figures = { earnedWei: 0n, feeBps: 0, minutes: 0, priceWei: 0n }
  #settling = false
  #ending = false
  #settledAt = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: CreatorRoomParts) {}

  get view(): CreatorGifts {
    const { earnedWei, feeBps, minutes, priceWei } = this.#figures
    const state = this.#live?.minutes?.state ?? null
    return {
      readiness: this.#readiness,
      account: this.parts.money.account(),
      isTest: this.#books?.opened.isTest ?? true,
      owedWei: owed(this.#own()),
      designersWei: owed(this.#open) - owed(this.#own()),
      ...{ earnedWei, settling: this.#settling, sharerBps: this.parts.sharerBps(), feeBps },
      packets: {
        carriedMs: this.#live === null ? (this.#books?.minutes.leftMs ?? 0) : 0,
        ...{ minutes, priceWei, isFree: (this.#books?.opened.isTest ?? true) && minutes === 0 },
        leftMs: state?.leftMs ?? null,
        phase: state?.phase ?? 'running',
        graceLeftMs: state?.graceLeftMs ?? 0,
      },
      ...totalsOf(this.#live?.room ?? null),
    }
  }

  /** Opens ledger and book of the active account; without one nothing happens. Never rejects. */
  async prepare(): Promise<void> {
    if (this.parts.money.account() === null) {
      this.#set({ state: 'no-account' })
      return
    }
    try {
      if (this.#books === null) this.#set({ state: 'opening' })
      await this.#opened()
      // made while the wallet is open, so that going live later asks for nothing
      await this.parts.money.keyGrant(false).catch(() => null)
      await this.refresh()
      this.#set({ state: 'ready' })
    } catch (error) {
      this.#set({ state: 'failed', ...reportError(error) })
    }
  }

  /** Where gifts of the next live go; null: there is no account, or its ledger cannot be had. */
  async terms(): Promise<GiftTerms | null> {
    if (this.parts.money.account() === null) return null
    try {
      const { opened, account } = await this.#opened()
      const { chainId, genesis, host, contracts } = opened
      const { money, sharerBps } = this.parts
      const grant = (await money.keyGrant(false)) ?? (await money.keyGrant(true))
      if (grant?.account !== account) throw new StudioError('other-account', 'The account was changed. Try again.')
      return { account, grant, chainId, genesis, bank: contracts.bank, host, sharerBps: sharerBps() }
    } catch (error) {
      this.#set({ state: 'failed', ...reportError(error) })
      return null
    }
  }

  /** A live of this person has begun under these terms. */
  begin(show: string, terms: GiftTerms): void {
    const books = this.#books
    if (books === null) return
    const contentId = contentIdOf(CID.parse(show))
    const { account, sharerBps } = terms
    const room = books.book.room({ creator: account, contentId, sharerBps }, books.ledger, books.overspend)
    // who never bought minutes on a ledger of test value goes live without a thought; then none are counted
    const isCounted = !books.opened.isTest || this.#figures.minutes > 0
    const coveredMs = books.minutes.leftMs
    const minutes = isCounted ? new PacketCountdown(this.#figures.minutes * MINUTE_MS + coveredMs) : null
    if (isCounted) books.minutes.begin(contentId)
    this.#live = { show, contentId, room, minutes, phase: 'running', coveredMs, taking: Promise.resolve() }
    clearInterval(this.#timer)
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK_EACH_MS)
    this.#coverMinutes()
    this.parts.changed()
  }

  /** The live is over; what is owed is collected. */
  async end(): Promise<void> {
    const live = this.#live
    if (live === null) return
    this.#live = null
    clearInterval(this.#timer)
    this.parts.changed()
    this.#ending = true
    try {
      await live.taking
      await this.#books?.minutes.end().catch((error: unknown) => console.error('minutes left were not counted', error))
      await this.refresh()
      if (owed(this.#open) > 0n) await this.settle()
    } finally {
      this.#ending = false
    }
  }

  /** A line of the own room, its signature checked. */
  async take(bytes: Uint8Array): Promise<void> {
    const [live, books] = [this.#live, this.#books]
    if (live === null || books === null) return
    const line = decodeGiftLine(bytes)
    const verdict = await books.book.take(live.room, line)
    if (verdict.kind === 'refused') return
    this.parts.took(live.show, bytes)
    if (verdict.kind === 'shown') this.parts.shown(shownGift('studio', line, verdict.gift, verdict.amountWei))
    this.#open = await books.book.openTabs(books.ledger)
    this.parts.changed()
  }

  /** A tab that somebody gave another creator on the same bank. */
  takeTab(bytes: Uint8Array): void {
    const { tab, design } = decodeGiftLine(bytes)
    this.#books?.overspend.note(tab)
    if (design !== null) this.#books?.overspend.note(design.tab)
  }

  /** A signed segment of the live was published. */
  published(durationMs: number): void {
    const live = this.#live
    if (!live?.minutes) return
    live.minutes.published(durationMs)
    this.#books?.minutes.used(durationMs)
    this.#coverMinutes()
    const { state } = live.minutes
    if (state.phase === live.phase) return
    live.phase = state.phase
    this.parts.packetsAt(state)
    this.parts.changed()
  }

  /** Collects what is owed. Rejects with a StudioError in plain words. */
  async settle(): Promise<void> {
    const { opened, ledger, book, account } = await this.#opened()
    if (this.#settling) throw new StudioError('settling', 'Your gifts are being collected already.')
    this.#settling = true
    this.parts.changed()
    try {
      ledger.forget()
      const open = await book.openTabs(ledger)
      // the own first: a no to what pays a designer then holds nothing else back
      const plans = [...planSettlement(this.#own(open)), ...planSettlement(open.filter(isDesigners(account)))]
      for (const plan of plans) {
        await this.parts.money.send(opened, settleTransaction(opened.contracts, plan), null)
      }
    } finally {
      this.#settledAt = performance.now() // a no counts too: it is not asked again at once
      this.#settling = false
      ledger.forget() // what was read before it was paid
      await this.refresh()
    }
  }

  async withdraw(): Promise<void> {
    const { opened } = await this.#opened()
    await this.#send(withdrawTransaction(opened.contracts))
  }

  async buyMinutes(count: number): Promise<void> {
    const { opened, ledger } = await this.#opened()
    await this.#send(packetsTransaction(opened.contracts, count, await ledger.packetPrice()))
    this.#live?.minutes?.add(count * MINUTE_MS)
    this.parts.changed()
  }

  /** Gives back all minutes that no live has begun. Rejects with a StudioError: a live needs them, or there are none. */
  async refundMinutes(): Promise<void> {
    if (this.#live !== null) throw new StudioError('minutes-needed', 'Your live needs them. End it first.')
    const { opened, ledger, account } = await this.#opened()
    const count = await ledger.packets(account)
    if (count === 0) throw new StudioError('no-minutes', 'There are no minutes to give back.')
    await this.#send(refundTransaction(opened.contracts, count))
  }

  /** Test WE for a new account, once; local ledgers only. */
  async claim(): Promise<void> {
    const { opened } = await this.#opened()
    const call = claimTransaction(opened.contracts)
    if (call === null) throw new StudioError('no-faucet', 'WE on this ledger have value; nobody gives them away.')
    await this.#send(call)
  }

  /** Reads what is owed, earned and left anew. */
  async refresh(): Promise<void> {
    const { ledger, book, account } = await this.#opened()
    const [open, earnedWei, feeBps, minutes, priceWei] = await Promise.all([
      book.openTabs(ledger),
      ledger.earned(account),
      ledger.feeBps(),
      ledger.packets(account),
      ledger.packetPrice(),
    ])
    this.#open = open
    this.#figures = { earnedWei, feeBps, minutes, priceWei }
    this.parts.changed()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#books?.minutes.close()
    await this.#books?.book.close()
    this.#books = null
  }

  /** Tabs whose money is this account's; the others are of designers. */
  #own(open: readonly OpenTab[] = this.#open): OpenTab[] {
    const account = this.#books?.account ?? ''
    return open.filter((tab) => !isDesigners(account)(tab))
  }

  #opened(): Promise<Books> {
    const { money, folder } = this.parts
    const account = money.account()
    if (account === null) {
      return Promise.reject(new StudioError('no-account', 'You need an account to take gifts. It takes a minute.'))
    }
    const books = this.#books
    // a live goes on where it has begun, and is settled there
    const isCurrent = this.#live !== null || this.#ending || books?.opened.chainId === money.ownChain()
    if (books?.account === account.address && isCurrent) return Promise.resolve(books)
    this.#opening ??= (async () => {
      await this.close()
      const opened = await money.openOwn()
      const ledger = new GiftLedger(opened.provider, opened.contracts, opened.chainId, opened.firstBlock)
      const book = await CreatorBook.open(join(folder, `taken-${opened.chainId}-${account.address}.log`))
      const path = join(folder, `minutes-${opened.chainId}-${account.address}.json`)
      const minutes = await MinuteBook.open(path, (live) => ledger.burntFor(account.address, live))
      const overspend = new OverspendWatch()
      this.#books = { opened, ledger, book, minutes, account: account.address, overspend }
      return this.#books
    })().finally(() => (this.#opening = null))
    return this.#opening
  }

  /** Settles by itself: much is owed, or somebody who owes takes the deposit out. */
  async #look(): Promise<void> {
    const books = this.#books
    if (books === null || this.#settling) return
    const { ledger, book } = books
    ledger.forget()
    this.#open = await book.openTabs(ledger)
    const leaving = await Promise.all(
      this.#open
        .filter(({ tab, paidWei }) => tab.total > paidWei)
        .map(async ({ tab }) => (await ledger.deposit(tab.payer)).exitAt !== null),
    )
    const sinceMs = performance.now() - this.#settledAt
    // where settling costs a fee and a question, it waits for the end of the live, unless somebody leaves with the money
    const { isTest } = books.opened
    const isLate = leaving.includes(true) && (isTest || sinceMs > ASK_EACH_MS)
    if (isLate || (isTest && isDue(this.#open, sinceMs))) await this.settle()
    else this.parts.changed()
  }

  /** Uses up the next minutes when the running live has come to the end of those before. */
  #coverMinutes(): void {
    const [live, books] = [this.#live, this.#books]
    const count = Math.min(MINUTES_EACH, this.#figures.minutes)
    if (!live?.minutes || books === null || count === 0 || live.minutes.usedMs < live.coveredMs) return
    live.coveredMs += count * MINUTE_MS // counted at once: not taken twice while the ledger works
    const call = startLiveTransaction(books.opened.contracts, live.contentId, count)
    live.taking = this.#send(call).catch((error: unknown) => console.error('minutes were not used up', error))
  }

  async #send(call: GiftTransaction): Promise<void> {
    const { opened, ledger } = await this.#opened()
    await this.parts.money.send(opened, call, null)
    ledger.forget()
    await this.refresh()
  }

  #set(readiness: GiftReadiness): void {
    this.#readiness = readiness
    this.parts.changed()
  }
}

/** Whether a tab in the book of this account pays who designed a gift. Note A designer's tab. */
function isDesigners(account: string): (open: OpenTab) => boolean {
  return ({ tab }) => tab.creator !== account
}
