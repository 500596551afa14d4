import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MediaService } from '@shared/engines/media-service'
import { StudioError } from '@shared/errors'
import { DEFAULT_SETTINGS, type SourceState } from '@shared/ipc/studio-schema'
import type { SourceInfo } from '@shared/media/source-spec'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import { SourceSession } from './source-session'

const CAMERA = { kind: 'camera', device: '/dev/video0' } as const
const INFO: SourceInfo = { label: 'Webcam', width: 1280, height: 720, fps: 30, hasAudio: true }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A session over an engine whose answer to `openSource` the test decides. */
function session() {
  const listeners = new Map<string, (payload: unknown) => void>()
  const opens: unknown[] = []
  const engine = { answer: (): Promise<SourceInfo> => Promise.resolve(INFO) }
  const client = {
    call: (name: string, input: unknown): Promise<unknown> => {
      if (name !== 'openSource') return Promise.resolve()
      opens.push(input)
      return engine.answer()
    },
    on: (name: string, listener: (payload: unknown) => void) => void listeners.set(name, listener),
  }
  const host = { client, ready: () => Promise.resolve(client) } as unknown as EngineHost<MediaService>
  const settings = { value: { ...DEFAULT_SETTINGS }, set: () => undefined } as unknown as SettingsFile
  const states: SourceState['state'][] = []
  const notices: string[] = []
  const notify = ((group: string, _name: string, payload: { state: SourceState['state']; code: string }) => {
    if (group === 'source') states.push(payload.state)
    else notices.push(payload.code)
  }) as unknown as Notifier
  const source = new SourceSession(host, settings, notify)
  const emit = (name: string, payload: unknown): void => listeners.get(name)?.(payload)
  const prepare = (): Promise<void> => source.prepare(client as never, false)
  return { source, engine, opens, states, notices, emit, prepare }
}

const refuse = (code: string) => (): Promise<SourceInfo> => Promise.reject(new StudioError(code, 'No.'))

it('a camera that is missing is tried again, more and more rarely, until it is there', async () => {
  const { source, engine, opens, states } = session()
  engine.answer = refuse('camera-missing')
  await expect(source.open(CAMERA)).rejects.toThrow('No.')
  await vi.advanceTimersByTimeAsync(2000)
  expect(opens).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(3000)
  expect(opens).toHaveLength(3)
  engine.answer = () => Promise.resolve(INFO)
  await vi.advanceTimersByTimeAsync(4500)
  expect(source.state).toEqual({ state: 'open', spec: CAMERA, info: INFO })
  expect(states).toEqual(['opening', 'failed', 'failed', 'failed', 'open'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(opens).toHaveLength(4)
})

it('what the person chooses meanwhile ends the trying, and a broken file is not tried again', async () => {
  const { source, engine, opens } = session()
  engine.answer = refuse('camera-busy')
  await expect(source.open(CAMERA)).rejects.toThrow()
  engine.answer = refuse('not-a-video')
  await expect(source.open({ kind: 'file', path: '/x.mp4', loop: true })).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(opens).toHaveLength(2)
})

it('a camera that goes away is waited for, said once, and is open again when it is back', async () => {
  const { source, emit, notices, prepare } = session()
  await prepare()
  await source.open(CAMERA)
  emit('sourceAway', { code: 'camera-failed', message: 'Unplugged.' })
  emit('sourceAway', { code: 'camera-missing', message: 'No camera was found.' })
  expect(source.state).toEqual({
    ...{ state: 'waiting', spec: CAMERA, info: INFO },
    ...{ code: 'camera-missing', message: 'No camera was found.' },
  })
  emit('sourceBack', null)
  expect(source.state).toEqual({ state: 'open', spec: CAMERA, info: INFO })
  expect(notices).toEqual(['camera-failed', 'source-back'])
})
