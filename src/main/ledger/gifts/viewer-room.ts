import { reportError, StudioError } from '@shared/errors'
import { designPart } from '@shared/gifts/design-part'
import { contentIdOf } from '@shared/gifts/gift-chain'
import { decodeGiftLine } from '@shared/gifts/gift-line'
import { MAX_GIFT_NAME } from '@shared/gifts/gift-limits'
import type { GiftMoney, OpenGiftLedger } from '@shared/gifts/gift-money'
import type { GiftReadiness, SharedLink, ShownGift, ViewerGifts } from '@shared/gifts/gift-state'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { giftTermsProblem } from '@shared/gifts/gift-terms-problem'
import { RoomBook } from '@shared/gifts/room-book'
import { formatLiveUrl } from '@shared/live/live-url'
import { ZERO_ADDRESS, type Address } from '@shared/money/address'
import { formatWe, WEI_PER_WE } from '@shared/money/we-amount'
import { CID } from 'multiformats/cid'
import { GiftLedger } from './gift-ledger'
import { claimTransaction, defineTransaction, depositTransaction } from './gift-transactions'
import { giftWords, givenPath } from './interrupted-gifts'
import { PayerBook, type BookedGift } from './payer-book'
import { drawingOf, shownGift, totalsOf } from './room-view'

export interface ViewerRoomParts {
  money: GiftMoney
  /** Where the books of gifts given lie. */
  folder: string
  /** Hands a line to the network. Rejects when it cannot leave. */
  send: (bytes: Uint8Array) => Promise<void>
  shown: (gift: ShownGift) => void
  changed: () => void
  notice: (level: 'info' | 'problem', message: string) => void
}

/** A deposit is made in steps, so that not every gift needs one. */
const TOP_UP_LEAST = 10n * WEI_PER_WE
/** Older gifts are what was before this person came: they count, and are not played. */
const FRESH_SECONDS = 15

/** Who sent a person to a live; the name is their word only. */
export interface RoomSharer {
  address: Address
  name: string
}

/** The gifts of the watched live: sees those of all, and gives. */
export class ViewerRoom {
  #readiness: GiftReadiness = { state: 'opening' }
  #opened: OpenGiftLedger | null = null
  #ledger: GiftLedger | null = null
  #room: RoomBook | null = null
  #book: PayerBook | null = null
  #early: Uint8Array[] = []
  #closed = false
  #money = { balanceWei: 0n, depositLeftWei: 0n, defineFeeWei: 0n, feeBps: 0 }
  #gifts: ViewerGifts['gifts'] = []

  constructor(
    /** `url` names the room; the CID is that of the show. */
    readonly show: { url: string; cid: string; broadcaster: string; title: string; terms: GiftTerms },
    private readonly parts: ViewerRoomParts,
    /** Who sent this person the link, and gets the sharer's part. */
    private readonly sharer: RoomSharer | null = null,
  ) {}

