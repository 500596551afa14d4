import type { PeerService, PlayerFile } from '@shared/engines/peer-service'
import { reportError } from '@shared/errors'
import type { WatchState } from '@shared/ipc/studio-schema'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import { playlistUrl, type PlayerRequest } from '../protocols/player-url'

/** The one live that this window watches. */
export class WatchSession {
  #state: WatchState = { state: 'idle' }
  /** Tells an answer that came too late from one that is still wanted. */
  #attempt = 0

  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly notify: Notifier,
  ) {}

  get state(): WatchState {
    return this.#state
  }

  async open(url: string): Promise<WatchState> {
    const attempt = ++this.#attempt
    this.#set({ state: 'connecting', url })
    try {
      const peer = await this.peer.ready()
      if (attempt !== this.#attempt) return this.#state
      const { viewId, show } = await peer.call('watch', url)
      if (attempt === this.#attempt) this.#set({ state: 'playing', url, show, playlistUrl: playlistUrl(viewId) })
    } catch (error) {
      if (attempt === this.#attempt) this.#set({ state: 'failed', url, ...reportError(error) })
    }
    return this.#state
  }

  async close(): Promise<void> {
    this.#attempt += 1
    this.#set({ state: 'idle' })
    await this.peer.client.call('closeWatch', undefined).catch(() => undefined)
  }

  /** Gives the window a port to the access units of the watched live; an earlier one is closed by the engine. */
  connectFeed(target: WebContents): void {
    const port = this.peer.openPort({ t: 'port', use: 'watch' })
    target.postMessage('watch.port', null, [port])
  }

  file(request: PlayerRequest): Promise<PlayerFile | null> {
    return this.peer.client.call('playerFile', request)
  }

  /** Listens to a started engine and, after a restart, goes on watching. Call when the engine is ready. */
  prepare(client: ServiceClient<PeerService>): void {
    client.on('livesChanged', (lives) => this.notify('watch', 'livesChanged', lives))
    client.on('watchStats', (stats) => this.notify('watch', 'stats', stats))
    client.on('refused', ({ reason, from }) => console.error(`Refused a piece from ${from}: ${reason}`))
    client.on('watchEnded', ({ url, message }) => {
      if ('url' in this.#state && this.#state.url === url) this.#set({ state: 'ended', url, message })
    })
  }

  resume(): void {
    if (this.#state.state === 'playing' || this.#state.state === 'connecting') void this.open(this.#state.url)
  }

  #set(state: WatchState): void {
    this.#state = state
    this.notify('watch', 'changed', state)
  }
}
