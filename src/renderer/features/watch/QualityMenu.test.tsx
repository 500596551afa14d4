// @vitest-environment happy-dom
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import type { WatchStats } from '@shared/live/live-listing'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { useSettings } from '@/features/settings/settings-store'
import { QualityMenu } from './QualityMenu'
import { useWatch } from './watch-store'

const SOURCE = { id: 'source', width: 1280, height: 720 }
const SMALL = { id: 'small', width: 640, height: 360 }

function figures(renditions: WatchStats['renditions'], rendition = 'source'): WatchStats {
  return {
    ...{ segments: 1, bytes: 1, bytesFromViewers: 0, bytesServed: 0, refused: 0, missed: 0, peers: 1 },
    ...{
      bytesFromRelay: 0,
      relay: false,
      bytesDuplicate: 0,
      unitDelayP50Ms: 0,
      unitDelayP95Ms: 0,
      mesh: false,
      latencyP50Ms: 1,
      latencyP95Ms: 1,
      rendition,
      renditions,
    },
  }
}

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>

beforeEach(async () => {
  main = fakeStudioClient({ 'watch.setQuality': () => undefined, 'settings.set': () => DEFAULT_SETTINGS })
  vi.stubGlobal('studio', main.client)
  useSettings.setState({ settings: DEFAULT_SETTINGS })
  useWatch.setState({ stats: figures([SOURCE, SMALL]) })
  page = await renderForTest(<QualityMenu />)
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

const button = (): HTMLButtonElement | null => page.host.querySelector('button[aria-haspopup=menu]')
const items = (): HTMLElement[] => [...page.host.querySelectorAll<HTMLElement>('[role=menuitemradio]')]
const press = (key: string): void =>
  act(() => {
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  })

test('is not there while the live comes in one size alone', () => {
  act(() => {
    useWatch.setState({ stats: figures([SOURCE]) })
  })
  expect(button()).toBeNull()
  act(() => {
    useWatch.setState({ stats: null })
  })
  expect(button()).toBeNull()
})

test('says what is chosen and what is played, and names the sizes', () => {
  expect(button()!.getAttribute('aria-label')).toBe('Quality: Auto 720p')
  act(() => {
    useWatch.setState({ stats: figures([SOURCE, SMALL], 'small') })
  })
  expect(button()!.getAttribute('aria-label')).toBe('Quality: Auto 360p')
  act(() => {
    button()!.click()
  })
  expect(items().map((item) => item.querySelector('span')!.textContent)).toEqual(['Auto', '720p', '360p'])
  expect(items().map((item) => item.getAttribute('aria-checked'))).toEqual(['true', 'false', 'false'])
})

test('is worked by keys alone, which do not reach the player, and remembers the choice', () => {
  const heard = vi.fn()
  window.addEventListener('keydown', heard)
  act(() => {
    button()!.click()
  })
  expect(document.activeElement).toBe(items()[0])
  press('ArrowUp')
  expect(document.activeElement).toBe(items()[2])
  press('ArrowDown')
  press('ArrowDown')
  expect(document.activeElement).toBe(items()[1])
  press('End')
  act(() => {
    items()[2]!.click()
  })
  expect(main.callsOf('watch.setQuality')).toEqual(['small'])
  expect(useSettings.getState().settings.watchQuality).toBe('small')
  expect(items()).toEqual([])
  expect(document.activeElement).toBe(button())
  expect(button()!.getAttribute('aria-label')).toBe('Quality: 360p')
  act(() => {
    button()!.click()
  })
  press('Escape')
  expect(items()).toEqual([])
  expect(heard).not.toHaveBeenCalled()
  window.removeEventListener('keydown', heard)
})
