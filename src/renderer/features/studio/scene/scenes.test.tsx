// @vitest-environment happy-dom
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { currentScene, defaultScenes } from '@shared/media/scene-edit'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { useStudio } from '../studio-store'
import { LayersPanel } from './LayersPanel'
import { MixerPanel } from './MixerPanel'
import { SceneBar } from './SceneBar'
import { startScenes, useScenes } from './scene-store'

const CAMERA = { id: 'camera:1', label: 'Webcam', spec: { kind: 'camera', device: '1' } } as const
const START = defaultScenes({ kind: 'demo' })

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>
beforeEach(() => {
  vi.useFakeTimers()
  useScenes.setState({
    scenes: START,
    state: { shownId: 'main', nextId: null, items: [] },
    levels: null,
    selectedId: null,
  })
  useStudio.setState({ options: [{ id: 'demo', label: 'Demo presenter', spec: { kind: 'demo' } }, CAMERA] })
  main = fakeStudioClient({
    'scenes.set': (scenes: unknown) => scenes,
    'scenes.restartItem': () => undefined,
    'scenes.chooseMusicFile': () => '/home/a/Morning.mp3',
    'scenes.getState': () => ({ shownId: 'main', nextId: null, items: [] }),
  })
  vi.stubGlobal('studio', main.client)
})
afterEach(() => {
  page.unmount()
  vi.advanceTimersByTime(100) // what rests between two sends
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const labelled = (label: string): HTMLElement => page.find(`[aria-label="${label}"]`)
const items = () => currentScene(useScenes.getState().scenes).items

test('a second source is added in a corner, selected, ordered, hidden and removed', async () => {
  page = await renderForTest(<LayersPanel />)
  await page.press(page.button('Add'))
  await page.press(page.find('[role=menuitem]', 'Webcam'))
  expect(items().map(({ name }) => name)).toEqual(['', 'Webcam'])
  expect(items()[1]!.place.width).toBeLessThan(0.5)
  expect(page.button('Webcam').getAttribute('aria-pressed')).toBe('true')
  await page.press(labelled('Send Webcam back'))
  expect(items()[0]!.name).toBe('Webcam')
  await page.press(labelled('Hide Webcam'))
  expect(items()[0]!.visible).toBe(false)
  expect(page.host.textContent).toContain('Hidden')
  await page.press(labelled('Remove Webcam'))
  expect(items()).toHaveLength(1)
  vi.advanceTimersByTime(100)
  expect(main.callsOf('scenes.set').at(-1)).toMatchObject({ scenes: [{ items: [{ id: 'first' }] }] })
})

test('what is wrong with a source is said beside it, with a way to open it again', async () => {
  useScenes.setState({
    state: {
      shownId: 'main',
      nextId: null,
      items: [{ itemId: 'first', state: 'failed', code: 'x', message: 'The camera was pulled out.' }],
    },
  })
  page = await renderForTest(<LayersPanel />)
  expect(page.host.textContent).toContain('The camera was pulled out.')
  await page.press(labelled('Open Demo presenter again'))
  expect(main.callsOf('scenes.restartItem')).toEqual(['first'])
})

test('a new scene is a copy to be changed; Ctrl and a number goes to one', async () => {
  page = await renderForTest(<SceneBar visible />)
  await page.press(labelled('New scene from this one'))
  expect(useScenes.getState().scenes.scenes.map(({ name }) => name)).toEqual(['Main', 'Scene 2'])
  const second = useScenes.getState().scenes.currentId
  act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { code: 'Digit1', ctrlKey: true })))
  expect(useScenes.getState().scenes.currentId).toBe('main')
  act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { code: 'Digit2', ctrlKey: true })))
  expect(useScenes.getState().scenes.currentId).toBe(second)
  act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { code: 'Digit7', ctrlKey: true })))
  expect(useScenes.getState().scenes.currentId).toBe(second)
  await page.press(labelled('Remove this scene'))
  expect(useScenes.getState().scenes.scenes).toHaveLength(1)
  expect((labelled('Remove this scene') as HTMLButtonElement).disabled).toBe(true)
})

test('faders, mute and gate of each source, and music that is chosen plays', async () => {
  page = await renderForTest(<MixerPanel />)
  await page.press(labelled('Mute Demo presenter'))
  expect(items()[0]!.sound.muted).toBe(true)
  await page.press(page.button('Noise gate'))
  expect(items()[0]!.sound.gateDb).toBe(-45)
  await page.press(page.button('Choose music…'))
  expect(useScenes.getState().scenes.music).toMatchObject({ path: '/home/a/Morning.mp3', playing: true })
  expect(page.host.textContent).toContain('Morning.mp3')
})

test('dragging sends at most thirty a second and the last place always; our own echo does not pull it back', async () => {
  page = await renderForTest(<LayersPanel />)
  await startScenes(main.client, { ...DEFAULT_SETTINGS, scenes: START })
  vi.advanceTimersByTime(100)
  const before = main.callsOf('scenes.set').length
  for (let x = 1; x <= 50; x += 1)
    useScenes.getState().changeItem('first', { place: { x: x / 100, y: 0, width: 1, height: 1 } })
  expect(main.callsOf('scenes.set').length - before).toBe(1)
  act(() => main.emit('scenes.changed', main.callsOf('scenes.set')[before]))
  expect(items()[0]!.place.x).toBe(0.5)
  vi.advanceTimersByTime(100)
  expect(main.callsOf('scenes.set')).toHaveLength(before + 2)
  expect(main.callsOf('scenes.set').at(-1)).toMatchObject({ scenes: [{ items: [{ place: { x: 0.5 } }] }] })
  act(() => main.emit('scenes.changed', { ...START, masterGainDb: -3 }))
  expect(useScenes.getState().scenes.masterGainDb).toBe(-3)
})
