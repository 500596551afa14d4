import { reportError } from '@shared/errors'
import type { LiveListing } from '@shared/live/live-listing'
import type { KeptShow } from '@shared/storage/keep-choice'
import type { EndReason, LiveView, SegmentEvent } from '../live-view'
import type { PeerNode } from '../peer-node'
import { SharedViews } from '../shared-views'
import type { GrowingFile } from './growing-file'

/** Lives followed at the same time. */
const MOST_LIVES = 16
/** A longer show becomes several files. */
const MOST_FILE_BYTES = 8 * 1024 ** 3
/** A live that could not be kept is tried again after so long, as long as it is on. */
const AGAIN_MS = 15_000

type Tell = (name: string, fields: Record<string, unknown>) => void

interface Following {
  readonly live: LiveListing
  readonly stop: AbortController
  done: Promise<void>
  /** `over`: it has ended, and is not looked at again. */
  state: KeptShow['state'] | 'over'
  bytes: number
  message: string
}

/**
 * Follows the lives of some channels, which passes them on to other viewers, and keeps what was shown: each show becomes a file of the
 * library when it ends. Kept lives are not pinned: the oldest make room for new ones.
 */
export class LiveKeeper {
  readonly #following = new Map<string, Following>()
  #isStopped = true
  readonly #look = (): void => this.#lookAt(this.node.lives())

  constructor(
    private readonly node: PeerNode,
    private channels: ReadonlySet<string> | 'all',
    private readonly tell: Tell,
    /** Whoever else has the same lives open. */
    private readonly views = new SharedViews(node),
  ) {}

  start(): void {
    this.#isStopped = false
    this.node.on('lives-changed', this.#look)
    this.#look()
  }

  /** Follows the lives of these channels from now on. What is not wanted any more ends; what came of it so far is kept. */
  choose(channels: ReadonlySet<string> | 'all'): void {
    this.channels = channels
    this.#look()
  }

  /** What is kept now, or should be, in the order in which it was begun. */
  shows(): KeptShow[] {
    return [...this.#following.values()].flatMap(({ live: { url, peerId, title }, state, bytes, message, stop }) =>
      state === 'over' || stop.signal.aborted ? [] : [{ url, peerId, title, state, bytes, message }],
    )
  }

  /** Ends what is followed; what came so far is kept. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.node.off('lives-changed', this.#look)
    const all = [...this.#following.values()]
    for (const { stop } of all) stop.abort()
    await Promise.all(all.map(({ done }) => done))
  }

  #lookAt(lives: readonly LiveListing[]): void {
    if (this.#isStopped) return
    for (const [url, { live, state, stop }] of this.#following) {
      const isGone = state !== 'keeping' && !lives.some((one) => one.url === url)
      if (isGone || !this.#wants(live)) stop.abort()
    }
    for (const live of lives) {
      if (this.#wants(live) && !this.#following.has(live.url) && this.#hasRoom) this.#follow(live)
    }
  }

  #wants({ own, peerId }: LiveListing): boolean {
    return !own && (this.channels === 'all' || this.channels.has(peerId))
  }

  get #hasRoom(): boolean {
    const busy = [...this.#following.values()].filter(({ state }) => state === 'joining' || state === 'keeping')
    return busy.length < MOST_LIVES
  }

  #follow(live: LiveListing): void {
    const stop = new AbortController()
    const following: Following = { live, stop, done: Promise.resolve(), state: 'joining', bytes: 0, message: '' }
    this.#following.set(live.url, following)
    following.done = this.#followOn(following).finally(() => {
      this.#following.delete(live.url)
      this.#look() // it may be wanted again by now, or another waits for its place
    })
  }

  /** Until it is over and out of the list, or not wanted any more. */
  async #followOn(following: Following): Promise<void> {
    const { live, stop } = following
    const isLeft = (): boolean => stop.signal.aborted
    while (!isLeft()) {
      try {
        const { reason, message } = await this.#keep(following)
        if (isLeft()) return
        Object.assign(following, reason === 'finished' ? { state: 'over' } : { state: 'failed', message })
      } catch (error) {
        if (isLeft()) return
        const report = reportError(error)
        Object.assign(following, { state: report.code === 'live-over' ? 'over' : 'failed', message: report.message })
        this.tell('keep-failed', { title: live.title, ...report })
      }
      this.#look() // there is room for another
      do await pause(AGAIN_MS, stop.signal)
      while (!isLeft() && (following.state === 'over' || !this.#hasRoom))
      following.state = 'joining'
    }
  }

  async #keep(following: Following): Promise<{ reason: EndReason; message: string }> {
    const { live: listing, stop } = following
    const { live: view, release } = await this.views.hold(listing.url, { signal: stop.signal })
    Object.assign(following, { state: 'keeping', message: '' })
    this.tell('keeping', { title: listing.title, url: listing.url })
    let file: GrowingFile | null = null
    let initCid = ''
    let failure: unknown = null
    let work = Promise.resolve()
    const finish = async (): Promise<void> => {
      const kept = await file?.finish()
      file = null
      if (kept) this.tell('kept', { title: kept.title, cid: kept.cid, url: kept.url, size: kept.size })
    }
    const take = async (segment: SegmentEvent): Promise<void> => {
      const init = view.init(segment.initCid)
      const bytes = await view.segment(segment.seq)
      if (failure !== null || !init || !bytes) return
      if (file !== null && (segment.initCid !== initCid || file.size > MOST_FILE_BYTES)) await finish()
      if (file === null) {
        file = await this.node.files.grow(listing.title)
        initCid = segment.initCid
        await file.append(init)
      }
      await file.append(bytes)
      following.bytes += bytes.length
    }
    const ended = await followed(view, stop.signal, (segment, giveUp) => {
      work = work
        .then(() => take(segment))
        .catch((error: unknown) => {
          failure ??= error
          giveUp()
        })
    })
    await work
    try {
      await finish()
    } finally {
      await release()
    }
    if (failure !== null) throw failure as Error
    return ended
  }
}

/** Hears the segments of a view until it ends, the signal fires, or the listener gives up. */
async function followed(
  view: LiveView,
  signal: AbortSignal,
  take: (segment: SegmentEvent, giveUp: () => void) => void,
): Promise<{ reason: EndReason; message: string }> {
  let giveUp = (): void => undefined
  const over = new Promise<void>((resolve) => (giveUp = resolve))
  const onSegment = (segment: SegmentEvent): void => take(segment, giveUp)
  view.on('segment', onSegment)
  view.on('ended', giveUp)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted || view.ended !== null) giveUp()
  await over
  view.off('segment', onSegment)
  view.off('ended', giveUp)
  signal.removeEventListener('abort', giveUp)
  return view.ended ?? { reason: 'closed', message: '' }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
