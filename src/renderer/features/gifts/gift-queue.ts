import { SHOW_MS, takesWholePicture, type GiftEvent } from './gift-event'

/** Who gave what, and how often in a row. */
export interface GiftBanner {
  key: string
  event: GiftEvent
  /** Pieces in this combo. */
  count: number
  until: number
}

/** A gift's animation. */
export interface GiftShow {
  key: string
  event: GiftEvent
  until: number
}

/** Gifts of one person and kind within this time are one combo, milliseconds. */
export const COMBO_MS = 4_000
const MAX_BANNERS = 3
const MAX_SMALL_SHOWS = 3
/** Waiting: the cheapest go first, so that nothing costly is lost and no delay grows. */
const MAX_WAITING_BANNERS = 24
const MAX_WAITING_SHOWS = 8

/**
 * What of the gifts is on screen now: at most three banners, one animation over the whole picture and three small ones
 * beside it. Everything else waits in bounded queues. Times in milliseconds, given by the caller.
 */
export class GiftQueue {
  banners: readonly GiftBanner[] = []
  shows: readonly GiftShow[] = []
  #waitingBanners: GiftEvent[] = []
  #waitingShows: GiftEvent[] = []
  #number = 0

  push(event: GiftEvent, now: number): void {
    const running = this.banners.find(({ event: shown }) => isSameCombo(shown, event))
    if (running) {
      this.banners = this.banners.map((banner) =>
        banner === running ? { ...banner, event, count: banner.count + event.qty, until: now + COMBO_MS } : banner,
      )
    } else {
      const waiting = this.#waitingBanners.findIndex((other) => isSameCombo(other, event))
      const other = this.#waitingBanners[waiting]
      if (other) this.#waitingBanners[waiting] = { ...event, qty: other.qty + event.qty }
      else this.#waitingBanners.push(event)
    }
    // a combo of a large gift plays it twice at most, not once for each piece
    const same = [...this.shows.map(({ event: shown }) => shown), ...this.#waitingShows].filter((shown) =>
      isSameCombo(shown, event),
    )
    if (same.length < (takesWholePicture(event.gift) ? 2 : MAX_SMALL_SHOWS)) this.#waitingShows.push(event)
    this.#waitingBanners = costliest(this.#waitingBanners, MAX_WAITING_BANNERS)
    this.#waitingShows = costliest(this.#waitingShows, MAX_WAITING_SHOWS)
    this.advance(now)
  }

  /** Ends what is over and begins what waited; true when something changed. */
  advance(now: number): boolean {
    const before = [this.banners, this.shows]
    if (this.banners.some(({ until }) => until <= now)) this.banners = this.banners.filter(({ until }) => until > now)
    if (this.shows.some(({ until }) => until <= now)) this.shows = this.shows.filter(({ until }) => until > now)
    while (this.banners.length < MAX_BANNERS) {
      const event = this.#waitingBanners.shift()
      if (event === undefined) break
      this.banners = [...this.banners, { key: this.#key(), event, count: event.qty, until: now + COMBO_MS }]
    }
    for (const event of [...this.#waitingShows]) {
      const whole = takesWholePicture(event.gift)
      const alike = this.shows.filter(({ event: shown }) => takesWholePicture(shown.gift) === whole).length
      if (alike >= (whole ? 1 : MAX_SMALL_SHOWS)) continue
      this.#waitingShows.splice(this.#waitingShows.indexOf(event), 1)
      this.shows = [...this.shows, { key: this.#key(), event, until: now + SHOW_MS[event.gift] }]
    }
    return before[0] !== this.banners || before[1] !== this.shows
  }

  /** When `advance` has something to do; null: nothing is on screen. */
  get nextChange(): number | null {
    const ends = [...this.banners, ...this.shows].map(({ until }) => until)
    return ends.length === 0 ? null : Math.min(...ends)
  }

  #key(): string {
    this.#number += 1
    return `gift-${this.#number}`
  }
}

function isSameCombo(a: GiftEvent, b: GiftEvent): boolean {
  return a.payer === b.payer && a.giftId === b.giftId
}

/** The `most` costliest, in the order they came. */
function costliest(events: GiftEvent[], most: number): GiftEvent[] {
  if (events.length <= most) return events
  const cheapest = events.reduce((low, event) => (event.amountWei < low.amountWei ? event : low))
  return costliest(
    events.filter((event) => event !== cheapest),
    most,
  )
}
