import type { MediaService } from '@shared/engines/media-service'
import { StudioError } from '@shared/errors'
import type { GiftAlert } from '@shared/media/gift-alert'
import type { MusicBed, Scene, SceneCollection, SceneItem, SceneTransition } from '@shared/media/scene'
import { currentScene, firstItem, replaceScene } from '@shared/media/scene-edit'
import { NO_SCENE, type SceneState } from '@shared/media/scene-state'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** The person's scenes and mixer: kept in the settings, given to the engine, and what the engine says about them. */
export class SceneSession {
  #state: SceneState = NO_SCENE

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  get value(): SceneCollection {
    return this.settings.value.scenes
  }

  get state(): SceneState {
    return this.#state
  }

  /** Keeps the collection, tells the window, and shows it. */
  async set(scenes: SceneCollection): Promise<SceneCollection> {
    const source = firstItem(scenes)?.source
    this.settings.set(source === undefined ? { scenes } : { scenes, source })
    this.notify('scenes', 'changed', scenes)
    await this.media.client.call('setScenes', scenes)
    return scenes
  }

  /** @throws StudioError `no-scene` */
  async select(id: string): Promise<void> {
    this.#sceneOf(id)
    await this.set({ ...this.value, currentId: id })
  }

  /** @throws StudioError `no-scene` */
  async setScene(scene: Scene): Promise<void> {
    this.#sceneOf(scene.id)
    await this.set(replaceScene(this.value, scene))
  }

  /** @throws StudioError `no-scene`, `no-item` */
  async setItem({ sceneId, item }: { sceneId: string; item: SceneItem }): Promise<void> {
    const scene = this.#sceneOf(sceneId)
    if (!scene.items.some(({ id }) => id === item.id)) throw noItem()
    const items = scene.items.map((old) => (old.id === item.id ? item : old))
    await this.set(replaceScene(this.value, { ...scene, items }))
  }

  async setTransition(transition: SceneTransition): Promise<void> {
    await this.set({ ...this.value, transition })
  }

  async setMusic(music: MusicBed): Promise<void> {
    await this.set({ ...this.value, music })
  }

  async setMasterGain(masterGainDb: number): Promise<void> {
    await this.set({ ...this.value, masterGainDb })
  }

  /** @throws StudioError `no-item`, or what is wrong with the source */
  async restartItem(itemId: string): Promise<void> {
    if (!currentScene(this.value).items.some(({ id }) => id === itemId)) throw noItem()
    await this.media.client.call('restartSceneItem', itemId)
  }

  async showAlert(alert: GiftAlert): Promise<void> {
    await this.media.client.call('showAlert', alert)
  }

  /** Listens to a started engine. */
  prepare(client: ServiceClient<MediaService>, onState: (state: SceneState) => void): void {
    client.on('sceneState', (state) => {
      this.#tell(this.#state, state)
      this.#state = state
      this.notify('scenes', 'stateChanged', state)
      onState(state)
    })
    client.on('levels', (levels) => this.notify('scenes', 'levels', levels))
  }

  /** A source that stops or comes back while it is shown is said once; one that cannot be opened is said by its state. */
  #tell(before: SceneState, now: SceneState): void {
    for (const item of now.items) {
      const was = before.items.find(({ itemId }) => itemId === item.itemId)?.state
      if ((item.state === 'failed' || item.state === 'waiting') && was === 'open') {
        this.notify('app', 'notice', { level: 'problem', code: item.code, message: item.message })
      }
      if (item.state === 'open' && (was === 'failed' || was === 'waiting')) {
        this.notify('app', 'notice', { level: 'info', code: 'source-back', message: `${item.info.label} is back.` })
      }
    }
  }

  #sceneOf(id: string): Scene {
    const scene = this.value.scenes.find((one) => one.id === id)
    if (!scene) throw new StudioError('no-scene', 'That scene does not exist any more. Choose another one.')
    return scene
  }
}

function noItem(): StudioError {
  return new StudioError('no-item', 'That source is not in the scene any more.')
}
