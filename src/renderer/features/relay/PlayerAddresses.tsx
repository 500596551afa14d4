import { CopyRow } from './CopyRow'
import type { RelayAddresses } from './relay-words'
import './relay.css'

/** Where each kind of player finds a live, and what each address is for. */
export function PlayerAddresses({ addresses, withPage }: { addresses: RelayAddresses; withPage: boolean }) {
  return (
    <details className="player-addresses">
      <summary>Addresses for players</summary>
      {withPage && <CopyRow label="Page" value={addresses.page} note="Any browser; takes the soonest way it can." />}
      <CopyRow label="WebRTC" value={addresses.whep} note="Soonest. Players that take WHEP, such as GStreamer." />
      <CopyRow label="HTTP-FLV" value={addresses.flv} note="Nearly as soon. VLC, mpv and FLV players on web pages." />
      <CopyRow label="HLS" value={addresses.hls} note="Phones, TVs and nearly every other player." />
      <CopyRow label="RTMP" value={addresses.rtmp} note="ffmpeg, and OBS as a media source." />
    </details>
  )
}
