import type { MediaService } from '@shared/engines/media-service'
import { reportError } from '@shared/errors'
import type { PreviewMode, SourceState } from '@shared/ipc/studio-schema'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** The opened source, its preview and its retouch; what a restarted media engine is brought back to. */
export class SourceSession {
  #state: SourceState = { state: 'closed' }
  #previewMode: PreviewMode = 'after'
  #previewTarget: WebContents | null = null

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  get state(): SourceState {
    return this.#state
  }

  async open(spec: SourceSpec): Promise<SourceInfo> {
    this.#set({ state: 'opening', spec })
    try {
      const client = await this.media.ready()
      const info = await client.call('openSource', spec)
      this.settings.set({ source: spec })
      this.#set({ state: 'open', spec, info })
      return info
    } catch (error) {
      this.#set({ state: 'failed', spec, ...reportError(error) })
      throw error
    }
  }

  async setPreviewMode(mode: PreviewMode): Promise<void> {
    this.#previewMode = mode
    await this.media.client.call('setPreviewMode', mode)
  }

  /** Gives the window a fresh preview port; an older one is dropped by the engine. */
  connectPreview(target: WebContents): void {
    this.#previewTarget = target
    this.#sendPreviewPort()
  }

  /** Listens to a started engine; opens the source of last time, or after a restart what was open. */
  async prepare(client: ServiceClient<MediaService>, restarted: boolean): Promise<void> {
    client.on('ended', () => {
      this.notify('app', 'notice', {
        level: 'info',
        code: 'source-ended',
        message: 'The video has come to its end. Choose it again to play it from the start.',
      })
      this.#set({ state: 'closed' })
    })
    client.on('notice', (notice) => this.notify('app', 'notice', { level: 'info', ...notice }))
    client.on('problem', (problem) => {
      this.notify('app', 'notice', { level: 'problem', ...problem })
      // A broken encoder is the live's matter: the source still runs.
      const isSource = problem.code !== 'encoder-stopped' && problem.code !== 'recording-failed'
      if (isSource && this.#state.state === 'open') this.#set({ state: 'failed', spec: this.#state.spec, ...problem })
    })
    await client.call('setBeauty', this.settings.value.beauty)
    await client.call('setEffects', this.settings.value.effects)
    await client.call('setEncoding', this.settings.value.encode)
    await client.call('setPreviewMode', this.#previewMode)
    if (!restarted) {
      // The window takes longer to open than the source: the picture should be there when it does.
      void this.#reopen(client, this.settings.value.source)
      return
    }
    this.#sendPreviewPort()
    if (this.#state.state !== 'open' && this.#state.state !== 'opening') return
    await this.#reopen(client, this.#state.spec)
  }

  async #reopen(client: ServiceClient<MediaService>, spec: SourceSpec): Promise<void> {
    this.#set({ state: 'opening', spec })
    try {
      this.#set({ state: 'open', spec, info: await client.call('openSource', spec) })
    } catch (error) {
      this.#set({ state: 'failed', spec, ...reportError(error) })
    }
  }

  #sendPreviewPort(): void {
    const target = this.#previewTarget
    if (!target || target.isDestroyed()) return
    const port = this.media.openPort({ t: 'port', use: 'preview' })
    target.postMessage('preview.port', null, [port])
  }

  #set(state: SourceState): void {
    this.#state = state
    this.notify('source', 'changed', state)
  }
}
