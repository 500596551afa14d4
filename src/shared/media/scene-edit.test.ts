import { describe, expect, it } from 'vitest'
import { MOST_ITEMS, Scene, SceneCollection, SceneCrop } from './scene'
import {
  addItem,
  changeItem,
  clampPlace,
  currentScene,
  defaultScenes,
  firstItem,
  FULL_CANVAS,
  moveItem,
  newItem,
  removeItem,
  reorderItem,
  replaceScene,
  sameSource,
  withFirstSource,
} from './scene-edit'

const demo = { kind: 'demo' } as const
const file = (path: string) => ({ kind: 'file' as const, path, loop: true })
const scene = ['a', 'b', 'c'].reduce<Scene>((made, id) => addItem(made, newItem(id, id, file(`/${id}.mp4`))), {
  ...{ id: 'one', name: 'One', items: [] },
})
const order = ({ items }: Scene): string => items.map(({ id }) => id).join('')

describe('scenes', () => {
  it('begin with the source of before over the whole canvas, within the limits', () => {
    const scenes = defaultScenes(demo)
    expect(SceneCollection.parse(scenes)).toEqual(scenes)
    expect(firstItem(scenes)).toMatchObject({ source: demo, place: FULL_CANVAS, visible: true })
  })

  it('take new items in front and refuse too many and the same twice', () => {
    expect(order(scene)).toBe('abc')
    expect(addItem(scene, newItem('a', '', demo))).toBe(scene)
    let full = scene
    for (let i = 0; i < 20; i++) full = addItem(full, newItem(`n${i}`, '', file(`/${i}`)))
    expect(full.items).toHaveLength(MOST_ITEMS)
    expect(Scene.safeParse({ ...full, items: [...full.items, newItem('z', '', demo)] }).success).toBe(false)
  })

  it('mute a camera that is shown a second time', () => {
    const twice = addItem(addItem({ ...scene, items: [] }, newItem('x', '', demo)), newItem('y', '', demo))
    expect(twice.items.map(({ sound }) => sound.muted)).toEqual([false, true])
  })

  it('reorder, remove and move', () => {
    expect(order(reorderItem(scene, 'a', 2))).toBe('bca')
    expect(order(reorderItem(scene, 'c', 0))).toBe('cab')
    expect(order(reorderItem(scene, 'a', 99))).toBe('bca')
    expect(reorderItem(scene, 'x', 0)).toBe(scene)
    expect(order(removeItem(scene, 'b'))).toBe('ac')
    expect(moveItem(scene, 'b', 0.25, -0.5).items[1]?.place).toEqual({ x: 0.25, y: -0.5, width: 1, height: 1 })
  })

  it('never let an item be dragged where it cannot be grabbed', () => {
    const { place } = moveItem(scene, 'a', -30, 30).items[0]!
    expect(place.x + place.width).toBeCloseTo(0.02)
    expect(place.y).toBeCloseTo(0.98)
    expect(clampPlace({ x: Number.NaN, y: 0, width: 0, height: 99 })).toMatchObject({ width: 0.01, height: 4 })
    expect(Scene.parse(moveItem(scene, 'a', -30, 30)).items).toHaveLength(3)
    const wide = changeItem(scene, 'a', { place: { x: -3.9, y: 0, width: 4, height: 1 } })
    expect(wide.items[0]!.place.x).toBeGreaterThanOrEqual(-4)
  })

  it('give the simple picker the rearmost item, also in an empty scene', () => {
    const scenes = replaceScene({ ...defaultScenes(demo), currentId: 'main' }, { ...scene, id: 'main' })
    expect(order(currentScene(withFirstSource(scenes, file('/new.mp4'))))).toBe('abc')
    expect(firstItem(withFirstSource(scenes, file('/new.mp4')))?.source).toEqual(file('/new.mp4'))
    const empty = replaceScene(scenes, { id: 'main', name: 'Main', items: [] })
    expect(firstItem(withFirstSource(empty, demo))?.source).toEqual(demo)
  })

  it('refuse crops that leave nothing, a chosen scene that is missing, and the same id twice', () => {
    expect(SceneCrop.safeParse({ left: 0.5, right: 0.5, top: 0, bottom: 0 }).success).toBe(false)
    expect(SceneCollection.safeParse({ ...defaultScenes(demo), currentId: 'x' }).success).toBe(false)
    expect(Scene.safeParse({ ...scene, items: [scene.items[0], scene.items[0]] }).success).toBe(false)
  })

  it('know the same source by what it opens', () => {
    expect(sameSource({ kind: 'camera', device: 'a' }, { device: 'a', kind: 'camera' })).toBe(true)
    expect(sameSource(file('/a'), { ...file('/a'), loop: false })).toBe(false)
    expect(sameSource(demo, file('/a'))).toBe(false)
  })
})
