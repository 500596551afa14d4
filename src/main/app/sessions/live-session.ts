import { MessageChannelMain } from 'electron'
import type { MediaService } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import { StudioError } from '@shared/errors'
import type { LiveState } from '@shared/ipc/studio-schema'
import type { BroadcastDetails } from '@shared/live/broadcast-details'
import type { SavedFile } from '@shared/media/saved-file'
import type { ServiceClient } from '@shared/rpc/rpc'
import { basename } from 'node:path'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SavedFiles } from '../saved-files'
import type { ShowOutlet } from './show-outlet'

/** One broadcast: encoded segments flow from the media engine to the peer engine over a port of their own. */
export class LiveSession {
  #state: LiveState = { state: 'off' }
  #viewers = 0
  #segments = 0
  #segmentDelayMs = 0
  #title = ''
  #record = false
  /** What the media engine is recording into. */
  #recordingPath: string | null = null

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly peer: EngineHost<PeerService>,
    private readonly sourceIsOpen: () => boolean,
    /** Where the show goes besides the peers. */
    private readonly outlets: readonly ShowOutlet[],
    private readonly files: SavedFiles,
    private readonly notify: Notifier,
  ) {}

  get state(): LiveState {
    return this.#state
  }

  async start(details: BroadcastDetails, record: boolean): Promise<LiveState> {
    if (this.#state.state !== 'off') throw new StudioError('already-live', 'You are live already.')
    if (!this.sourceIsOpen()) throw new StudioError('no-source', 'Choose a camera, a video file or the demo first.')
    const media = this.media.client
    const peer = this.peer.client
    this.#segments = 0
    this.#viewers = 0
    this.#segmentDelayMs = 0
    this.#title = details.title
    this.#record = record
    this.#set({ state: 'starting' })
    try {
      this.#joinEngines()
      const announced = peer.call('startBroadcast', details)
      announced.catch(() => undefined) // awaited below, after encoding has started
      await this.#startEncoding(media)
      this.#beginOutlets()
      const { url, startedAt } = await announced
      this.#set({ state: 'live', url, startedAt, title: details.title, recording: this.#recordingName() })
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

  /** Saves the last 30 s of the live, or what there is of them. @throws StudioError in plain words */
  async saveReplay(): Promise<SavedFile> {
    if (this.#state.state !== 'live') {
      throw new StudioError('not-live', 'A replay can be saved while you are live.')
    }
    const file = await this.media.client.call('saveReplay', this.files.target(this.#title, 'replay'))
    this.files.add(file.path)
    return file
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
    client.on('recorded', (file) => this.#recorded(file))
    client.on('recordingOn', (path) => {
      this.#recordingPath = path
      this.#showRecording()
    })
    client.on('problem', ({ code }) => {
      if (code === 'encoder-stopped') void this.stop()
      if (code === 'recording-failed') {
        this.#recordingPath = null
        this.#showRecording()
      }
    })
    if (restarted) this.#recordingWasCut()
    if (!restarted || this.#state.state !== 'live') return
    if (!this.sourceIsOpen()) {
      await this.stop()
      return
    }
    // The show goes on: a new encoder, the same broadcast; viewers see a discontinuity.
    this.#joinEngines()
    await this.#startEncoding(client)
    this.#beginOutlets()
    this.#showRecording()
  }

  preparePeer(client: ServiceClient<PeerService>, restarted: boolean): void {
    client.on('viewers', (count) => {
      this.#viewers = count
    })
    client.on('uplink', (sample) => {
      if (this.#state.state !== 'live') return
      // An engine that is being restarted needs no sample; the next one comes at once.
      void this.media.client.call('setUplink', sample).catch(() => undefined)
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
    for (const outlet of this.outlets) outlet.endLive()
    void this.media.client.call('stopEncoding', undefined).catch(() => undefined)
    this.#set({ state: 'off' })
  }

  async #startEncoding(media: ServiceClient<MediaService>): Promise<void> {
    const record = this.#record ? this.files.target(this.#title) : null
    this.#recordingPath = (await media.call('startEncoding', { record })).recordingPath
  }

  #recordingName(): string | null {
    return this.#recordingPath === null ? null : basename(this.#recordingPath)
  }

  #showRecording(): void {
    if (this.#state.state === 'live') this.#set({ ...this.#state, recording: this.#recordingName() })
  }

  #recorded(file: SavedFile): void {
    if (this.#recordingPath === file.path) this.#recordingPath = null
    this.files.add(file.path)
    this.notify('recording', 'saved', file)
  }

  /** The engine died with the file open. What is in it plays, and the live is recorded into another from here on. */
  #recordingWasCut(): void {
    const path = this.#recordingPath
    if (path === null) return
    this.#recordingPath = null
    this.files.add(path)
    this.notify('recording', 'saved', { path, name: basename(path), durationMs: null })
  }

  #joinEngines(): void {
    const { port1, port2 } = new MessageChannelMain()
    this.media.givePort({ t: 'port', use: 'segments' }, port1)
    this.peer.givePort({ t: 'port', use: 'segments' }, port2)
  }

  #beginOutlets(): void {
    for (const outlet of this.outlets) outlet.beginLive(this.#title)
  }

  async #endBoth(): Promise<void> {
    for (const outlet of this.outlets) outlet.endLive()
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
