import type { SegmentMessage } from '@shared/engines/media-service'
import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import type { BroadcastDetails } from '@shared/live/broadcast-details'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { EncodedInit } from '@shared/media/encoded-segment'
import type { RelayHandOver } from '@shared/live/relay-hand-over'
import { planFor } from '@shared/mesh/mesh-plan'
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

/**
 * An encoder that shows nothing for this long has failed. A broken one is told of by itself within seconds; this is for
 * what nobody noticed. A computer that is busy with other things takes 15 s and more from the choice of the source, over
 * the trials of hardware encoders, to the first segment.
 */
const FIRST_INIT_TIMEOUT_MS = 60_000
const UPLINK_EACH_MS = 250
/** AAC and what surrounds it; pictures where their rate is not said. */
const SOUND_KBPS = 140
const UNSAID_KBPS = 3_500
/** Units before the first segment: two seconds of picture and sound. */
const MOST_EARLY = 256

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
  #relays: readonly RelayHandOver[] = []
  #early: ({ t: 'config'; config: AccessConfig } | { t: 'unit'; unit: AccessUnit })[] = []
  readonly #timer: NodeJS.Timeout
  #uplinkTimer: NodeJS.Timeout | undefined

  constructor(
    private readonly node: PeerNode,
    private readonly details: BroadcastDetails,
    private readonly events: BroadcastFeedEvents,
    /** Where its gifts go; null: it takes none. */
    private readonly gifts: GiftTerms | null = null,
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

  /** Where else the show goes, now or when it begins. */
  setRelays(relays: readonly RelayHandOver[]): void {
    this.#relays = relays
    this.#broadcast?.setRelays(relays)
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
    else if (message.t === 'config') this.#config(message.config)
    else if (message.t === 'unit') this.#unit(message.unit)
    else if (message.t === 'segment' && this.#broadcast) {
      const { bytes, durationMs, delayMs, others = [], borders } = message.segment
      const { seq, cid } = await this.#broadcast.publish(bytes, { durationMs, others, borders })
      this.events.published({ seq, cid, bytes: bytes.byteLength, durationMs, delayMs })
    }
  }

  /** Units come before the segment that starts the show: the group that it begins with is kept. */
  #config(config: AccessConfig): void {
    if (this.#broadcast) this.#broadcast.config(config)
    else this.#early = [{ t: 'config', config }]
  }

  #unit(unit: AccessUnit): void {
    if (this.#broadcast) this.#broadcast.unit(unit)
    else if (this.#early.length < MOST_EARLY) this.#early.push({ t: 'unit', unit })
  }

  async #begin(init: EncodedInit): Promise<void> {
    if (this.#broadcast) {
      this.#broadcast.setInit(init.bytes)
      return
    }
    const { width, height, fps, mimeType, renditions } = init
    const format = { width, height, fps, mimeType, ...(renditions === undefined ? {} : { renditions }) }
    const kbps = (renditions?.[0]?.kbps ?? UNSAID_KBPS) + SOUND_KBPS
    const isInUnits = this.#early.length > 0
    const options = {
      ...(isInUnits ? { mesh: planFor(kbps) } : {}),
      ...(this.gifts === null ? {} : { gifts: this.gifts }),
    }
    const broadcast = await this.node.startBroadcast(this.details, format, options)
    broadcast.setInit(init.bytes)
    clearTimeout(this.#timer)
    this.#broadcast = broadcast
    if (this.#relays.length > 0) broadcast.setRelays(this.#relays)
    for (const early of this.#early.splice(0)) {
      if (early.t === 'config') broadcast.config(early.config)
      else broadcast.unit(early.unit)
    }
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
