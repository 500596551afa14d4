import type { KeptShow } from '@shared/storage/keep-choice'
import type { PeerNode } from '../peer-node'
import type { SharedViews } from '../shared-views'
import { LiveKeeper } from './live-keeper'

const TELL_EACH_MS = 1_000
/** Of hundreds that cannot be reached a few say enough. */
const MOST_FAILED_TOLD = 16

/** The lives that the app keeps: what the person chose outlasts a restart of the node, and what comes of it is told. */
export class KeptLives {
  #channels: ReadonlySet<string> | 'all' = new Set()
  #keeper: LiveKeeper | null = null
  #told = '[]'
  readonly #timer: NodeJS.Timeout

  constructor(private readonly tell: (shows: KeptShow[]) => void) {
    this.#timer = setInterval(() => this.#tellNow(), TELL_EACH_MS)
  }

  /** Peer ids of broadcasters, at once. */
  choose(channels: readonly string[] | 'all'): void {
    this.#channels = channels === 'all' ? 'all' : new Set(channels)
    this.#keeper?.choose(this.#channels)
    this.#tellNow()
  }

  /** Keeps on this node, which may be another one than before. */
  attach(node: PeerNode, views: SharedViews): void {
    this.#keeper = new LiveKeeper(node, this.#channels, () => undefined, views)
    this.#keeper.start()
  }

  /** The node is about to stop: what came so far becomes files. */
  async detach(): Promise<void> {
    const keeper = this.#keeper
    this.#keeper = null
    await keeper?.stop()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.detach()
  }

  #tellNow(): void {
    const all = this.#keeper?.shows() ?? []
    const failed = all.filter(({ state }) => state === 'failed').slice(0, MOST_FAILED_TOLD)
    const shows = [...all.filter(({ state }) => state !== 'failed'), ...failed]
    const text = JSON.stringify(shows)
    if (text === this.#told) return
    this.#told = text
    this.tell(shows)
  }
}
