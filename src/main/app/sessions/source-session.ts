import type { MediaService } from '@shared/engines/media-service'
import { reportError, StudioError } from '@shared/errors'
import type { PreviewMode, SourceState } from '@shared/ipc/studio-schema'
import type { SceneItem } from '@shared/media/scene'
import { currentScene, firstItem, sameSource, withFirstSource } from '@shared/media/scene-edit'
import type { SceneItemState, SceneState } from '@shared/media/scene-state'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import type { SceneSession } from './scene-session'

/**
 * The source as the simple picker sees it: the rearmost item of the chosen scene. Also the preview and the retouch;
 * what a restarted media engine is brought back to.
 */
export class SourceSession {
  #state: SourceState = { state: 'closed' }
  #previewMode: PreviewMode = 'after'
  #previewTarget: WebContents | null = null

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly scenes: SceneSession,
    private readonly notify: Notifier,
  ) {}

  get state(): SourceState {
    return this.#state
  }

  /** Shows a source in the rearmost item of the chosen scene. @throws StudioError what is wrong with it */
  async open(spec: SourceSpec): Promise<SourceInfo> {
    this.#set({ state: 'opening', spec })
    try {
      const client = await this.media.ready()
      const before = firstItem(this.scenes.value)
      const again = before !== null && sameSource(before.source, spec) && this.scenes.state.shownId !== null
      if (!again) await this.scenes.set(withFirstSource(this.scenes.value, spec))
      const { id } = firstItem(this.scenes.value)!
      const found = again ? undefined : stateOf(this.scenes.state, id)
      if (found?.state === 'failed') throw new StudioError(found.code, found.message)
      const info = found?.state === 'open' ? found.info : await client.call('restartSceneItem', id)
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
    client.on('problem', (problem) => this.notify('app', 'notice', { level: 'problem', ...problem }))
    this.scenes.prepare(client, (state) => this.#follow(state))
    await client.call('setBeauty', this.settings.value.beauty)
    await client.call('setEncoding', this.settings.value.encode)
    await client.call('setPreviewMode', this.#previewMode)
    if (!restarted) {
      // The window takes longer to open than the source: the picture should be there when it does.
      void client.call('setScenes', this.scenes.value).catch(() => undefined)
      return
    }
    this.#sendPreviewPort()
    if (this.#state.state === 'closed') return
    await client.call('setScenes', this.scenes.value)
  }

  /** The rearmost item if its source runs; else whichever does; else what is wrong with the rearmost. */
  #follow(state: SceneState): void {
    const { items } = currentScene(this.scenes.value)
    const shown = items.find(({ id }) => stateOf(state, id)?.state === 'open') ?? items[0]
    const next = shown && sourceState(shown, stateOf(state, shown.id))
    if (JSON.stringify(next) !== JSON.stringify(this.#state)) this.#set(next ?? { state: 'closed' })
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

function stateOf(state: SceneState, itemId: string): SceneItemState | undefined {
  return state.items.find((item) => item.itemId === itemId)
}

function sourceState({ source: spec }: SceneItem, state: SceneItemState | undefined): SourceState {
  if (state?.state === 'open') return { state: 'open', spec, info: state.info }
  if (state?.state === 'waiting') {
    return { state: 'waiting', spec, info: state.info, code: state.code, message: state.message }
  }
  if (state?.state === 'failed') return { state: 'failed', spec, code: state.code, message: state.message }
  return state?.state === 'opening' ? { state: 'opening', spec } : { state: 'closed' }
}
