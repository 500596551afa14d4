import type { GiftLine } from '@shared/gifts/gift-line'
import type { ShownGift, ViewerGifts } from '@shared/gifts/gift-state'
import type { CatalogueGift } from '@shared/gifts/ledger-view'
import type { RoomBook } from '@shared/gifts/room-book'
import { STANDARD_GIFTS } from '@shared/gifts/standard-gifts'
import { voteWeights } from '@shared/gifts/vote-weight'
import { ZERO_ADDRESS, type Address } from '@shared/money/address'

/** Nobody can stake yet (issue of rewards): the mass of every account is 0, and so is its vote. The rest is as it will be. */
const MASS_WITHOUT_STAKE = 0
const MOST = 50

/** Which drawing a gift has; null for somebody's design. */
export function drawingOf({ id, designer }: Pick<CatalogueGift, 'id' | 'designer'>): string | null {
  return designer === ZERO_ADDRESS ? (STANDARD_GIFTS.find((gift) => gift.id === id)?.key ?? null) : null
}

/** What is given in a room, who gave most, and each number of their votes. */
export function totalsOf(book: RoomBook | null): Pick<ViewerGifts, 'totalWei' | 'supporters' | 'votes'> {
  if (book === null) return { totalWei: 0n, supporters: [], votes: [] }
  const supporters = book.supporters(MOST)
  const shown = new Set(supporters.map(({ payer }) => payer))
  const votes = voteWeights(book.gifts, () => MASS_WITHOUT_STAKE, Math.floor(Date.now() / 1000))
    .filter(({ payer }) => shown.has(payer))
    .map(({ payer, given, fresh, freshEverywhere, mass, vote }) => ({
      ...{ payer, given, fresh, freshEverywhere, mass, vote },
    }))
  return { totalWei: book.totalWei, supporters, votes }
}

/** A verified gift as the window shows it. */
export function shownGift(
  room: ShownGift['room'],
  { tab, item, name, text }: GiftLine,
  gift: CatalogueGift,
  amountWei: bigint,
): ShownGift {
  return {
    room,
    id: tab.chain,
    payer: tab.payer,
    name: name === '' ? shortAddress(tab.payer) : name,
    giftId: item.giftId,
    key: drawingOf(gift),
    giftName: gift.name,
    mediaCid: gift.mediaCid,
    qty: item.qty,
    amountWei,
    text,
  }
}

function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}
