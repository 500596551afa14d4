import { publicKeyOfPeerId } from '../live/peer-id-key'
import { formatLiveUrl, parseLiveUrl } from '../live/live-url'

/** What a `live` entry says of where the show is: `<peer id>/live/<manifest CID>` and the key that signs its segments. */
export interface LivePlace {
  readonly topic: string
  /** 32 bytes, `0x...`. */
  readonly segKey: string
}

/** Of the address of a show (`we://...`); a sharer's token is left out. Throws StudioError `bad-live-url`. */
export function livePlace(url: string): LivePlace {
  const { peerId, showCid } = parseLiveUrl(url)
  const key = Array.from(publicKeyOfPeerId(peerId)!, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { topic: formatLiveUrl({ peerId, showCid }).slice('we://'.length), segKey: `0x${key}` }
}

/** The address by which the show of a `live` entry is watched; null: the entry does not say it in our way. Never throws. */
export function liveUrlOfTopic(topic: string): string | null {
  try {
    return formatLiveUrl(parseLiveUrl(`we://${topic}`))
  } catch {
    return null
  }
}
