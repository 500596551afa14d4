// @vitest-environment happy-dom
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { BEAUTY_CONTROLS, DEFAULT_BEAUTY, MAKEUP_COLOURS } from '@shared/media/beauty-settings'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { useSettings } from '@/features/settings/settings-store'
import { useToasts } from '@/ui/toast-store'
import { BeautyPanel } from './BeautyPanel'
import { MakeupPanel } from './MakeupPanel'
import { forgetPictureHistory, redoPicture, undoPicture } from './picture-history'
import { startPictureHistory } from './picture-parts'
import { useStudio } from './studio-store'

let page: Awaited<ReturnType<typeof renderForTest>>
beforeEach(() => {
  vi.useFakeTimers()
  useStudio.setState({ beauty: DEFAULT_BEAUTY })
  useSettings.setState({ settings: DEFAULT_SETTINGS })
  useToasts.setState({ toasts: [] })
  forgetPictureHistory()
  startPictureHistory()
  vi.stubGlobal('studio', fakeStudioClient({ 'beauty.set': () => undefined }).client)
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const radio = (name: string): HTMLInputElement => page.find('label', name).querySelector('input')!
const labels = (): string[] =>
  [...page.host.querySelectorAll('.slider__label')].map((label) => label.textContent.trim())

test('every control of the face is in reach, by the part of the face it is for', async () => {
  page = await renderForTest(<BeautyPanel />)
  const seen: string[] = []
  for (const part of ['Skin', 'Face', 'Eyes', 'Nose', 'Mouth']) {
    await page.press(radio(part))
    seen.push(...labels())
  }
  const wanted = BEAUTY_CONTROLS.filter(({ group }) => group !== 'makeup').map(({ label }) => label)
  expect(seen).toEqual(wanted)
  expect(BEAUTY_CONTROLS.length).toBeGreaterThanOrEqual(30)
})

test('own settings are kept under a name, worn again by a press, and removing can be taken back', async () => {
  page = await renderForTest(<BeautyPanel />)
  act(() => useStudio.getState().changeBeauty({ smooth: 0.77, tone: -0.3 }))
  const mine = useStudio.getState().beauty
  await page.press(page.button('Save as preset'))
  expect(page.find<HTMLInputElement>('dialog input').value).toBe('My look')
  await page.type('dialog input', '  ')
  await page.press(page.button('Save'))
  expect(page.find('[role=alert]').textContent).toBe('Give it a name.')
  await page.type('dialog input', 'Evening')
  await page.press(page.button('Save'))
  expect(useSettings.getState().settings.beautyPresets).toEqual([{ name: 'Evening', beauty: mine }])

  await page.press(radio('Soft'))
  expect(page.button('Evening').getAttribute('aria-pressed')).toBe('false')
  await page.press(page.button('Evening'))
  expect(useStudio.getState().beauty).toEqual(mine)
  expect(page.button('Evening').getAttribute('aria-pressed')).toBe('true')

  await page.press(page.find('[aria-label="Remove Evening"]'))
  expect(useSettings.getState().settings.beautyPresets).toEqual([])
  act(() => useToasts.getState().toasts[0]!.more!.run())
  expect(useSettings.getState().settings.beautyPresets).toHaveLength(1)
})

test('a name that is taken is refused in words', async () => {
  useSettings.setState({
    settings: { ...DEFAULT_SETTINGS, beautyPresets: [{ name: 'Day', beauty: DEFAULT_BEAUTY }] },
  })
  page = await renderForTest(<BeautyPanel />)
  await page.press(page.button('Save as preset'))
  await page.type('dialog input', 'Day')
  await page.press(page.button('Save'))
  expect(page.find('[role=alert]').textContent).toBe('This name is taken.')
})

test('a preset, a slider and a colour are taken back one by one, and again', async () => {
  page = await renderForTest(<MakeupPanel />)
  act(() => useStudio.getState().changeBeauty({ smooth: 1 }))
  vi.advanceTimersByTime(1000)
  const colour = page.find<HTMLInputElement>('[aria-label="Lipstick colour 3"]')
  await page.press(colour)
  expect(useStudio.getState().beauty).toMatchObject({ smooth: 1, lipstick: 0.5 })
  expect(useStudio.getState().beauty.colours.lipstick).toBe(MAKEUP_COLOURS.lipstick[2])
  act(undoPicture)
  expect(useStudio.getState().beauty).toEqual({ ...DEFAULT_BEAUTY, smooth: 1 })
  act(undoPicture)
  expect(useStudio.getState().beauty).toEqual(DEFAULT_BEAUTY)
  act(redoPicture)
  act(redoPicture)
  expect(useStudio.getState().beauty.lipstick).toBe(0.5)
})

test('make-up can be taken off at once, and says when beautify is off', async () => {
  useStudio.setState({ beauty: { ...DEFAULT_BEAUTY, blush: 0.4, lenses: 0.2 } })
  page = await renderForTest(<MakeupPanel />)
  await page.press(page.button('Take off'))
  expect(useStudio.getState().beauty).toEqual(DEFAULT_BEAUTY)
  act(() => useStudio.getState().changeBeauty({ enabled: false }))
  await page.press(page.button('Turn on'))
  expect(useStudio.getState().beauty.enabled).toBe(true)
})
