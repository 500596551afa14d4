import { reportError } from '@shared/errors'
import type { LiveListing } from '@shared/live/live-listing'
import type { PeerNode } from '../peer-node'
import type { GrowingFile } from './growing-file'

/** Lives followed at the same time. */
const MOST_LIVES = 16
/** A longer show becomes several files. */
const MOST_FILE_BYTES = 8 * 1024 ** 3

type Tell = (name: string, fields: Record<string, unknown>) => void

/**
 * Follows the lives of some channels, which passes them on to other viewers, and keeps what was shown: each show becomes a file of the
 * library when it ends. Kept lives are not pinned: the oldest make room for new ones.
 */
export class LiveKeeper {
  readonly #following = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()

  constructor(
    private readonly node: PeerNode,
    private readonly channels: ReadonlySet<string> | 'all',
    private readonly tell: Tell,
  ) {}

  start(): void {
    const look = (lives: LiveListing[]): void => {
      for (const live of lives) this.#follow(live)
    }
    this.node.on('lives-changed', look)
    look(this.node.lives())
  }

  /** Ends what is followed; what came so far is kept. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#following.values())
  }

  #follow(live: LiveListing): void {
    const wanted = this.channels === 'all' || this.channels.has(live.peerId)
    if (!wanted || live.own || this.#following.has(live.url) || this.#following.size >= MOST_LIVES) return
    if (this.#stop.signal.aborted) return
    const following = this.#keep(live)
      .catch((error: unknown) => this.tell('keep-failed', { title: live.title, ...reportError(error) }))
      .finally(() => this.#following.delete(live.url))
    this.#following.set(live.url, following)
  }

  async #keep(live: LiveListing): Promise<void> {
    const view = await this.node.watch(live.url, { signal: this.#stop.signal })
    this.tell('keeping', { title: live.title, url: live.url })
    let file: GrowingFile | null = null
    let initCid = ''
    let failure: unknown = null
    let work = Promise.resolve()
    const finish = async (): Promise<void> => {
      const kept = await file?.finish()
      file = null
      if (kept) this.tell('kept', { title: kept.title, cid: kept.cid, url: kept.url, size: kept.size })
    }
    await new Promise<void>((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true })
      view.on('ended', () => resolve())
      view.on('segment', (segment) => {
        work = work
          .then(async () => {
            const init = view.init(segment.initCid)
            const bytes = await view.segment(segment.seq)
            if (failure !== null || !init || !bytes) return
            if (file !== null && (segment.initCid !== initCid || file.size > MOST_FILE_BYTES)) await finish()
            if (file === null) {
              file = await this.node.files.grow(live.title)
              initCid = segment.initCid
              await file.append(init)
            }
            await file.append(bytes)
          })
          .catch((error: unknown) => {
            failure ??= error
            resolve()
          })
      })
    })
    await work
    await view.close()
    await finish()
    if (failure !== null) throw failure as Error
  }
}
