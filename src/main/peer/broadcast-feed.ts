import type { SegmentMessage } from '@shared/engines/media-service'
import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { BroadcastDetails } from '@shared/live/broadcast-details'
import type { EncodedInit } from '@shared/media/encoded-segment'
import type { UplinkSample } from '@shared/media/uplink-sample'
import type { Broadcast } from './broadcast'
import type { PeerNode } from './peer-node'

export interface PublishedSegment {
  seq: number
  cid: string
  bytes: number
  durationMs: number
  delayMs: number
}

export interface BroadcastFeedEvents {
  published(segment: PublishedSegment): void
  /** What the line to the viewers carries; about four times a second while somebody watches. */
  uplink?(sample: UplinkSample): void
  /** Publishing broke: the feed takes no more. */
  failed(error: ErrorReport): void
}

/** An encoder that shows nothing for this long has failed. */
const FIRST_INIT_TIMEOUT_MS = 15_000
const UPLINK_EACH_MS = 250

/**
 * Joins an encoder's output to a broadcast: the first init starts the show, later ones (an encoder restarted) are a
 * discontinuity of the same show. Messages are published strictly in their order.
 */
export class BroadcastFeed {
  readonly started: Promise<Broadcast>
  #resolve!: (broadcast: Broadcast) => void
  #reject!: (error: Error) => void
  #broadcast: Broadcast | null = null
  #queue: Promise<void> = Promise.resolve()
  #closed = false
  readonly #timer: NodeJS.Timeout
  #uplinkTimer: NodeJS.Timeout | undefined

  constructor(
    private readonly node: PeerNode,
    private readonly details: BroadcastDetails,
    private readonly events: BroadcastFeedEvents,
  ) {
    this.started = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.started.catch(() => undefined) // a feed may be closed before anybody waits
    this.#timer = setTimeout(() => {
      this.#reject(new StudioError('no-picture', 'The encoder gave no picture. Choose the source again and retry.'))
      this.#closed = true
    }, FIRST_INIT_TIMEOUT_MS)
  }

  take(message: SegmentMessage): void {
    this.#queue = this.#queue.then(() => this.#handle(message)).catch((error: unknown) => this.#fail(error))
  }

  /** Publishes what was taken, then the end of the show. */
  async close(): Promise<void> {
    await this.#queue
    this.#closed = true
    clearTimeout(this.#timer)
    clearInterval(this.#uplinkTimer)
    if (!this.#broadcast) this.#reject(new StudioError('live-cancelled', 'The live was ended before it began.'))
    await this.#broadcast?.stop()
    this.#broadcast = null
  }

  async #handle(message: SegmentMessage): Promise<void> {
    if (this.#closed) return
    if (message.t === 'init') await this.#begin(message.init)
    else if (message.t === 'segment' && this.#broadcast) {
      const { bytes, durationMs, delayMs, others = [] } = message.segment
      const { seq, cid } = await this.#broadcast.publish(bytes, { durationMs, others })
      this.events.published({ seq, cid, bytes: bytes.byteLength, durationMs, delayMs })
    }
  }

  async #begin(init: EncodedInit): Promise<void> {
    if (this.#broadcast) {
      this.#broadcast.setInit(init.bytes)
      return
    }
    const { width, height, fps, mimeType, renditions } = init
    const format = { width, height, fps, mimeType, ...(renditions === undefined ? {} : { renditions }) }
    const broadcast = await this.node.startBroadcast(this.details, format)
    broadcast.setInit(init.bytes)
    clearTimeout(this.#timer)
    this.#broadcast = broadcast
    this.#uplinkTimer = setInterval(() => {
      const sample = broadcast.uplink(performance.now())
      if (sample) this.events.uplink?.(sample)
    }, UPLINK_EACH_MS)
    this.#resolve(broadcast)
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    clearInterval(this.#uplinkTimer)
    this.#reject(error instanceof Error ? error : new Error(String(error)))
    this.events.failed(reportError(error))
  }
}
