// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { Toaster } from '@/ui/Toaster'
import { useToasts } from '@/ui/toast-store'
import { startRecordings } from './recording-store'
import { ReplayButton } from './ReplayButton'

const CLIP = { path: '/videos/Talk replay.mp4', name: 'Talk replay.mp4', durationMs: 30_000 }

let page: Awaited<ReturnType<typeof renderForTest>>
beforeEach(() => useToasts.setState({ toasts: [] }))
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function open(answers: Parameters<typeof fakeStudioClient>[0], disabled = false) {
  const main = fakeStudioClient(answers)
  vi.stubGlobal('studio', main.client)
  page = await renderForTest(
    <>
      <ReplayButton disabled={disabled} />
      <input />
      <Toaster />
    </>,
  )
  return main
}

const pressKey = (init: KeyboardEventInit): Promise<void> =>
  act(async () => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'R', code: 'KeyR', bubbles: true, ...init }))
    await settled()
  })

test('says where the clip is, and shows it', async () => {
  const main = await open({ 'recording.saveReplay': () => CLIP })
  await page.press(page.button('Save replay'))
  expect(page.find('.toast__text').textContent).toBe('Replay saved: the last 30 sTalk replay.mp4')
  await page.press(page.button('Show in folder'))
  expect(main.callsOf('recording.showInFolder')).toEqual([CLIP.path])
  expect(useToasts.getState().toasts).toEqual([])
})

test('says how long a clip of a young live is', async () => {
  await open({ 'recording.saveReplay': () => ({ ...CLIP, durationMs: 7500 }) })
  await page.press(page.button('Save replay'))
  expect(page.find('.toast__text').textContent).toBe('Replay saved: 8 s so farTalk replay.mp4')
})

test('the key does the same, once for each press, and only with all its parts', async () => {
  const main = await open({ 'recording.saveReplay': () => CLIP })
  await pressKey({ ctrlKey: true })
  await pressKey({ shiftKey: true })
  await pressKey({ ctrlKey: true, shiftKey: true, repeat: true })
  expect(main.callsOf('recording.saveReplay')).toHaveLength(0)
  await pressKey({ ctrlKey: true, shiftKey: true })
  await pressKey({ ctrlKey: true, shiftKey: true })
  expect(main.callsOf('recording.saveReplay')).toHaveLength(2)
})

test('waits for the clip that is being written', async () => {
  let answer = (): void => undefined
  const main = await open({ 'recording.saveReplay': () => new Promise((resolve) => (answer = () => resolve(CLIP))) })
  await page.press(page.button('Save replay'))
  expect(page.button('Save replay').getAttribute('aria-busy')).toBe('true')
  await pressKey({ ctrlKey: true, shiftKey: true })
  expect(main.callsOf('recording.saveReplay')).toHaveLength(1)
  await act(async () => {
    answer()
    await settled()
  })
  expect(page.button('Save replay').disabled).toBe(false)
})

test('says why there is no clip; nothing happens while the live is being ended', async () => {
  const refuse = (): never => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the bridge rejects with
    throw { code: 'replay-failed', message: 'The replay could not be saved: the disk is full. Your live goes on.' }
  }
  await open({ 'recording.saveReplay': refuse })
  await page.press(page.button('Save replay'))
  expect(page.find('[role=alert]').textContent).toContain('the disk is full')
  page.unmount()
  const main = await open({ 'recording.saveReplay': () => CLIP }, true)
  await pressKey({ ctrlKey: true, shiftKey: true })
  expect(page.button('Save replay').disabled).toBe(true)
  expect(main.callsOf('recording.saveReplay')).toEqual([])
})

test('tells of a recording when it is saved; a refusal to show it is said', async () => {
  const main = await open({
    'recording.showInFolder': () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the bridge rejects with
      throw { code: 'file-missing', message: 'It has been moved or deleted.' }
    },
  })
  startRecordings(main.client)
  const file = { path: '/videos/Talk.mp4', name: 'Talk.mp4' }
  const shown = (): string[] => useToasts.getState().toasts.map(({ message }) => message)
  act(() => main.emit('recording.saved', { ...file, durationMs: null }))
  expect(shown()).toEqual(['The recording was interrupted, its first part is saved'])
  act(() => main.emit('recording.saved', { ...file, durationMs: 83_400 }))
  expect(shown()).toEqual(['Recording saved: 1:23']) // the newer file takes the place of the older
  await page.press(page.button('Show in folder'))
  expect(page.find('[role=alert]').textContent).toContain('It has been moved or deleted.')
})

test('a message with something to do stays longer than one without', async () => {
  vi.useFakeTimers()
  await open({})
  act(() => {
    useToasts.getState().show('info', 'Plain')
    useToasts.getState().show('info', 'With a button', { detail: '', action: 'Do it', run: () => undefined })
  })
  await act(() => vi.advanceTimersByTimeAsync(6000))
  expect(useToasts.getState().toasts.map(({ message }) => message)).toEqual(['With a button'])
  await act(() => vi.advanceTimersByTimeAsync(20_000))
  expect(useToasts.getState().toasts).toEqual([])
})
