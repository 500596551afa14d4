import { parseLiveUrl } from '@shared/live/live-url'
import type { LiveView } from './live-view'
import type { PeerNode, WatchOptions } from './peer-node'

/** A live that is open, for one of those who hold it. */
export interface HeldView {
  readonly live: LiveView
  /** Gives it back; the last one closes it. Safe to call twice. */
  release: () => Promise<void>
}

interface Shared {
  readonly opening: Promise<LiveView>
  readonly stop: AbortController
  readonly gone: Promise<void>
  readonly onGone: () => void
  live: LiveView | null
  holders: number
}

/**
 * Lives that several parts of this computer have open at once: who watches a live that is also being kept gets the same view of it,
 * and nothing is fetched twice. (The node itself opens a show once.)
 */
export class SharedViews {
  readonly #shows = new Map<string, Shared>()

  constructor(private readonly node: Pick<PeerNode, 'watch'>) {}

  /**
   * Opens a live or joins those who have it open; a `quality` that is named is then that of all of them. Throws as
   * `PeerNode.watch`, or the signal's reason, which gives up for this holder only.
   */
  async hold(url: string, { quality, signal }: Pick<WatchOptions, 'quality' | 'signal'> = {}): Promise<HeldView> {
    const { showCid } = parseLiveUrl(url)
    // one that is over answers nobody any more: whoever still has it gives it back in a moment
    const isOver = (shared: Shared | undefined): shared is Shared =>
      shared !== undefined && (shared.stop.signal.aborted || (shared.live?.ended ?? null) !== null)
    for (let over = this.#shows.get(showCid); isOver(over); over = this.#shows.get(showCid)) {
      await orAborted(over.gone, signal)
    }
    signal?.throwIfAborted()
    const known = this.#shows.get(showCid)
    const shared = known ?? this.#open(showCid, url, quality)
    shared.holders += 1
    let released: Promise<void> | null = null
    const release = (): Promise<void> => (released ??= this.#release(showCid, shared))
    try {
      const live = await orAborted(shared.opening, signal)
      if (known !== undefined && quality !== undefined) live.setQuality(quality)
      return { live, release }
    } catch (error) {
      await release()
      throw error
    }
  }

  #open(showCid: string, url: string, quality: WatchOptions['quality']): Shared {
    const stop = new AbortController()
    const opening = this.node.watch(url, { signal: stop.signal, ...(quality === undefined ? {} : { quality }) })
    let onGone = (): void => undefined
    const gone = new Promise<void>((resolve) => (onGone = resolve))
    const shared: Shared = { opening, stop, gone, onGone, live: null, holders: 0 }
    opening.then(
      (live) => (shared.live = live),
      () => this.#forget(showCid, shared),
    )
    this.#shows.set(showCid, shared)
    return shared
  }

  async #release(showCid: string, shared: Shared): Promise<void> {
    shared.holders -= 1
    if (shared.holders > 0) return
    shared.stop.abort(new Error('nobody has it open any more'))
    const live = await shared.opening.catch(() => null)
    await live?.close()
    this.#forget(showCid, shared)
  }

  #forget(showCid: string, shared: Shared): void {
    if (this.#shows.get(showCid) === shared) this.#shows.delete(showCid)
    shared.onGone()
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise<T>((resolve, reject) => {
    const give = (): void => reject(signal.reason as Error)
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}
