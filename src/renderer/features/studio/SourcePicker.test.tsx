// @vitest-environment happy-dom
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import type { SourceOption } from '@shared/media/source-spec'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useEngines } from '@/app/engine-store'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { useSettings } from '@/features/settings/settings-store'
import { SourcePicker } from './SourcePicker'
import { StageMessage } from './StageMessage'
import { useStudio } from './studio-store'

const OPTIONS: SourceOption[] = [
  { id: 'demo', label: 'Demo presenter', spec: { kind: 'demo' } },
  { id: 'camera:0', label: 'HD Webcam', spec: { kind: 'camera', device: '/dev/video0' } },
  { id: 'screen:a', label: 'Screen (1920x1080)', spec: { kind: 'screen', device: 'a' } },
  { id: 'window:1', label: 'Notes', spec: { kind: 'window', device: '0x1' } },
  { id: 'microphone:default', label: 'Default microphone', spec: { kind: 'microphone', device: 'default' } },
  { id: 'microphone:usb', label: 'USB Audio', spec: { kind: 'microphone', device: 'plughw:1,0' } },
]
const INFO = { label: 'HD Webcam', width: 1280, height: 720, fps: 30, hasAudio: true }

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>
beforeEach(() => {
  main = fakeStudioClient({
    'source.open': () => INFO,
    'settings.set': () => DEFAULT_SETTINGS,
    'app.choosePictureFile': () => '/home/me/poster.png',
  })
  vi.stubGlobal('studio', main.client)
  useSettings.setState({ settings: DEFAULT_SETTINGS })
  useEngines.setState({ engines: { media: { engine: 'media', state: 'ready', message: '' } } })
  useStudio.setState({ options: OPTIONS, source: { state: 'closed' }, live: { state: 'off' } })
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

/** Names of the sources in a group, as a screen reader finds it. */
function group(title: string): string[] {
  const heading = page.find('h3', title)
  const box = page.find(`[role=group][aria-labelledby="${heading.id}"]`)
  return [...box.querySelectorAll('label')].map((label) => label.textContent)
}

test('the sources stand in groups with names, and microphones are none of them', async () => {
  page = await renderForTest(<SourcePicker />)
  expect(group('Cameras')).toEqual(['HD Webcam'])
  expect(group('Screen and windows')).toEqual(['Screen (1920x1080)', 'Notes'])
  expect(group('Files and pictures')).toEqual([])
  expect(group('Demo')).toEqual(['Demo presenter'])
  expect(page.find('[role=radiogroup]').getAttribute('aria-label')).toBe('Source')
})

test('without a camera it says what to check', async () => {
  useStudio.setState({ options: OPTIONS.slice(0, 1) })
  page = await renderForTest(<SourcePicker />)
  expect(page.find('.sources__empty').textContent).toContain('Plug one in')
  expect(page.host.textContent).not.toContain('Screen and windows')
})

test('a picture is chosen by the system’s dialog and then stands in the list', async () => {
  page = await renderForTest(<SourcePicker />)
  await page.press(page.button('Picture…'))
  expect(main.callsOf('source.open')).toEqual([{ kind: 'picture', path: '/home/me/poster.png' }])
  expect(group('Files and pictures')).toEqual(['poster.png'])
})

test('the microphone that goes with a camera can be chosen and is remembered', async () => {
  page = await renderForTest(<SourcePicker />)
  expect(page.host.querySelector('select')).toBeNull()
  const camera = page.find<HTMLLabelElement>('label', 'HD Webcam').querySelector('input')!
  await page.press(camera)
  expect(main.callsOf('source.open')).toEqual([{ kind: 'camera', device: '/dev/video0' }])
  const select = page.find<HTMLSelectElement>('select')
  expect([...select.options].map(({ textContent }) => textContent)).toEqual(['System default', 'USB Audio', 'No sound'])
  const choose = (value: string): Promise<void> =>
    act(async () => {
      Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(select, value)
      select.dispatchEvent(new Event('change', { bubbles: true }))
      await Promise.resolve()
    })
  await choose('microphone:usb')
  expect(main.callsOf('source.open').at(-1)).toEqual({
    kind: 'camera',
    device: '/dev/video0',
    microphone: 'plughw:1,0',
  })
  expect(useSettings.getState().settings.microphone).toBe('microphone:usb')
  await choose('none')
  expect(main.callsOf('source.open').at(-1)).toMatchObject({ microphone: 'none' })
})

test('while a camera is away it says so, and another source can be chosen though it is live', async () => {
  const spec = { kind: 'camera', device: '/dev/video0' } as const
  const live = { state: 'live', url: 'we://x', title: 'T', startedAt: 1, recording: null } as const
  useStudio.setState({ source: { state: 'open', spec, info: INFO }, live })
  page = await renderForTest(
    <>
      <SourcePicker />
      <StageMessage />
    </>,
  )
  const demo = page.find<HTMLLabelElement>('label', 'Demo presenter').querySelector('input')!
  expect(demo.disabled).toBe(true)
  const waiting = {
    state: 'waiting',
    spec,
    info: INFO,
    code: 'camera-missing',
    message: 'No camera was found.',
  } as const
  act(() => useStudio.setState({ source: waiting }))
  expect(page.find('[role=alert]').textContent).toContain('Waiting for HD Webcam to come back')
  expect(page.find('[role=alert]').textContent).toContain('No camera was found.')
  expect(demo.disabled).toBe(false)
  act(() => useStudio.setState({ source: { state: 'open', spec, info: INFO } }))
  expect(page.host.querySelector('[role=alert]')).toBeNull()
})
