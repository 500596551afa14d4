// @vitest-environment happy-dom
import { DEFAULT_SETTINGS, type Settings } from '@shared/ipc/studio-schema'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useEngines } from '@/app/engine-store'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { useSettings } from '@/features/settings/settings-store'
import { useToasts } from '@/ui/toast-store'
import { GoLiveBar } from './GoLiveBar'
import { useStudio } from './studio-store'

const SPEC = { kind: 'demo' } as const
const SETTINGS = {
  ...DEFAULT_SETTINGS,
  source: SPEC,
  title: 'Evening',
  category: 'Talk',
} satisfies Settings
const OPEN = {
  state: 'open',
  spec: SPEC,
  info: { label: 'Demo', width: 1280, height: 720, fps: 30, hasAudio: true },
} as const
const LIVE = { state: 'live', url: 'we://peer/live/cid', title: 'Evening', startedAt: 1000, recording: null } as const

let page: Awaited<ReturnType<typeof renderForTest>>
beforeEach(() => {
  useEngines.setState({ engines: { peer: { engine: 'peer', state: 'ready', message: '' } } })
  useStudio.setState({ source: OPEN, live: { state: 'off' }, title: 'Evening', titleProblem: null })
  useToasts.setState({ toasts: [] })
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function useMain(answers: Parameters<typeof fakeStudioClient>[0]) {
  const main = fakeStudioClient(answers)
  vi.stubGlobal('studio', main.client)
  return main
}

test('without an open source or a network there is nothing to go live with', async () => {
  useStudio.setState({ source: { state: 'closed' } })
  page = await renderForTest(<GoLiveBar />)
  expect(page.button('Go live').disabled).toBe(true)
  act(() => useStudio.setState({ source: OPEN }))
  expect(page.button('Go live').disabled).toBe(false)
  act(() => useEngines.setState({ engines: { peer: { engine: 'peer', state: 'restarting', message: 'Again.' } } }))
  expect(page.button('Go live').disabled).toBe(true)
})

test('an empty title is asked for, and main is not called', async () => {
  useStudio.setState({ title: '   ' })
  const main = useMain({ 'live.start': () => LIVE })
  page = await renderForTest(<GoLiveBar />)
  await page.press(page.button('Go live'))
  expect(page.find('[role=alert]').textContent).toBe('Give the show a title.')
  expect(document.activeElement).toBe(page.find('#golive-title'))
  expect(main.callsOf('live.start')).toEqual([])
  await page.type('#golive-title', 'Now with a title')
  expect(page.host.querySelector('[role=alert]')).toBeNull()
})

test('one press: going live, then on air with title, link and End live', async () => {
  let answer = (): void => undefined
  const main = useMain({
    'live.start': () => new Promise((resolve) => (answer = () => resolve(LIVE))),
    'app.copyText': () => undefined,
  })
  useStudio.setState({ title: ' Evening ', category: 'Music' })
  page = await renderForTest(<GoLiveBar />)
  await page.press(page.button('Go live'))
  expect(page.button('Go live').getAttribute('aria-busy')).toBe('true')
  await page.press(page.button('Go live'))
  expect(main.callsOf('live.start')).toEqual([{ title: 'Evening', category: 'Music', record: true }])

  await act(async () => {
    answer()
    await settled()
  })
  expect(page.host.textContent).toContain('Evening')
  await page.press(page.button('Copy link'))
  expect(main.callsOf('app.copyText')).toEqual(['we://peer/live/cid'])
})

test('a refused start says why and can be tried again', async () => {
  useMain({
    'live.start': () => {
      // What the bridge rejects with: an object, not an Error.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw { code: 'peer-down', message: 'The network is not ready. Try again in a moment.' }
    },
  })
  page = await renderForTest(<GoLiveBar />)
  await page.press(page.button('Go live'))
  expect(page.button('Go live').disabled).toBe(false)
  expect(useToasts.getState().toasts).toMatchObject([
    { level: 'problem', message: 'The network is not ready. Try again in a moment.' },
  ])
})

test('ending takes a second press; without it the question goes away', async () => {
  vi.useFakeTimers()
  const main = useMain({ 'live.stop': () => undefined, 'live.getState': () => ({ state: 'off' }) })
  useStudio.setState({ live: LIVE })
  page = await renderForTest(<GoLiveBar />)
  await page.press(page.button('End live'))
  expect(page.find('[role=alert]').textContent).toContain('again')
  await act(async () => vi.advanceTimersByTimeAsync(6000))
  expect(page.host.querySelector('[role=alert]')).toBeNull()
  expect(main.callsOf('live.stop')).toEqual([])

  await page.press(page.button('End live'))
  await page.press(page.button('End live'))
  expect(main.callsOf('live.stop')).toHaveLength(1)
  expect(page.button('Go live').disabled).toBe(false)
})

test('recording is on unless it is switched off, and the choice goes with the very next start', async () => {
  const main = useMain({ 'live.start': () => LIVE, 'settings.set': (change: object) => ({ ...SETTINGS, ...change }) })
  useSettings.setState({ settings: SETTINGS })
  page = await renderForTest(<GoLiveBar />)
  const toggle = page.find('[role=switch]', 'Record this live on this computer')
  expect(toggle.getAttribute('aria-checked')).toBe('true')
  await page.press(toggle)
  expect(toggle.getAttribute('aria-checked')).toBe('false')
  await page.press(page.button('Go live'))
  expect(main.callsOf('live.start')).toMatchObject([{ record: false }])
  await expect.poll(() => main.callsOf('settings.set')).toMatchObject([{ record: false }])
})
