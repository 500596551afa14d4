// @vitest-environment happy-dom
import { DEFAULT_EFFECTS, STICKERS, type EffectSettings } from '@shared/media/effect-settings'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { EffectsPanel } from './EffectsPanel'
import { useEffects } from './effects-store'

const PICTURE = { id: '0123456789abcdef', name: 'Beach' }
const THUMBNAIL = { kind: 'sticker', id: 'cat', width: 2, height: 1, pixels: new Uint8Array(8) }

let page: Awaited<ReturnType<typeof renderForTest>>
beforeEach(() => {
  vi.useFakeTimers()
  useEffects.setState({ effects: DEFAULT_EFFECTS, thumbnails: [], importing: false })
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function useMain(answers: Parameters<typeof fakeStudioClient>[0] = {}) {
  const main = fakeStudioClient({
    'effects.set': () => undefined,
    'effects.getThumbnails': () => [THUMBNAIL],
    ...answers,
  })
  vi.stubGlobal('studio', main.client)
  return main
}

const tile = (name: string): HTMLInputElement => page.find('label', name).querySelector('input')!

test('stickers are put on and taken off, several at once; those with a picture show it', async () => {
  const main = useMain()
  page = await renderForTest(<EffectsPanel />)
  expect(page.host.querySelectorAll('[aria-label=Stickers] input')).toHaveLength(STICKERS.length)
  expect(page.find('label', 'Cat').querySelector('canvas')).not.toBeNull()
  await page.press(tile('Cat'))
  await page.press(tile('Glasses'))
  expect(tile('Cat').checked).toBe(true)
  expect(main.callsOf('effects.set').at(-1)).toMatchObject({ stickers: ['cat', 'glasses'] })
  await page.press(tile('Cat'))
  expect(useEffects.getState().effects.stickers).toEqual(['glasses'])
  await page.press(page.button('Take off'))
  expect(useEffects.getState().effects.stickers).toEqual([])
})

test('each background shows what can be set of it', async () => {
  useMain()
  page = await renderForTest(<EffectsPanel />)
  expect(page.host.textContent).not.toContain('Background colour')
  expect(() => page.find('label', 'Beach')).toThrow()
  await page.press(tile('Colour'))
  await page.press(page.find('[aria-label="Background colour 2"]'))
  expect(useEffects.getState().effects.background).toMatchObject({ mode: 'colour', colour: '#2f6fde' })
  await page.press(page.host.querySelector<HTMLInputElement>('[aria-label=Background] input[type=radio]')!)
  expect(useEffects.getState().effects.background.mode).toBe('none')
})

test('an own picture is chosen when it was imported; cancelling changes nothing', async () => {
  let answer: EffectSettings | null = null
  useMain({ 'effects.importBackground': () => answer })
  page = await renderForTest(<EffectsPanel />)
  await page.press(page.button('Own picture…'))
  expect(useEffects.getState().effects).toEqual(DEFAULT_EFFECTS)
  answer = { ...DEFAULT_EFFECTS, background: { ...DEFAULT_EFFECTS.background, picture: PICTURE } }
  await page.press(page.button('Own picture…'))
  expect(tile('Beach').checked).toBe(true)
  expect(useEffects.getState().effects.background).toMatchObject({ mode: 'picture', picture: PICTURE })
})
