// @vitest-environment happy-dom
import { DEFAULT_SETTINGS, type Settings } from '@shared/ipc/studio-schema'
import type { SourceSpec } from '@shared/media/source-spec'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { useSettings } from '@/features/settings/settings-store'
import { restoreSource, startStudio, useStudio } from './studio-store'

const CAMERA: SourceSpec = { kind: 'camera', device: '/dev/video0' }
const INFO = { label: 'Camera', width: 1280, height: 720, fps: 30, hasAudio: true }
const SETTINGS = {
  ...DEFAULT_SETTINGS,
  source: CAMERA,
  title: 'Saved',
  category: 'Music',
} satisfies Settings

beforeEach(() => {
  vi.useFakeTimers()
  useStudio.setState({ source: { state: 'closed' }, live: { state: 'off' }, stats: null })
  useSettings.setState({ settings: SETTINGS })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function useMain(answers: Parameters<typeof fakeStudioClient>[0]) {
  const main = fakeStudioClient({ 'settings.set': () => SETTINGS, ...answers })
  vi.stubGlobal('studio', main.client)
  return main
}

test('the saved source is opened at the start, and one that is already open is left alone', async () => {
  let state: unknown = { state: 'closed' }
  const main = useMain({ 'source.getState': () => state, 'source.open': () => INFO })
  await restoreSource(main.client)
  expect(main.callsOf('source.open')).toEqual([CAMERA])
  expect(useStudio.getState().source).toEqual({ state: 'open', spec: CAMERA, info: INFO })
  state = { state: 'open', spec: CAMERA, info: INFO }
  await restoreSource(main.client)
  expect(main.callsOf('source.open')).toHaveLength(1)
})

test('a source that does not open says why, and is not saved', async () => {
  const main = useMain({
    'source.open': () => {
      throw Object.assign(new Error('No camera was found. Plug one in.'), { code: 'camera-missing' })
    },
  })
  await useStudio.getState().openSource(CAMERA)
  expect(useStudio.getState().source).toEqual({
    state: 'failed',
    spec: CAMERA,
    code: 'camera-missing',
    message: 'No camera was found. Plug one in.',
  })
  await vi.advanceTimersByTimeAsync(2000)
  expect(main.callsOf('settings.set')).toEqual([])
})

test('the end of an earlier choice does not disturb the newer one', async () => {
  const refusals: ((error: Error) => void)[] = []
  useMain({
    'source.open': (spec: SourceSpec) =>
      spec.kind === 'camera' ? new Promise((_resolve, reject) => refusals.push(reject)) : INFO,
  })
  const first = useStudio.getState().openSource(CAMERA)
  await vi.waitFor(() => expect(refusals).toHaveLength(1), 20_000)
  await useStudio.getState().openSource({ kind: 'demo' })
  refusals[0]!(new Error('replaced'))
  await first
  expect(useStudio.getState().source).toMatchObject({ state: 'open', spec: { kind: 'demo' } })
})

test('a slider is sent as 0 to 1 at once and saved once, a moment later', async () => {
  const main = useMain({ 'beauty.set': () => undefined })
  for (const smooth of [0.5, 0.6, 0.7]) useStudio.getState().changeBeauty({ smooth })
  await vi.advanceTimersByTimeAsync(1000)
  expect(main.callsOf('beauty.set').at(-1)).toMatchObject({ smooth: 0.7 })
  expect(main.callsOf('settings.set')).toMatchObject([{ beauty: { smooth: 0.7 } }])
})

test('what main tells is what is shown', async () => {
  const main = useMain({
    'source.getState': () => ({ state: 'closed' }),
    'live.getState': () => ({ state: 'off' }),
  })
  await startStudio(main.client, SETTINGS)
  expect(useStudio.getState()).toMatchObject({ title: 'Saved', category: 'Music' })
  main.emit('live.changed', { state: 'live', url: 'we://x', title: 'T', startedAt: 1, recording: null })
  expect(useStudio.getState().live).toMatchObject({ state: 'live', url: 'we://x' })
})

test('the demo presenter can be chosen whatever main finds', async () => {
  useMain({ 'source.list': () => [{ id: 'cam', label: 'Cam', spec: CAMERA }] })
  await useStudio.getState().findSources()
  expect(useStudio.getState().options.map(({ id }) => id)).toEqual(['demo', 'cam'])
})
