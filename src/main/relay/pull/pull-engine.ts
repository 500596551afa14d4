import { StudioError } from '@shared/errors'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { PulledShow, PullStats } from '@shared/live/pulled-show'
import { PullSession } from './pull-session'
import { automatic, findSource } from './pull-source'
import type { StartProgram } from './pull-run'
import { readWatchAddress } from './watch-address'

export interface PullEngineEvents {
  onChanged(url: string, show: PulledShow): void
  onStats(stats: PullStats): void
  onFailed(url: string, problem: StudioError): void
}

/** Plays one address of somebody else at a time. */
export class PullEngine {
  private session: PullSession | null = null
  private finding: AbortController | null = null
  private follower: ((message: WatchFeedMessage) => void) | null = null
  private stopFollowing: (() => void) | null = null

  constructor(
    private readonly startProgram: StartProgram,
    private readonly events: PullEngineEvents,
  ) {}

  /**
   * Ends what was played before. Resolves when the first picture is there.
   * @throws StudioError in words a person can use
   */
  async open(url: string): Promise<PulledShow> {
    this.close()
    const address = readWatchAddress(url)
    if (address.kind === 'live') throw new StudioError('bad-address', 'This is a live between peers.')
    const finding = (this.finding = new AbortController())
    const source = await findSource(address, finding.signal)
    if (this.finding !== finding) throw new StudioError('closed', 'Something else was opened.')
    const quality = source.variants.length > 0 ? automatic(source.variants) : 0
    const session = new PullSession(source, this.startProgram, aboutAddress(address.url), quality, {
      onChanged: (show) => this.events.onChanged(url, show),
      onStats: (stats) => this.events.onStats(stats),
      onFailed: (problem) => this.events.onFailed(url, problem),
    })
    this.session = session
    this.join()
    return session.opened
  }

  seek(toMs: number): void {
    this.session?.seek(toMs)
  }

  hold(): void {
    this.session?.hold()
  }

  chooseQuality(id: number | null): void {
    this.session?.chooseQuality(id)
  }

  chooseCaptions(id: number | null): void {
    this.session?.chooseCaptions(id)
  }

  /** Posts what is played now and later, until the returned function is called; one at a time. */
  follow(post: (message: WatchFeedMessage) => void): () => void {
    this.follower = post
    this.join()
    return () => {
      if (this.follower !== post) return
      this.stopFollowing?.()
      this.follower = this.stopFollowing = null
    }
  }

  close(): void {
    this.finding?.abort()
    this.stopFollowing?.()
    this.session?.close()
    this.finding = this.session = this.stopFollowing = null
  }

  private join(): void {
    this.stopFollowing?.()
    this.stopFollowing = (this.follower && this.session?.follow(this.follower)) ?? null
  }
}

/** What to call it: the last part of its path that says something, and its server. */
export function aboutAddress(url: string): { title: string; host: string } {
  const { hostname, pathname, port } = new URL(url)
  const host = port === '' ? hostname : `${hostname}:${port}`
  const parts = pathname.split('/').filter((part) => part !== '')
  const said = parts.findLast((part) => !/^(index|master|playlist|live|stream|main)?(\.[a-z0-9]+)?$/i.test(part))
  let title = said ?? host
  try {
    title = decodeURIComponent(title)
  } catch {
    // as it is written
  }
  return { title: title.replace(/\.[a-z0-9]{1,5}$/i, '').slice(0, 120), host }
}
