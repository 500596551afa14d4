import {
  MOST_ITEMS,
  type ItemSound,
  type Scene,
  type SceneCollection,
  type SceneCrop,
  type SceneItem,
  type ScenePlace,
} from './scene'
import type { SourceSpec } from './source-spec'

export const FULL_CANVAS: ScenePlace = { x: 0, y: 0, width: 1, height: 1 }
export const NO_CROP: SceneCrop = { left: 0, top: 0, right: 0, bottom: 0 }
export const PLAIN_SOUND: ItemSound = { gainDb: 0, muted: false, gateDb: null, delayMs: 0 }
/** How much of an item stays on the canvas when it is dragged out, a share of the canvas. */
const KEPT_INSIDE = 0.02

/** A new item over the whole canvas. Files are shown as they are; cameras and the demo show a person. */
export function newItem(id: string, name: string, source: SourceSpec): SceneItem {
  return {
    ...{ id, name, source, place: FULL_CANVAS, crop: NO_CROP, fit: 'contain', visible: true, locked: false },
    ...{ beautify: true, mirror: false, sound: PLAIN_SOUND },
  }
}

/** One scene with one item, as a person has it who never heard of scenes. */
export function defaultScenes(source: SourceSpec): SceneCollection {
  return {
    scenes: [{ id: 'main', name: 'Main', items: [newItem('first', '', source)] }],
    currentId: 'main',
    transition: { kind: 'cut', ms: 300 },
    music: { path: null, gainDb: -18, playing: false, duck: true },
    masterGainDb: 0,
  }
}

/** The scene that is chosen. */
export function currentScene({ scenes, currentId }: SceneCollection): Scene {
  return scenes.find(({ id }) => id === currentId) ?? scenes[0]!
}

/** Whether both open the same thing. */
export function sameSource(a: SourceSpec, b: SourceSpec): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
}

/**
 * Adds an item in front of the others; a full scene stays as it is. Of a camera that is shown twice the second is
 * muted, or it would be twice as loud.
 */
export function addItem(scene: Scene, item: SceneItem): Scene {
  if (scene.items.length >= MOST_ITEMS || scene.items.some(({ id }) => id === item.id)) return scene
  const twice = item.source.kind !== 'file' && scene.items.some(({ source }) => sameSource(source, item.source))
  const sound = twice ? { ...item.sound, muted: true } : item.sound
  return { ...scene, items: [...scene.items, { ...item, sound }] }
}

export function removeItem(scene: Scene, itemId: string): Scene {
  return { ...scene, items: scene.items.filter(({ id }) => id !== itemId) }
}

/** Changes fields of one item; the place is kept where it can be grabbed. */
export function changeItem(scene: Scene, itemId: string, change: Partial<Omit<SceneItem, 'id'>>): Scene {
  const items = scene.items.map((item) => {
    if (item.id !== itemId) return item
    const changed = { ...item, ...change }
    return { ...changed, place: clampPlace(changed.place) }
  })
  return { ...scene, items }
}

/** Moves an item by shares of the canvas. */
export function moveItem(scene: Scene, itemId: string, dx: number, dy: number): Scene {
  const item = scene.items.find(({ id }) => id === itemId)
  if (!item) return scene
  return changeItem(scene, itemId, { place: { ...item.place, x: item.place.x + dx, y: item.place.y + dy } })
}

/** Puts an item at a place of the order; 0 is the back. */
export function reorderItem(scene: Scene, itemId: string, index: number): Scene {
  const item = scene.items.find(({ id }) => id === itemId)
  if (!item) return scene
  const items = scene.items.filter(({ id }) => id !== itemId)
  items.splice(Math.max(0, Math.min(items.length, Math.round(index))), 0, item)
  return { ...scene, items }
}

/** Replaces one scene of the collection, by its id. */
export function replaceScene(collection: SceneCollection, scene: Scene): SceneCollection {
  return { ...collection, scenes: collection.scenes.map((old) => (old.id === scene.id ? scene : old)) }
}

/** Gifts are drawn over the scene: they are no source to choose another for. */
function isCaptured({ source }: SceneItem): boolean {
  return source.kind !== 'gifts'
}

/** The source of the simple picker: that of the rearmost item of the chosen scene. */
export function firstItem(collection: SceneCollection): SceneItem | null {
  return currentScene(collection).items.find(isCaptured) ?? null
}

/** What the simple picker does: another source in the rearmost item, or the first item of an empty scene. */
export function withFirstSource(collection: SceneCollection, source: SourceSpec): SceneCollection {
  const scene = currentScene(collection)
  const first = scene.items.find(isCaptured)
  const changed = first ? changeItem(scene, first.id, { source }) : addItem(scene, newItem('first', '', source))
  return replaceScene(collection, changed)
}

/** A place within the limits, with at least a little of it on the canvas. */
export function clampPlace({ x, y, width, height }: ScenePlace): ScenePlace {
  const w = clamp(width, 0.01, 4)
  const h = clamp(height, 0.01, 4)
  return {
    ...{ width: w, height: h },
    x: clamp(x, Math.max(-4, KEPT_INSIDE - w), 1 - KEPT_INSIDE),
    y: clamp(y, Math.max(-4, KEPT_INSIDE - h), 1 - KEPT_INSIDE),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least
}
