import { SOURCE } from '@shared/live/rendition'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { readFragment, readFragmentStart } from '@shared/media/fragment-units'
import type { LiveView, SegmentEvent } from './live-view'

/** Samples of one AAC frame of 48,000 a second, milliseconds. */
const SOUND_FRAME_MS = 1024 / 48
/** How long a newcomer waits for the mesh before it takes segments. */
const MESH_JOIN_MS = 2_500

/**
 * Follows a watched live as access units, from its newest key picture on. Returns how to stop. [Note: Where units come
 * from] The one place that decides it: a faster way than the verified segments joins here, and nobody else notices.
 */
export function followUnits(
  live: LiveView,
  post: (message: WatchFeedMessage) => void,
  log: (line: string) => void,
): () => void {
  let stopSegments: (() => void) | null = null
  /** The mesh carries the source; another rendition comes as segments. */
  const wantsAnother = (): boolean => live.rendition !== SOURCE
  /** What the mesh began with has no hole before its next key picture. */
  const toSegments = (): void => {
    stopSegments ??= followSegments(live, post, log)
  }
  const toMesh = (): void => {
    if (stopSegments === null) return
    stopSegments()
    stopSegments = null
    post({ t: 'gap', track: 'picture' })
    post({ t: 'gap', track: 'sound' })
  }
  const take = (message: WatchFeedMessage): void => {
    if (message.t === 'config') config = message
    if (stopSegments !== null) {
      if (wantsAnother()) return
      if (message.t !== 'unit' || message.unit.track !== 'picture' || !message.unit.key || config === null) return
      toMesh()
      post(config)
    }
    post(message)
  }
  let config: WatchFeedMessage | null = live.recentUnits()[0] ?? null
  const end = (): void => {
    if (stopSegments === null) post({ t: 'end' })
  }
  const openedAt = performance.now()
  const look = (): void => {
    if (wantsAnother()) toSegments()
    else if (!live.isMeshed && (config !== null || performance.now() - openedAt > MESH_JOIN_MS)) toSegments()
  }
  for (const message of live.recentUnits()) post(message)
  if (live.manifest.mesh === undefined) toSegments()
  live.on('feed', take)
  live.on('ended', end)
  const timer = setInterval(look, 100)
  return () => {
    clearInterval(timer)
    stopSegments?.()
    live.off('feed', take)
    live.off('ended', end)
  }
}

/** Takes the verified segments of a live apart; the newest one here comes first, so that a picture is shown at once. */
export function followSegments(
  live: LiveView,
  post: (message: WatchFeedMessage) => void,
  log: (line: string) => void,
): () => void {
  const units = new SegmentUnits(post)
  let over = false
  let queue = Promise.resolve()
  const take = ({ seq, initCid, publishedAt }: Pick<SegmentEvent, 'seq' | 'initCid' | 'publishedAt'>): void => {
    queue = queue
      .then(async () => {
        const init = live.init(initCid)
        const bytes = await live.segment(seq)
        if (!over && init && bytes) units.take({ seq, initCid, init, bytes, publishedAt })
      })
      .catch((error: unknown) => {
        log(`peer: segment ${seq} gave no access units: ${String(error)}`)
        units.broken()
      })
  }
  const end = (): void => {
    queue = queue.then(() => {
      if (!over) post({ t: 'end' })
    })
  }
  const newest = live.window().at(-1)
  if (newest) take(newest)
  live.on('segment', take)
  live.on('ended', end)
  return () => {
    over = true
    live.off('segment', take)
    live.off('ended', end)
  }
}

/** Verified bytes of one segment. */
export interface WholeSegment {
  seq: number
  initCid: string
  init: Uint8Array
  bytes: Uint8Array
  /** Unix milliseconds of the broadcaster's clock. */
  publishedAt: number
}

/** Verified segments in, in order; access units out. */
export class SegmentUnits {
  private config: AccessConfig | null = null
  private initCid = ''
  private nextSeq: number | null = null

  constructor(private readonly post: (message: WatchFeedMessage) => void) {}

  /** @throws StudioError `bad-segment`: nothing of it was posted */
  take({ seq, initCid, init, bytes, publishedAt }: WholeSegment): void {
    const config =
      this.config && initCid === this.initCid ? this.config : readFragmentStart(init, (this.config?.id ?? -1) + 1)
    const { pictures, endSlot, soundFrame, sound } = readFragment(bytes)
    if (this.nextSeq !== null && seq !== this.nextSeq) this.broken()
    this.nextSeq = seq + 1
    if (config !== this.config) this.post({ t: 'config', config })
    this.config = config
    this.initCid = initCid

    const slotMs = 1000 / config.fps
    // As by time, so that neither track waits for all of the other.
    let heard = 0
    const hear = (untilMs: number): void => {
      for (; heard < sound.length && (soundFrame + heard) * SOUND_FRAME_MS < untilMs; heard++) {
        const frame = soundFrame + heard
        this.unit({ track: 'sound', configId: config.id, frame, data: new Uint8Array(sound[heard]!) })
      }
    }
    pictures.forEach(({ slot, data }, i) => {
      // It was published when its last picture had just been encoded.
      const capturedAt = publishedAt - (endSlot - slot) * slotMs
      // Copies: a port would send the whole segment along with each view.
      const unit = { configId: config.id, slot, key: i === 0, data: new Uint8Array(data), capturedAt }
      this.unit({ track: 'picture', ...unit })
      hear((slot + 1) * slotMs)
    })
    hear(Infinity)
  }

  /** What comes next does not follow what came before. */
  broken(): void {
    this.post({ t: 'gap', track: 'picture' })
    this.post({ t: 'gap', track: 'sound' })
  }

  private unit(unit: AccessUnit): void {
    this.post({ t: 'unit', unit })
  }
}
