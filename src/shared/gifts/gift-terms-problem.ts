import { publicKeyOfPeerId } from '../live/peer-id-key'
import { keyGrantProblem } from '../wallet/key-grant'
import type { GiftTerms } from './gift-terms'
import { bytesToHex } from './hex-bytes'

/**
 * Why the device of a show may not name its account; null when the account has let it. In words for a log. Never throws.
 * @param now Unix seconds
 */
export function giftTermsProblem({ account, grant }: GiftTerms, broadcaster: string, now: number): string | null {
  const key = publicKeyOfPeerId(broadcaster)
  if (key === null) return 'the broadcaster has no key'
  if (grant === undefined) return 'there is no grant'
  if (grant.account !== account) return 'it is of another account'
  return keyGrantProblem(grant, { device: bytesToHex(key), scope: 'live', now })
}