  get view(): ViewerGifts {
    const { terms } = this.show
    return {
      readiness: this.#readiness,
      account: this.parts.money.account(),
      budget: this.parts.money.budget(this.show.url),
      creator: terms.account,
      ...this.#money,
      sharerBps: terms.sharerBps,
      sharer: this.#sharer(),
      isTest: this.#opened?.isTest ?? true,
      gifts: this.#gifts,
      unsent: this.#book?.unsent().length ?? 0,
      givenWei: this.#given().reduce((sum, { amountWei }) => sum + amountWei, 0n),
      ...totalsOf(this.#room),
    }
  }

  /** Opens the ledger of the show and the own book; never rejects, `view.readiness` says what came of it. */
  async open(): Promise<void> {
    const { money } = this.parts
    const { terms, cid, broadcaster } = this.show
    const problem = giftTermsProblem(terms, broadcaster, Math.floor(Date.now() / 1000))
    if (problem !== null) {
      console.error(`gifts: the account of ${cid} is not proved: ${problem}`)
      const message =
        'This live names an account for its gifts that is not proved to be its own. Gifts are off, so that yours do not go astray.'
      this.#set({ state: 'failed', code: 'not-granted', message })
      return
    }
    try {
      const opened = await money.openFor(terms, broadcaster)
      if (opened.chainId !== terms.chainId || opened.contracts.bank !== terms.bank) {
        throw new StudioError(
          'other-ledger',
          'This live takes gifts on a ledger with other contracts than yours. Gifts are off, so that nothing is lost.',
        )
      }
      const ledger = new GiftLedger(opened.provider, opened.contracts, opened.chainId, opened.firstBlock)
      const contentId = contentIdOf(CID.parse(cid))
      this.#room = new RoomBook({ creator: terms.account, contentId, sharerBps: terms.sharerBps }, ledger)
      this.#opened = opened
      this.#ledger = ledger
      await this.accountChanged()
      for (const bytes of this.#early.splice(0)) await this.take(bytes)
    } catch (error) {
      this.#set({ state: 'failed', ...reportError(error) })
    }
  }

  /** Another account, or the first one: its book is opened. */
  async accountChanged(): Promise<void> {
    const { money, folder, send, notice } = this.parts
    const opened = this.#opened
    const account = money.account()
    if (opened === null) {
      // what stood in the way may be gone: a network that was added, a ledger that answers again
      if (this.#readiness.state === 'failed') await this.open()
      return
    }
    if (this.#book?.payer !== account?.address) {
      await this.#book?.close()
      this.#book = null
      if (account !== null) {
        const path = givenPath(folder, opened.chainId, account.address)
        this.#book = await PayerBook.open(path, account.address)
        await money.openRoom({ room: this.show.url, name: this.show.title, creator: this.show.terms.account })
        const again = await this.#book.sendAgain(this.show.url, send)
        for (const gift of again) {
          notice(
            'info',
            `${giftWords(gift)} had been signed before the app was closed. It was sent now, and is paid once.`,
          )
        }
      }
    }
    await this.refresh()
    this.#set({ state: account === null ? 'no-account' : 'ready' })
  }

  /** A line from the network, its signature checked. */
  async take(bytes: Uint8Array): Promise<void> {
    if (this.#room === null) {
      if (this.#early.length < 256) this.#early.push(bytes)
      return
    }
    const line = decodeGiftLine(bytes)
    const verdict = await this.#room.take(line)
    if (this.#closed || verdict.kind === 'refused') return
    // one's own, from another device or a book that was lost: the next total goes on from it
    if (line.tab.payer === this.#book?.payer) {
      await this.#book.adopt(line.tab, line.signature)
      if (line.design !== null) await this.#book.adopt(line.design.tab, line.design.signature)
    }
    if (verdict.kind === 'shown' && line.item.time > Date.now() / 1000 - FRESH_SECONDS) {
      this.parts.shown(shownGift('watch', line, verdict.gift, verdict.amountWei))
    }
    this.parts.changed()
  }

  /** Gives. Rejects with a StudioError in plain words; what was signed then and has not left is sent later. */
  async give({ giftId, qty, text }: { giftId: number; qty: number; text: string }): Promise<void> {
    const { ledger, opened, book } = this.#ready()
    const { terms, url, title, cid } = this.show
    const gift = await ledger.gift(giftId)
    if (gift === null) throw new StudioError('no-gift', 'This gift cannot be given any more. Choose another one.')
    const amountWei = gift.priceWei * BigInt(qty)
    await this.#cover(amountWei)
    const item = { giftId, qty, contentId: contentIdOf(CID.parse(cid)), time: Math.floor(Date.now() / 1000) }
    const sharer = this.#sharer()
    try {
      await book.give(
        {
          ...{ creator: terms.account, item, amountWei, sharer: sharer?.address ?? ZERO_ADDRESS },
          sharerBps: sharer === null ? 0 : terms.sharerBps,
          design: designPart(gift, amountWei, { payer: book.payer, creator: terms.account }),
          ...{ name: (this.parts.money.account()?.name ?? '').slice(0, MAX_GIFT_NAME), text },
          about: { giftName: gift.name, creatorName: title, room: url },
        },
        this.parts.money.signer(opened, url),
        this.parts.send,
      )
    } finally {
      // signed or not, from memory: nothing has moved on the ledger
      this.#money.depositLeftWei = await this.#left().catch(() => this.#money.depositLeftWei)
      this.parts.changed()
    }
  }

  /**
   * A link to this live that names who shares it, where that earns something. `sharerBps`: of each gift that comes
   * through it; 0: a link without a name, `why` says the reason.
   */
  async shareLink(): Promise<SharedLink> {
    const { cid, broadcaster: peerId, url, terms } = this.show
    const account = this.parts.money.account()
    const plain = (why: SharedLink['why']): SharedLink => ({ url, sharerBps: 0, why })
    if (this.#readiness.state === 'failed' || terms.sharerBps === 0) return plain('pays-nothing')
    if (account === null) return plain('no-account')
    if (account.address === terms.account) return plain('own')
    const share = await this.parts.money.shareToken(contentIdOf(CID.parse(cid)))
    if (share === null) return plain('locked')
    return { url: formatLiveUrl({ peerId, showCid: cid, share }), sharerBps: terms.sharerBps, why: null }
  }

  /** Test WE for a new account. */
  async claim(): Promise<void> {
    const { opened } = this.#ready()
    const call = claimTransaction(opened.contracts)
    if (call === null) throw new StudioError('no-faucet', 'WE on this ledger have value; nobody gives them away.')
    await this.#send(call)
  }

  /** A gift of one's own; its picture is published already. */
  async design({
    name,
    priceWei,
    pictureCid,
    designerBps,
  }: {
    name: string
    priceWei: bigint
    pictureCid: string
    /** Of each such gift, for who designs it here. */
    designerBps: number
  }): Promise<void> {
    const { opened, ledger, book } = this.#ready()
    const gift = { priceWei, mediaCid: pictureCid, text: name, designer: book.payer, designerBps }
    await this.#send(defineTransaction(opened.contracts, await ledger.defineFee(), gift))
  }

  /** Reads balance, deposit and catalogue anew. */
  async refresh(): Promise<void> {
    const ledger = this.#ledger
    if (ledger === null) return
    const me = this.#book?.payer ?? null
    const gifts = await ledger.catalogue()
    this.#gifts = gifts
      .map(({ id, name, priceWei, mediaCid, designer, designerBps: bps }) => ({
        ...{ id, name, priceWei, mediaCid },
        designer: designer === ZERO_ADDRESS ? null : { address: designer, bps },
        key: drawingOf({ id, designer }),
        own: designer === me,
      }))
      .sort((a, b) => (a.priceWei < b.priceWei ? -1 : a.priceWei > b.priceWei ? 1 : a.id - b.id))
    this.#money = {
      balanceWei: me === null ? 0n : await ledger.balance(me),
      depositLeftWei: me === null ? 0n : await this.#left(),
      defineFeeWei: await ledger.defineFee(),
      feeBps: await ledger.feeBps(),
    }
    this.parts.changed()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.parts.money.endRoom(this.show.url).catch(() => undefined)
    await this.#book?.close()
  }

  /** Of the deposit, what no tab has promised yet. */
  async #left(): Promise<bigint> {
    const { ledger, book } = this.#ready()
    const { balanceWei } = await ledger.deposit(book.payer)
    let left = balanceWei
    for (const tab of book.heads()) {
      const paid = await ledger.paid(tab)
      if (tab.total > paid) left -= tab.total - paid
    }
    return left > 0n ? left : 0n
  }

  /** Adds to the deposit until it covers the amount; a fifth of what goes in is held as collateral. */
  async #cover(amountWei: bigint): Promise<void> {
    const { opened, ledger, book } = this.#ready()
    ledger.forget()
    const left = await this.#left()
    if (left >= amountWei) return
    const balance = await ledger.balance(book.payer)
    const needed = ((amountWei - left) * 5n + 3n) / 4n + 1n
    const wished = needed > TOP_UP_LEAST ? needed : TOP_UP_LEAST
    const amount = wished <= balance ? wished : needed
    if (amount > balance) {
      throw new StudioError(
        'too-little',
        `This gift needs ${formatWe(needed)} WE more in your deposit (a fifth of it is held back as a security), and you have ${formatWe(balance)} WE. ` +
          (opened.isTest ? 'Get test WE, or choose a smaller gift.' : 'Choose a smaller gift.'),
      )
    }
    await this.#send(depositTransaction(opened.contracts, amount))
  }

  async #send(call: { to: string; data: string; words: string }): Promise<void> {
    const { opened, ledger } = this.#ready()
    await this.parts.money.send(opened, call, this.show.url)
    ledger.forget()
    await this.refresh()
  }

  /** Nobody is one's own sharer, and who takes the gifts needs no part of them. */
  #sharer(): RoomSharer | null {
    const { sharer } = this
    const isNobody = sharer?.address === this.show.terms.account || sharer?.address === this.#book?.payer
    return isNobody || this.show.terms.sharerBps === 0 ? null : sharer
  }

  #given(): BookedGift[] {
    return this.#book?.gifts().filter(({ about, state }) => about.room === this.show.url && state !== 'not-sent') ?? []
  }

  #ready(): { opened: OpenGiftLedger; ledger: GiftLedger; book: PayerBook } {
    if (this.#opened === null || this.#ledger === null) {
      throw new StudioError('gifts-not-ready', 'The ledger of this live is not here yet. Try again in a moment.')
    }
    if (this.#book === null) throw new StudioError('no-account', 'You need an account to give. It takes a minute.')
    return { opened: this.#opened, ledger: this.#ledger, book: this.#book }
  }

  #set(readiness: GiftReadiness): void {
    this.#readiness = readiness
    this.parts.changed()
  }
}
