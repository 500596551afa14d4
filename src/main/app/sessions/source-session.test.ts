import { expect, it } from 'vitest'
import type { MediaService } from '@shared/engines/media-service'
import { DEFAULT_SETTINGS, type Settings, type SourceState } from '@shared/ipc/studio-schema'
import { defaultScenes } from '@shared/media/scene-edit'
import type { SceneItemState } from '@shared/media/scene-state'
import type { SourceInfo } from '@shared/media/source-spec'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import { SceneSession } from './scene-session'
import { SourceSession } from './source-session'

const CAMERA = { kind: 'camera', device: '/dev/video0' } as const
const INFO: SourceInfo = { label: 'Webcam', width: 1280, height: 720, fps: 30, hasAudio: true }

/** A session over an engine that says what the test wants. */
function session() {
  const listeners = new Map<string, (payload: unknown) => void>()
  const calls: [name: string, input: unknown][] = []
  const client = {
    call: (name: string, input: unknown): Promise<unknown> => {
      calls.push([name, input])
      return Promise.resolve(name === 'restartSceneItem' ? INFO : undefined)
    },
    on: (name: string, listener: (payload: unknown) => void) => void listeners.set(name, listener),
  }
  const host = { client, ready: () => Promise.resolve(client) } as unknown as EngineHost<MediaService>
  let value: Settings = { ...DEFAULT_SETTINGS, scenes: defaultScenes(CAMERA) }
  const settings = {
    get value() {
      return value
    },
    set: (change: Partial<Settings>) => (value = { ...value, ...change }),
  } as unknown as SettingsFile
  const states: SourceState['state'][] = []
  const notices: string[] = []
  const notify = ((group: string, name: string, payload: { state: SourceState['state']; code: string }) => {
    if (group === 'source') states.push(payload.state)
    else if (name === 'notice') notices.push(payload.code)
  }) as unknown as Notifier
  const source = new SourceSession(host, settings, new SceneSession(host, settings, notify), notify)
  const tell = (item: SceneItemState): void =>
    listeners.get('sceneState')?.({ shownId: 'main', nextId: null, items: [item] })
  return { source, calls, states, notices, tell, prepare: () => source.prepare(client as never, false) }
}

it('a camera that goes away is waited for, said once, and is open again when it is back', async () => {
  const { source, states, notices, tell, prepare } = session()
  await prepare()
  tell({ itemId: 'first', state: 'opening' })
  tell({ itemId: 'first', state: 'open', info: INFO })
  tell({ itemId: 'first', state: 'waiting', info: INFO, code: 'camera-failed', message: 'Unplugged.' })
  tell({ itemId: 'first', state: 'waiting', info: INFO, code: 'camera-missing', message: 'No camera was found.' })
  expect(source.state).toEqual({
    ...{ state: 'waiting', spec: CAMERA, info: INFO },
    ...{ code: 'camera-missing', message: 'No camera was found.' },
  })
  tell({ itemId: 'first', state: 'open', info: INFO })
  expect(source.state).toEqual({ state: 'open', spec: CAMERA, info: INFO })
  expect(states).toEqual(['opening', 'open', 'waiting', 'waiting', 'open'])
  expect(notices).toEqual(['camera-failed', 'source-back'])
})

it('a source that does not open is shown as failed, with its words', async () => {
  const { source, notices, tell, prepare } = session()
  await prepare()
  tell({ itemId: 'first', state: 'failed', code: 'camera-busy', message: 'Another program uses it.' })
  expect(source.state).toEqual({
    state: 'failed',
    spec: CAMERA,
    code: 'camera-busy',
    message: 'Another program uses it.',
  })
  expect(notices).toEqual([])
})

it('choosing another source changes the rearmost item of the scene', async () => {
  const { source, calls, prepare } = session()
  await prepare()
  await source.open({ kind: 'demo' })
  expect(calls.find(([name]) => name === 'setScenes')?.[1]).toBeDefined()
  expect(calls.filter(([name]) => name === 'setScenes').at(-1)![1]).toMatchObject({
    scenes: [{ items: [{ id: 'first', source: { kind: 'demo' } }] }],
  })
  expect(source.state).toEqual({ state: 'open', spec: { kind: 'demo' }, info: INFO })
})
