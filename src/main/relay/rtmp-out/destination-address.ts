import { isWhipAddress, parseWhipAddress } from '../whip-out/whip-address'
import { parseRtmpAddress, type RtmpAddress } from './rtmp-address'

/** Where a show is published to, and how. */
export type DestinationAddress = { kind: 'rtmp'; address: RtmpAddress } | { kind: 'whip'; endpoint: URL }

/**
 * Reads the address of a service: `rtmp://` and `rtmps://` are RTMP, `https://` is WHIP.
 * @throws StudioError `bad-destination`
 */
export function parseDestination(text: string): DestinationAddress {
  return isWhipAddress(text)
    ? { kind: 'whip', endpoint: parseWhipAddress(text) }
    : { kind: 'rtmp', address: parseRtmpAddress(text) }
}
