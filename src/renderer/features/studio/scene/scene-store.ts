import type { Settings, StudioClient } from '@shared/ipc/studio-schema'
import {
  MOST_SCENES,
  type MusicBed,
  type Scene,
  type SceneCollection,
  type SceneItem,
  type SceneTransition,
} from '@shared/media/scene'
import {
  addItem,
  changeItem,
  currentScene,
  defaultScenes,
  newItem,
  removeItem,
  reorderItem,
  replaceScene,
} from '@shared/media/scene-edit'
import { NO_SCENE, type MixerLevels, type SceneState } from '@shared/media/scene-state'
import type { SourceSpec } from '@shared/media/source-spec'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { notePictureChange } from '../picture-history'
import { sendScenes, tookFromUs } from './send-scenes'

interface SceneStore {
  scenes: SceneCollection
  /** What the engine shows of them. */
  state: SceneState
  levels: MixerLevels | null
  /** The item with the handles; null for none. */
  selectedId: string | null

  /** Replaces the collection: one step that can be taken back. */
  change: (next: SceneCollection) => void
  changeScene: (edit: (scene: Scene) => Scene) => void
  changeItem: (itemId: string, change: Partial<Omit<SceneItem, 'id'>>) => void
  selectItem: (itemId: string | null) => void
  addSource: (name: string, source: SourceSpec) => void
  removeItem: (itemId: string) => void
  /** One step towards the viewer (1) or away from her (-1). */
  raiseItem: (itemId: string, by: 1 | -1) => void
  restartItem: (itemId: string) => Promise<void>

  selectScene: (id: string) => void
  addScene: () => void
  renameScene: (id: string, name: string) => void
  removeScene: (id: string) => void
  setTransition: (change: Partial<SceneTransition>) => void
  setMusic: (change: Partial<MusicBed>) => void
  chooseMusic: () => Promise<void>
  setMasterGain: (gainDb: number) => void
}

/** A new source lies over a quarter of the picture, in the corner where it hides least. */
const CORNER = { x: 0.66, y: 0.06, width: 0.3, height: 0.3 }

export const useScenes = create<SceneStore>()((set, get) => {
  /** Kept, shown, and sent; not a step of its own. */
  const put = (scenes: SceneCollection): void => {
    set({ scenes })
    sendScenes(scenes, tellProblem)
  }
  const change = (next: SceneCollection): void => {
    notePictureChange()
    put(next)
  }
  const changeScene = (edit: (scene: Scene) => Scene): void => {
    const { scenes } = get()
    const before = currentScene(scenes)
    const after = edit(before)
    if (after !== before) change(replaceScene(scenes, after))
  }

  return {
    scenes: defaultScenes({ kind: 'demo' }),
    state: NO_SCENE,
    levels: null,
    selectedId: null,
    change,
    changeScene,
    changeItem: (itemId, fields) => changeScene((scene) => changeItem(scene, itemId, fields)),
    selectItem: (selectedId) => set({ selectedId }),

    addSource: (name, source) => {
      const id = freshId('item')
      const empty = currentScene(get().scenes).items.length === 0
      const whole = empty || source.kind === 'gifts'
      const item = { ...newItem(id, name, source), ...(whole ? {} : { place: CORNER }) }
      changeScene((scene) => addItem(scene, showsPerson(source) ? item : { ...item, beautify: false }))
      set({ selectedId: id })
    },

    removeItem: (itemId) => {
      changeScene((scene) => removeItem(scene, itemId))
      if (get().selectedId === itemId) set({ selectedId: null })
    },

    raiseItem: (itemId, by) =>
      changeScene((scene) => {
        const at = scene.items.findIndex(({ id }) => id === itemId)
        const to = at + by
        return at < 0 || to < 0 || to >= scene.items.length ? scene : reorderItem(scene, itemId, to)
      }),

    restartItem: (itemId) => studioClient().scenes.restartItem(itemId).catch(tellProblem),

    // Going to another scene is the show itself, not an edit: it is not taken back with the edits.
    selectScene: (currentId) => {
      if (get().scenes.currentId === currentId) return
      set({ selectedId: null })
      put({ ...get().scenes, currentId })
    },

    addScene: () => {
      const { scenes } = get()
      if (scenes.scenes.length >= MOST_SCENES) return
      const id = freshId('scene')
      // A copy is the better start than an empty stage: cameras stay open, and one thing is changed.
      const copy: Scene = { ...currentScene(scenes), id, name: freeName(scenes.scenes) }
      change({ ...scenes, scenes: [...scenes.scenes, copy], currentId: id })
      set({ selectedId: null })
    },

    renameScene: (id, name) => {
      const { scenes } = get()
      change({ ...scenes, scenes: scenes.scenes.map((scene) => (scene.id === id ? { ...scene, name } : scene)) })
    },

    removeScene: (id) => {
      const { scenes } = get()
      const at = scenes.scenes.findIndex((scene) => scene.id === id)
      const rest = scenes.scenes.filter((scene) => scene.id !== id)
      const next = rest[Math.max(0, at - 1)]
      if (at < 0 || next === undefined) return
      change({ ...scenes, scenes: rest, currentId: scenes.currentId === id ? next.id : scenes.currentId })
      set({ selectedId: null })
    },

    setTransition: (fields) => change({ ...get().scenes, transition: { ...get().scenes.transition, ...fields } }),
    setMusic: (fields) => change({ ...get().scenes, music: { ...get().scenes.music, ...fields } }),
    setMasterGain: (masterGainDb) => change({ ...get().scenes, masterGainDb }),

    chooseMusic: async () => {
      try {
        const path = await studioClient().scenes.chooseMusicFile()
        if (path !== null) get().setMusic({ path, playing: true })
      } catch (error) {
        tellProblem(error)
      }
    },
  }
})

/** Cameras and videos may show a person; these are shown as they are. */
const WITHOUT_PERSON: ReadonlySet<string> = new Set(['screen', 'window', 'picture', 'microphone', 'gifts'])

function showsPerson({ kind }: SourceSpec): boolean {
  return !WITHOUT_PERSON.has(kind)
}

function freshId(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`
}

function freeName(scenes: readonly Scene[]): string {
  for (let number = scenes.length + 1; ; number += 1) {
    const name = `Scene ${number}`
    if (!scenes.some((scene) => scene.name === name)) return name
  }
}

/** Follows main and takes over what was saved. */
export async function startScenes(client: StudioClient, settings: Settings): Promise<void> {
  client.scenes.changed((scenes) => {
    if (!tookFromUs(scenes)) useScenes.setState({ scenes })
  })
  client.scenes.stateChanged((state) => useScenes.setState({ state }))
  client.scenes.levels((levels) => useScenes.setState({ levels }))
  useScenes.setState({ scenes: settings.scenes })
  useScenes.setState({ state: await client.scenes.getState() })
}
