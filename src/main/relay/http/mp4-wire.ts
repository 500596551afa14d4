import { liveFragment, liveStart } from '../hls/live-fragments'
import type { LivePacket } from '../live-packet'
import type { Wire } from '../live-reader'
import { PICTURE_RATE } from '../stream-clock'

const USUAL_TICKS = PICTURE_RATE / 30

/**
 * A fragmented MP4 that never ends, each packet a fragment of its own: what our page feeds to MediaSource. One for
 * each live, so that all readers share the fragments.
 */
export class Mp4Wire implements Wire {
  private sequence = 1
  private lastTicks = 0
  private usual = USUAL_TICKS

  start(...[config]: Parameters<Wire['start']>): Uint8Array {
    return liveStart(config)
  }

  packet(packet: LivePacket): Uint8Array {
    return packet.mp4((one) => {
      if (one.track === 'picture') {
        const gap = one.ticks - this.lastTicks
        if (gap > 0 && gap < PICTURE_RATE / 2) this.usual = gap
        this.lastTicks = one.ticks
      }
      return liveFragment(this.sequence++, [one], this.usual)
    })
  }
}
