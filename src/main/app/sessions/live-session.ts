import { MessageChannelMain } from 'electron'
import type { MediaService } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import { StudioError } from '@shared/errors'
import type { LiveState } from '@shared/ipc/studio-schema'
import type { BroadcastDetails } from '@shared/live/broadcast-details'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'

/** One broadcast: encoded segments flow from the media engine to the peer engine over a port of their own. */
export class LiveSession {
  #state: LiveState = { state: 'off' }
  #viewers = 0
  #segments = 0
  #segmentDelayMs = 0

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly peer: EngineHost<PeerService>,
    private readonly sourceIsOpen: () => boolean,
    private readonly notify: Notifier,
  ) {}

  get state(): LiveState {
    return this.#state
  }

  async start(details: BroadcastDetails): Promise<LiveState> {
    if (this.#state.state !== 'off') throw new StudioError('already-live', 'You are live already.')
    if (!this.sourceIsOpen()) throw new StudioError('no-source', 'Choose a camera, a video file or the demo first.')
    const media = this.media.client
    const peer = this.peer.client
    this.#segments = 0
    this.#viewers = 0
    this.#segmentDelayMs = 0
    this.#set({ state: 'starting' })
    try {
      this.#joinEngines()
      const announced = peer.call('startBroadcast', details)
      announced.catch(() => undefined) // awaited below, after encoding has started
      await media.call('startEncoding', undefined)
      const { url, startedAt } = await announced
      this.#set({ state: 'live', url, startedAt, title: details.title })
      return this.#state
    } catch (error) {
      await this.#endBoth()
      this.#set({ state: 'off' })
      throw error
    }
  }

  async stop(): Promise<void> {
    if (this.#state.state !== 'live') return
    this.#set({ state: 'stopping' })
    await this.#endBoth()
    this.#set({ state: 'off' })
  }

  async prepareMedia(client: ServiceClient<MediaService>, restarted: boolean): Promise<void> {
    client.on('segmentClosed', ({ delayMs }) => {
      this.#segments += 1
      this.#segmentDelayMs = delayMs
    })
    client.on('stats', (media) =>
      this.notify('live', 'stats', {
        media,
        viewers: this.#viewers,
        segments: this.#segments,
        segmentDelayMs: this.#segmentDelayMs,
      }),
    )
    client.on('ended', () => void this.stop())
    client.on('problem', ({ code }) => {
      if (code === 'encoder-stopped') void this.stop()
    })
    if (!restarted || this.#state.state !== 'live') return
    if (!this.sourceIsOpen()) {
      await this.stop()
      return
    }
    // The show goes on: a new encoder, the same broadcast; viewers see a discontinuity.
    this.#joinEngines()
    await client.call('startEncoding', undefined)
  }

  preparePeer(client: ServiceClient<PeerService>, restarted: boolean): void {
    client.on('viewers', (count) => {
      this.#viewers = count
    })
    client.on('broadcastFailed', (problem) => {
      this.notify('app', 'notice', { level: 'problem', ...problem })
      void this.stop()
    })
    if (!restarted || this.#state.state === 'off') return
    this.notify('app', 'notice', {
      level: 'problem',
      code: 'live-cut',
      message: 'The network part of WE Studio was restarted and your live has ended. Press Go live to start again.',
    })
    void this.media.client.call('stopEncoding', undefined).catch(() => undefined)
    this.#set({ state: 'off' })
  }

  #joinEngines(): void {
    const { port1, port2 } = new MessageChannelMain()
    this.media.givePort({ t: 'port', use: 'segments' }, port1)
    this.peer.givePort({ t: 'port', use: 'segments' }, port2)
  }

  async #endBoth(): Promise<void> {
    await this.#quietly(() => this.media.client.call('stopEncoding', undefined))
    await this.#quietly(() => this.peer.client.call('stopBroadcast', undefined))
  }

  /** Ending is done as far as it can be: an engine that is gone has ended already. */
  async #quietly(end: () => Promise<unknown>): Promise<void> {
    try {
      await end()
    } catch (error) {
      console.error(`While ending the live: ${String(error)}`)
    }
  }

  #set(state: LiveState): void {
    this.#state = state
    this.notify('live', 'changed', state)
  }
}
