import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { designLine, type DesignPart, type DesignTab } from '@shared/gifts/design-part'
import { encodeGiftLine, type GiftLine } from '@shared/gifts/gift-line'
import { nextChain, type GiftItem } from '@shared/gifts/gift-chain'
import { bytesToHex, hexToBytes } from '@shared/gifts/hex-bytes'
import type { TabSigner } from '@shared/gifts/ledger-view'
import { lineOf, type Tab } from '@shared/gifts/tab'
import { MAX_COUNT, MAX_TOTAL } from '@shared/gifts/tab-limits'
import { ZERO_BYTES32, type Address } from '@shared/money/address'
import { AppendLog } from './append-log'

/** A gift that the person wants to give. */
export interface GiftWish {
  creator: Address
  sharer: Address
  sharerBps: number
  item: GiftItem
  /** Of all pieces, with the designer's part. */
  amountWei: bigint
  /** Of it for who designed the gift; null: nobody has a part. */
  design: DesignPart | null
  /** Goes with the gift; empty: none. */
  name: string
  text: string
  /** For people, and to find the room again. */
  about: { giftName: string; creatorName: string; room: string }
}

/**
 * `intended`: on disk, not signed. `signed`: it may have left. `sent`: it was handed to the network.
 * `not-sent`: it never was signed and never leaves.
 */
export type GiftState = 'intended' | 'signed' | 'sent' | 'not-sent'

export interface BookedGift {
  id: string
  state: GiftState
  /** Unix milliseconds. */
  at: number
  line: Omit<GiftLine, 'signature' | 'design'> & {
    signature: Uint8Array | null
    design: (Omit<DesignTab, 'signature'> & { signature: Uint8Array | null }) | null
  }
  amountWei: bigint
  about: GiftWish['about']
}

const big = z
  .string()
  .regex(/^\d{1,40}$/)
  .transform(BigInt)
const hex = z.string().regex(/^0x([0-9a-f]{2})+$/)
const TabEntry = z.object({
  payer: hex,
  creator: hex,
  sharer: hex,
  sharerBps: z.int(),
  total: big,
  count: z.int(),
  chain: hex,
})
const Entry = z.discriminatedUnion('k', [
  z.object({
    k: z.literal('intent'),
    id: z.string(),
    at: z.number(),
    tab: TabEntry,
    item: z.object({ giftId: z.int(), qty: z.int(), contentId: hex, time: z.int() }),
    before: hex,
    /** Left out without a designer, and by versions before it. */
    design: z.object({ tab: TabEntry, before: hex }).optional(),
    name: z.string(),
    text: z.string(),
    amountWei: big,
    about: z.object({ giftName: z.string(), creatorName: z.string(), room: z.string() }),
  }),
  z.object({ k: z.literal('signed'), id: z.string(), signature: hex, design: hex.optional() }),
  z.object({ k: z.literal('sent'), id: z.string() }),
  z.object({ k: z.literal('dropped'), id: z.string() }),
  /** A larger tab of the same account, from another device or a lost book. */
  z.object({ k: z.literal('adopted'), tab: TabEntry, signature: hex }),
])

/** Gifts that wait for their turn: holding a button down must not queue a thousand prompts. */
const MAX_WAITING = 32

/**
 * [Note: A gift that is cut short]
 * Before a gift is signed its tab is on disk, and before it leaves its signature is. So after a kill each gift is one of
 * three: sent; signed, and then it is sent again (totals are cumulative: twice is once); or never signed, and then it
 * counts as not sent and its tab is given up. Between the wallet's own note and ours lies a moment in which a kill leaves
 * a tab that the wallet counts as signed and this book does not: the wallet refuses the next total then (`tab-backwards`),
 * the given-up tab is signed once more, which is the same signature, and the gift leaves with the next one. A gift with a
 * designer has two tabs; they are signed together, and go through all of this as one.
 */
