import type { PeerService, PlayerFile } from '@shared/engines/peer-service'
import type { PullService } from '@shared/engines/pull-service'
import { reportError } from '@shared/errors'
import type { WatchState } from '@shared/ipc/studio-schema'
import type { LiveListing } from '@shared/live/live-listing'
import { parseLiveUrl } from '@shared/live/live-url'
import type { QualityChoice } from '@shared/live/rendition'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import { readWatchAddress } from '../../relay/pull/watch-address'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import { playlistUrl, type PlayerRequest } from '../protocols/player-url'

/** How long a broadcaster that was lost is waited for. */
const AWAIT_MS = 30 * 60_000

/** The one live that this window watches: of a peer, or an address of somebody else, which the pull engine fetches. */
export class WatchSession {
  #state: WatchState = { state: 'idle' }
  /** Tells an answer that came too late from one that is still wanted. */
  #attempt = 0
  #pulls = false
  #pullStarted = false
  #lostAt = 0
  /** When the live that is watched was begun, by its broadcaster's clock. */
  #began = 0

  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly quality: () => QualityChoice,
    private readonly pull: EngineHost<PullService>,
    private readonly notify: Notifier,
    /** Keeps who sent a link and gives the address without. */
    private readonly linkOpened: (url: string) => string = (url) => url,
  ) {}

  get state(): WatchState {
    return this.#state
  }

  async open(link: string): Promise<WatchState> {
    const url = this.linkOpened(link)
    const attempt = ++this.#attempt
    this.#set({ state: 'connecting', url })
    try {
      const isPulled = readWatchAddress(url).kind !== 'live'
      await this.#end(isPulled)
      if (attempt !== this.#attempt) return this.#state
      if (isPulled) {
        const pulled = await (await this.#pullEngine()).call('open', url)
        if (attempt === this.#attempt) this.#set({ state: 'pulled', url, pulled })
        return this.#state
      }
      const peer = await this.peer.ready()
      if (attempt !== this.#attempt) return this.#state
      await peer.call('setQuality', this.quality())
      const { viewId, show } = await peer.call('watch', url)
      this.#began = show.startedAt
      if (attempt === this.#attempt) this.#set({ state: 'playing', url, show, playlistUrl: playlistUrl(viewId) })
    } catch (error) {
      if (attempt === this.#attempt) this.#set({ state: 'failed', url, ...reportError(error) })
    }
    return this.#state
  }

  async close(): Promise<void> {
    this.#attempt += 1
    this.#set({ state: 'idle' })
    if (this.#pulls) await this.#end(false)
    else await this.peer.client.call('closeWatch', undefined).catch(() => undefined)
  }

  /** Of a pulled video that is finished. */
  async seek(toMs: number): Promise<void> {
    if (this.#pulls) await this.pull.client.call('seek', toMs)
  }

  async hold(): Promise<void> {
    if (this.#pulls) await this.pull.client.call('hold', undefined)
  }

  async chooseQuality(id: number | null): Promise<void> {
    if (this.#pulls) await this.pull.client.call('chooseQuality', id)
  }

  async chooseCaptions(id: number | null): Promise<void> {
    if (this.#pulls) await this.pull.client.call('chooseCaptions', id)
  }

  async setQuality(quality: QualityChoice): Promise<void> {
    await (await this.peer.ready()).call('setQuality', quality)
  }

  /** Gives the window a port to the access units of the watched live; an earlier one is closed by the engine. */
  connectFeed(target: WebContents): void {
    const port = (this.#pulls ? this.pull : this.peer).openPort({ t: 'port', use: 'watch' })
    target.postMessage('watch.port', null, [port])
  }

  file(request: PlayerRequest): Promise<PlayerFile | null> {
    return this.peer.client.call('playerFile', request)
  }

  /** Listens to a started engine and, after a restart, goes on watching. Call when the engine is ready. */
  prepare(client: ServiceClient<PeerService>): void {
    client.on('livesChanged', (lives) => {
      this.notify('watch', 'livesChanged', lives)
      this.#return(lives)
    })
    client.on('watchStats', (stats) => this.notify('watch', 'stats', stats))
    client.on('refused', ({ reason, from }) => console.error(`Refused a piece from ${from}: ${reason}`))
    client.on('watchEnded', ({ url, message, lost }) => {
      if (!('url' in this.#state) || this.#state.url !== url) return
      this.#lostAt = Date.now()
      this.#set({ state: 'ended', url, message, awaited: lost })
      // it may be back since before it was given up
      if (lost) void this.#lookForReturn(client)
    })
  }

  /** Listens to a started pull engine and, after a restart, goes on watching. */
  preparePull(client: ServiceClient<PullService>, restarted: boolean): void {
    const isMine = (url: string): boolean => this.#pulls && 'url' in this.#state && this.#state.url === url
    client.on('changed', ({ url, show }) => {
      if (isMine(url) && this.#state.state === 'pulled') this.#set({ state: 'pulled', url, pulled: show })
    })
    client.on('stats', (stats) => this.notify('watch', 'pullStats', stats))
    client.on('failed', ({ url, code, message }) => {
      if (isMine(url)) this.#set({ state: 'failed', url, code, message })
    })
    // The engine counts as ready only after this.
    if (restarted && this.#pulls && this.#state.state === 'pulled') {
      const { url } = this.#state
      setImmediate(() => void this.open(url))
    }
  }

  /** A broadcaster that was lost in mid-show and is live again: whoever still waits gets the new show. */
  #return(lives: readonly LiveListing[]): void {
    const state = this.#state
    if (state.state !== 'ended' || !state.awaited || Date.now() - this.#lostAt > AWAIT_MS) return
    const { peerId } = parseLiveUrl(state.url)
    const next = lives.find((live) => live.peerId === peerId && live.url !== state.url && live.startedAt > this.#began)
    if (next !== undefined) void this.open(next.url)
  }

  async #lookForReturn(client: ServiceClient<PeerService>): Promise<void> {
    try {
      this.#return(await client.call('listLives', undefined))
    } catch {
      // an engine that is being restarted tells of lives by itself
    }
  }

  /** The pull engine, started when it is first needed. */
  #pullEngine(): Promise<ServiceClient<PullService>> {
    if (!this.#pullStarted) void this.pull.start()
    this.#pullStarted = true
    return this.pull.ready()
  }

  /** Ends what the other engine was playing. */
  async #end(pulls: boolean): Promise<void> {
    const had = this.#pulls
    this.#pulls = pulls
    // An engine that is not there plays nothing.
    try {
      if (had && !pulls) await this.pull.client.call('closePull', undefined)
      else if (!had && pulls) await this.peer.client.call('closeWatch', undefined)
    } catch (error) {
      console.error('watch: the video before could not be closed', error)
    }
  }

  resume(): void {
    if (this.#pulls) return
    if (this.#state.state === 'playing' || this.#state.state === 'connecting') void this.open(this.#state.url)
  }

  #set(state: WatchState): void {
    this.#state = state
    this.notify('watch', 'changed', state)
  }
}
