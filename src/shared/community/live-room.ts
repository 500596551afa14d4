import { giftTermsProblem } from '../gifts/gift-terms-problem'
import type { LiveListing } from '../live/live-listing'

/**
 * The room of a live: one for all lives of its creator, so that rules, moderators and bans outlast a show. Its name
 * carries the account that the manifest of the show names and that has let the show's device speak for it: nobody else's
 * rules count there. Null: the show names no account, or one that did not grant it; it has no room. Never throws.
 * @param now Unix milliseconds
 */
export function liveRoom({ gifts, peerId }: Pick<LiveListing, 'gifts' | 'peerId'>, now: number): string | null {
  if (gifts === undefined || giftTermsProblem(gifts, peerId, Math.floor(now / 1000)) !== null) return null
  return `${gifts.account}/live`
}