export class PayerBook {
  readonly #gifts = new Map<string, BookedGift>()
  readonly #heads = new Map<string, Tab>()
  readonly #cutShort: BookedGift[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  private constructor(
    readonly payer: Address,
    private readonly log: AppendLog,
  ) {}

  /** Opens the book of one account on one ledger. Throws StudioError `gift-book-broken`. */
  static async open(path: string, payer: Address): Promise<PayerBook> {
    const entries: z.infer<typeof Entry>[] = []
    const log = await AppendLog.open(path, (entry) => entries.push(Entry.parse(entry)))
    const book = new PayerBook(payer, log)
    for (const entry of entries) book.#read(entry)
    for (const gift of book.#gifts.values()) {
      if (gift.state !== 'intended') continue
      await book.#drop(gift)
      book.#cutShort.push(gift)
    }
    return book
  }

  /** Newest last. */
  gifts(): BookedGift[] {
    return [...this.#gifts.values()]
  }

  /** Signed, and not known to have left. */
  unsent(): BookedGift[] {
    return this.gifts().filter(({ state }) => state === 'signed')
  }

  /** Given up when the book was opened: a kill came before their signature. */
  get cutShort(): readonly BookedGift[] {
    return this.#cutShort
  }

  /** The newest tab of a line; null before the first gift. */
  head(line: Pick<Tab, 'creator' | 'sharer' | 'sharerBps'>): Tab | null {
    return this.#heads.get(lineOf({ payer: this.payer, ...line })) ?? null
  }

  /** Newest tab of each line. */
  heads(): Tab[] {
    return [...this.#heads.values()]
  }

  /**
   * Gives one gift: books it, has it signed, books the signature, sends it. Throws what the signer throws (the gift
   * counts as not sent then), StudioError `gift-not-left` when `send` fails (it stays `unsent`), `too-many-gifts`.
   */
  give(wish: GiftWish, signer: TabSigner, send: (bytes: Uint8Array) => Promise<void>): Promise<BookedGift> {
    if (this.#waiting >= MAX_WAITING) {
      return Promise.reject(new StudioError('too-many-gifts', 'Too many gifts at once. Wait until the last have left.'))
    }
    this.#waiting++
    const given = this.#turn.then(() => this.#give(wish, signer, send)).finally(() => this.#waiting--)
    this.#turn = given.catch(() => undefined)
    return given
  }

  /** Sends what was signed and perhaps never left, of one room; resolves with what went out now. */
  async sendAgain(room: string, send: (bytes: Uint8Array) => Promise<void>): Promise<BookedGift[]> {
    const sent: BookedGift[] = []
    for (const gift of this.unsent()) {
      if (gift.about.room !== room) continue
      try {
        await send(encodeGiftLine(signedLine(gift)))
      } catch {
        break // the room is away: the next time
      }
      await this.log.append({ k: 'sent', id: gift.id })
      gift.state = 'sent'
      sent.push(gift)
    }
    return sent
  }

  /** Takes over a larger tab that this account has signed elsewhere; true when it was one. */
  async adopt(tab: Tab, signature: Uint8Array): Promise<boolean> {
    const known = this.#heads.get(lineOf(tab))
    if (tab.payer !== this.payer || (known !== undefined && known.total >= tab.total)) return false
    await this.log.append({ k: 'adopted', tab: tabEntry(tab), signature: bytesToHex(signature) })
    this.#heads.set(lineOf(tab), tab)
    return true
  }

  close(): Promise<void> {
    return this.log.close()
  }

  async #give(wish: GiftWish, signer: TabSigner, send: (bytes: Uint8Array) => Promise<void>): Promise<BookedGift> {
    const { creator, sharer, sharerBps, item, amountWei, name, text, about } = wish
    const wei = amountWei - (wish.design?.wei ?? 0n)
    const { tab, before } = this.#next({ payer: this.payer, creator, sharer, sharerBps }, item, wei)
    const design =
      wish.design === null
        ? null
        : this.#next(designLine(this.payer, wish.design.designer, creator), item, wish.design.wei)
    const gift: BookedGift = {
      id: randomUUID(),
      state: 'intended',
      at: Date.now(),
      line: { item, tab, before, name, text, signature: null, design: design && { ...design, signature: null } },
      amountWei,
      about,
    }
    await this.log.append({
      ...{ k: 'intent', id: gift.id, at: gift.at, tab: tabEntry(tab), item, before, name, text, about },
      amountWei: amountWei.toString(),
      ...(design === null ? {} : { design: { tab: tabEntry(design.tab), before: design.before } }),
    })
    this.#gifts.set(gift.id, gift)
    try {
      await this.#sign(gift, signer)
    } catch (error) {
      if (gift.state === 'intended') await this.#drop(gift)
      if (error instanceof StudioError && error.code === 'tab-backwards' && (await this.#revive(gift, signer, send))) {
        return this.#give(wish, signer, send)
      }
      throw error
    }
    try {
      await send(encodeGiftLine(signedLine(gift)))
    } catch (error) {
      throw new StudioError(
        'gift-not-left',
        `The ${about.giftName} is signed but has not left this computer. It is sent as soon as the room can be reached; you cannot pay for it twice.`,
        { cause: error },
      )
    }
    await this.log.append({ k: 'sent', id: gift.id })
    gift.state = 'sent'
    return gift
  }

  /** Brings back the gift that the wallet has signed and this book gave up; false when there is none. */
  async #revive(
    { line: refused }: BookedGift,
    signer: TabSigner,
    send: (bytes: Uint8Array) => Promise<void>,
  ): Promise<boolean> {
    const lost = this.gifts().findLast(
      ({ state, line }) =>
        state === 'not-sent' &&
        tabsOf(line).every(({ tab, before }) => before === (this.head(tab)?.chain ?? ZERO_BYTES32)) &&
        tabsOf(line).some(({ tab }) =>
          tabsOf(refused).some(
            (other) =>
              lineOf(tab) === lineOf(other.tab) && tab.count === other.tab.count && tab.chain !== other.tab.chain,
          ),
        ),
    )
    if (lost === undefined) return false
    try {
      await this.#sign(lost, signer)
    } catch {
      return false
    }
    await send(encodeGiftLine(signedLine(lost)))
    await this.log.append({ k: 'sent', id: lost.id })
    lost.state = 'sent'
    return true
  }

  /** The tab of a line after one more gift. */
  #next(line: Omit<Tab, 'total' | 'count' | 'chain'>, item: GiftItem, wei: bigint): Pick<GiftLine, 'tab' | 'before'> {
    const head = this.head(line)
    const before = head?.chain ?? ZERO_BYTES32
    const total = (head?.total ?? 0n) + wei
    const count = (head?.count ?? 0) + 1
    if (total > MAX_TOTAL || count > MAX_COUNT) throw new StudioError('tab-full', 'This tab is full. Settle it first.')
    return { tab: { ...line, total, count, chain: nextChain(before, item) }, before }
  }

  /** Has a booked gift signed, and books that. Throws what the signer throws. */
  async #sign(gift: BookedGift, signer: TabSigner): Promise<void> {
    const { tab, item, design } = gift.line
    const about = { ...gift.about, qty: item.qty }
    const signed =
      design === null
        ? { tab: await signer.signTab(tab, about), design: null }
        : await signer.signTabs({ tab, design: design.tab }, about)
    await this.log.append({
      ...{ k: 'signed', id: gift.id, signature: bytesToHex(signed.tab) },
      ...(signed.design === null ? {} : { design: bytesToHex(signed.design) }),
    })
    this.#signed(gift, signed.tab, signed.design)
  }

  #signed(gift: BookedGift, signature: Uint8Array, designSignature: Uint8Array | null): void {
    gift.state = 'signed'
    gift.line.signature = signature
    if (gift.line.design !== null) gift.line.design.signature = designSignature
    for (const { tab } of tabsOf(gift.line)) this.#heads.set(lineOf(tab), tab)
  }

  async #drop(gift: BookedGift): Promise<void> {
    await this.log.append({ k: 'dropped', id: gift.id })
    gift.state = 'not-sent'
  }

  #read(entry: z.infer<typeof Entry>): void {
    if (entry.k === 'adopted') {
      this.#heads.set(lineOf(entry.tab), entry.tab)
      return
    }
    if (entry.k === 'intent') {
      const { id, at, tab, item, before, design, name, text, amountWei, about } = entry
      const line = {
        ...{ item, tab, before, name, text, signature: null },
        design: design === undefined ? null : { ...design, signature: null },
      }
      this.#gifts.set(id, { id, state: 'intended', at, line, amountWei, about })
      return
    }
    const gift = this.#gifts.get(entry.id)
    if (gift === undefined) return
    if (entry.k === 'signed') {
      const { design } = entry
      this.#signed(gift, hexToBytes(entry.signature), design === undefined ? null : hexToBytes(design))
    } else gift.state = entry.k === 'sent' ? 'sent' : 'not-sent'
  }
}

function tabEntry(tab: Tab): Record<string, unknown> {
  return { ...tab, total: tab.total.toString() }
}

function signedLine({ line }: BookedGift): GiftLine {
  const { signature, design } = line
  const designSignature = design?.signature ?? null
  if (signature === null || (design !== null && designSignature === null)) {
    throw new TypeError('a gift without a signature does not travel')
  }
  const signedDesign = design === null || designSignature === null ? null : { ...design, signature: designSignature }
  return { ...line, signature, design: signedDesign }
}

/** The tabs that a gift grows: the creator's, and the designer's where there is one. */
function tabsOf({ tab, before, design }: BookedGift['line']): Pick<GiftLine, 'tab' | 'before'>[] {
  return design === null ? [{ tab, before }] : [{ tab, before }, design]
}
