import type { StudioError } from '@shared/errors'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { OpusPacket } from '../rtc/opus-maker'
import { NoWay, WhipPublisher, type WhipOptions } from '../whip-out/whip-publisher'
import { WhipShow } from '../whip-out/whip-show'
import type { DestinationAddress } from './destination-address'
import { RtmpPublisher, type PublishOptions } from './rtmp-publisher'
import { RtmpShow } from './rtmp-show'

/** A connection that publishes, whichever way. */
export interface DestinationLine {
  /** Resolves when it is over: with what went wrong, null after `close`. */
  readonly over: Promise<StudioError | null>
  readonly bytesSent: number
  readonly queuedBytes: number
  /** Says goodbye and ends. */
  close: () => Promise<void>
  /** Ends it at once. */
  destroy: () => void
}

/** What is put on it. */
export interface DestinationShow {
  readonly droppedPictures: number
  setConfig: (config: AccessConfig) => void
  take: (unit: AccessUnit) => void
  takeOpus?: (packet: OpusPacket) => void
}

export type LineOptions = PublishOptions & Pick<WhipOptions, 'hasSound' | 'iceServers'>

/**
 * Opens a connection that publishes.
 * @param config resolves with the show's encoding, which an offer by WHIP has to name
 * @throws StudioError as `RtmpPublisher.open` and `WhipPublisher.open`; or the signal's reason
 */
export async function openLine(
  to: DestinationAddress,
  key: string,
  config: Promise<AccessConfig>,
  options: LineOptions,
): Promise<{ line: DestinationLine; show: DestinationShow }> {
  if (to.kind === 'whip') {
    const publisher = await WhipPublisher.open(to.endpoint, key, await config, options)
    return { line: publisher, show: new WhipShow(publisher.sender) }
  }
  const publisher = await RtmpPublisher.open(to.address, key, options)
  const line: DestinationLine = {
    over: publisher.over,
    get bytesSent() {
      return publisher.bytesSent
    },
    get queuedBytes() {
      return publisher.queuedBytes
    },
    close: () => publisher.close(key),
    destroy: () => publisher.destroy(),
  }
  return { line, show: new RtmpShow(publisher) }
}

/** What a failed attempt has taught for the next one. */
export function learnt(problem: unknown): Pick<LineOptions, 'iceServers'> {
  return problem instanceof NoWay ? { iceServers: problem.iceServers } : {}
}
