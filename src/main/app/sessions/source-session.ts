import type { MediaService } from '@shared/engines/media-service'
import { reportError } from '@shared/errors'
import type { PreviewMode, SourceState } from '@shared/ipc/studio-schema'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** A device that did not open is tried again by itself after so long, at most. */
const RETRY_MS = 2000
const RETRY_MOST_MS = 10_000

/** The opened source, its preview and its retouch; what a restarted media engine is brought back to. */
export class SourceSession {
  #state: SourceState = { state: 'closed' }
  #previewMode: PreviewMode = 'after'
  #previewTarget: WebContents | null = null
  #retry: NodeJS.Timeout | undefined

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  get state(): SourceState {
    return this.#state
  }

  async open(spec: SourceSpec): Promise<SourceInfo> {
    clearTimeout(this.#retry)
    this.#set({ state: 'opening', spec })
    try {
      const client = await this.media.ready()
      const info = await client.call('openSource', spec)
      this.settings.set({ source: spec })
      this.#set({ state: 'open', spec, info })
      return info
    } catch (error) {
      this.#fail(spec, error)
      throw error
    }
  }

  /** A device may come back; whoever waits for it need not press anything. */
  #fail(spec: SourceSpec, error: unknown, pauseMs = RETRY_MS): void {
    const report = reportError(error)
    this.#set({ state: 'failed', spec, ...report })
    clearTimeout(this.#retry)
    // One that says nothing would hold up whatever else the person chooses meanwhile.
    if (!/^(camera|screen|window|microphone|browser)-(missing|busy|failed|gone)$/.test(report.code)) return
    this.#retry = setTimeout(() => void this.#tryAgain(spec, pauseMs), pauseMs)
  }

  async #tryAgain(spec: SourceSpec, pauseMs: number): Promise<void> {
    const failed = this.#state
    if (failed.state !== 'failed') return
    try {
      const info = await this.media.client.call('openSource', spec)
      if (this.#state === failed) this.#set({ state: 'open', spec, info })
    } catch (error) {
      if (this.#state === failed) this.#fail(spec, error, Math.min(RETRY_MOST_MS, pauseMs * 1.5))
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
    client.on('problem', (problem) => {
      this.notify('app', 'notice', { level: 'problem', ...problem })
      // A broken encoder is the live's matter: the source still runs.
      const isSource = problem.code !== 'encoder-stopped' && problem.code !== 'recording-failed'
      if (isSource && (this.#state.state === 'open' || this.#state.state === 'waiting'))
        this.#set({ state: 'failed', spec: this.#state.spec, ...problem })
    })
    client.on('sourceAway', (why) => {
      if (this.#state.state !== 'open' && this.#state.state !== 'waiting') return
      // Said once; why it does not come back yet stands on the stage.
      if (this.#state.state === 'open') this.notify('app', 'notice', { level: 'problem', ...why })
      const { spec, info } = this.#state
      this.#set({ state: 'waiting', spec, info, ...why })
    })
    client.on('sourceBack', () => {
      if (this.#state.state !== 'waiting') return
      const { spec, info } = this.#state
      this.notify('app', 'notice', { level: 'info', code: 'source-back', message: `${info.label} is back.` })
      this.#set({ state: 'open', spec, info })
    })
    await client.call('setBeauty', this.settings.value.beauty)
    await client.call('setEffects', this.settings.value.effects)
    await client.call('setPreviewMode', this.#previewMode)
    if (!restarted) {
      // The window takes longer to open than the source: the picture should be there when it does.
      void this.#reopen(client, this.settings.value.source)
      return
    }
    this.#sendPreviewPort()
    if (this.#state.state === 'closed' || this.#state.state === 'failed') return
    await this.#reopen(client, this.#state.spec)
  }

  async #reopen(client: ServiceClient<MediaService>, spec: SourceSpec): Promise<void> {
    this.#set({ state: 'opening', spec })
    try {
      this.#set({ state: 'open', spec, info: await client.call('openSource', spec) })
    } catch (error) {
      this.#fail(spec, error)
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
