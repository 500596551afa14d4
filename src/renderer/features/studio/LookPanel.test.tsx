// @vitest-environment happy-dom
import { DEFAULT_LOOK, OWN_LOOKS, type LookSettings } from '@shared/media/look-settings'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { useToasts } from '@/ui/toast-store'
import { LookPanel } from './LookPanel'
import { useLook } from './look-store'
import { PictureTabs } from './PictureTabs'

const CUBE = { id: '0123456789abcdef', name: 'Evening sun' }
const SWATCHES = ['none', ...OWN_LOOKS.map(({ id }) => id)].map((id) => ({
  id,
  width: 2,
  height: 1,
  pixels: new Uint8Array(8),
}))

let page: Awaited<ReturnType<typeof renderForTest>>
beforeEach(() => {
  vi.useFakeTimers()
  useLook.setState({ look: DEFAULT_LOOK, swatches: [], importing: false })
  useToasts.setState({ toasts: [] })
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function useMain(answers: Parameters<typeof fakeStudioClient>[0] = {}) {
  const main = fakeStudioClient({
    'look.set': () => undefined,
    'effects.getThumbnails': () => [],
    'look.getSwatches': () => SWATCHES,
    ...answers,
  })
  vi.stubGlobal('studio', main.client)
  return main
}

const radio = (name: string): HTMLInputElement => page.find('label', name).querySelector('input')!
const slider = (name: string): HTMLInputElement =>
  page.find<HTMLInputElement>(`#${CSS.escape(page.find<HTMLLabelElement>('label', name).htmlFor)}`)

test('off at first; a press chooses a look, for the engine and for the next start', async () => {
  const main = useMain()
  page = await renderForTest(<LookPanel />)
  expect(radio('None').checked).toBe(true)
  expect(slider('Intensity').disabled).toBe(true)
  expect(page.host.querySelectorAll('[role=radiogroup] input')).toHaveLength(1 + OWN_LOOKS.length)
  expect(OWN_LOOKS.length).toBeGreaterThanOrEqual(12)

  await page.press(radio('Film'))
  expect(radio('Film').checked).toBe(true)
  expect(slider('Intensity').disabled).toBe(false)
  expect(main.callsOf('look.set')).toEqual([{ ...DEFAULT_LOOK, look: 'film' }])
  await vi.advanceTimersByTimeAsync(1000)
  expect(main.callsOf('settings.set')).toEqual([{ look: { ...DEFAULT_LOOK, look: 'film' } }])
})

test('the sliders are 0 to 1 for the engine, by keyboard', async () => {
  const main = useMain()
  useLook.setState({ look: { ...DEFAULT_LOOK, look: 'cool' } })
  page = await renderForTest(<LookPanel />)
  const key = (name: string, key: string): void =>
    act(() => void slider(name).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))
  key('Vignette', 'End')
  key('Intensity', 'Home')
  await vi.advanceTimersByTimeAsync(0)
  expect(main.callsOf('look.set').at(-1)).toEqual({ ...DEFAULT_LOOK, look: 'cool', intensity: 0, vignette: 1 })
  key('Intensity', 'Backspace')
  expect(useLook.getState().look.intensity).toBe(DEFAULT_LOOK.intensity)
})

test('an imported table is chosen, named, and drawn with the others; cancelling changes nothing', async () => {
  let answer: LookSettings | null = null
  const main = useMain({ 'look.importCube': () => answer })
  page = await renderForTest(<LookPanel />)
  const asked = main.callsOf('look.getSwatches').length
  await page.press(page.button('Import .cube…'))
  expect(useLook.getState().look).toEqual(DEFAULT_LOOK)
  answer = { ...DEFAULT_LOOK, look: 'cube', cube: CUBE }
  await page.press(page.button('Import .cube…'))
  expect(radio('Evening sun').checked).toBe(true)
  expect(main.callsOf('look.getSwatches')).toHaveLength(asked + 1)
  await page.press(radio('None'))
  expect(radio('Evening sun').checked).toBe(false)
})

test('a table that will not do says why, and the look stays', async () => {
  useMain({
    'look.importCube': () => {
      throw Object.assign(new Error('"x.cube" is not a colour table that can be used.'), { code: 'bad-cube' })
    },
  })
  useLook.setState({ look: { ...DEFAULT_LOOK, look: 'rose' } })
  page = await renderForTest(<LookPanel />)
  await page.press(page.button('Import .cube…'))
  expect(useToasts.getState().toasts).toMatchObject([
    { level: 'problem', message: expect.stringContaining('x.cube') as string },
  ])
  expect(radio('Rose').checked).toBe(true)
  expect(page.button('Import .cube…').disabled).toBe(false)
})

test('the tabs go by the arrow keys, and comparing stays in reach on each', async () => {
  useMain()
  page = await renderForTest(<PictureTabs />)
  const [beauty, look] = [page.find('[role=tab]', 'Beauty'), page.find('[role=tab]', 'Look')]
  expect(beauty.getAttribute('aria-selected')).toBe('true')
  expect(page.host.querySelector('[aria-label="Beautify settings"]')).not.toBeNull()
  for (let step = 0; step < 3; step += 1) {
    await act(async () => {
      const at = step === 0 ? beauty : document.activeElement!
      at.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
      await settled()
    })
  }
  expect(look.getAttribute('aria-selected')).toBe('true')
  expect(document.activeElement).toBe(look)
  expect(page.host.querySelector('[aria-label="Look settings"]')).not.toBeNull()
  expect(page.host.querySelector('[aria-label="Beautify settings"]')).toBeNull()
  expect(page.host.querySelector('[aria-label="Compare"]')).not.toBeNull()
  expect(document.getElementById(look.getAttribute('aria-controls')!)?.hidden).toBe(false)
})
