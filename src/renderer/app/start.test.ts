// @vitest-environment happy-dom
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from './fake-studio-client'
import { useEngines } from './engine-store'
import { startRenderer } from './start'

afterEach(() => {
  vi.unstubAllGlobals()
  useEngines.setState({ engines: {} })
})

const INFO = { version: '1', electron: '1', chrome: '1', platform: 'linux', testBuild: false, dataDir: '/d' }
const DEMO = { kind: 'demo' }
const SETTINGS = { ...DEFAULT_SETTINGS, theme: 'dark' }

test('the last source and the preview wait for the media engine, and come back with it', async () => {
  let source: unknown = { state: 'closed' }
  const main = fakeStudioClient({
    'settings.get': () => SETTINGS,
    'app.getInfo': () => INFO,
    'app.getEngines': () => [
      { engine: 'media', state: 'starting', message: '' },
      { engine: 'peer', state: 'ready', message: '' },
    ],
    'source.getState': () => source,
    'source.open': () => ({ label: 'Demo', width: 1280, height: 720, fps: 30, hasAudio: true }),
    'source.list': () => [],
    'source.allowDeviceNames': () => undefined,
    'settings.set': () => SETTINGS,
    'live.getState': () => ({ state: 'off' }),
    'watch.getState': () => ({ state: 'idle' }),
    'watch.listLives': () => [],
  })
  vi.stubGlobal('studio', main.client)
  await startRenderer(main.client)
  expect(main.callsOf('watch.listLives')).toHaveLength(1)
  expect(main.callsOf('source.open')).toEqual([])

  main.emit('app.engineChanged', { engine: 'media', state: 'ready', message: '' })
  await expect.poll(() => main.callsOf('source.open')).toEqual([DEMO])
  expect(main.callsOf('preview.connect')).toHaveLength(1)

  // After a restart main has opened the source again itself: only the preview is asked for anew.
  source = { state: 'open', spec: DEMO, info: { label: 'Demo', width: 1280, height: 720, fps: 30, hasAudio: true } }
  main.emit('app.engineChanged', { engine: 'media', state: 'restarting', message: 'Again.' })
  main.emit('app.engineChanged', { engine: 'media', state: 'ready', message: '' })
  await expect.poll(() => main.callsOf('preview.connect')).toHaveLength(2)
  await expect.poll(() => main.callsOf('source.list')).toHaveLength(2)
  expect(main.callsOf('source.open')).toHaveLength(1)
})
