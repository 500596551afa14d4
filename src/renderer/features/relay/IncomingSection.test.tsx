// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RelayState } from '@shared/ipc/studio-schema'
import { DEFAULT_RELAY } from '@shared/live/relay-choice'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { usePage } from '@/app/page-store'
import { renderForTest } from '@/app/render-for-test'
import { IncomingSection } from './IncomingSection'
import { startRelay, useRelay } from './relay-store'

const OFF: RelayState = { choice: DEFAULT_RELAY, status: { state: 'off' }, hosts: [], keys: [], show: null }
const ON: RelayState = {
  ...{ choice: { ...DEFAULT_RELAY, on: true, open: true }, hosts: ['10.0.0.7'], keys: ['desk'], show: null },
  status: { state: 'on', rtmpPort: 1935, httpPort: 8080 },
}
const NOBODY = { rtmp: 0, flv: 0, mp4: 0, hls: 0, whep: 0, we: 0 }

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>

beforeEach(() => {
  main = fakeStudioClient({
    'relay.getState': () => OFF,
    'relay.set': (choice: RelayState['choice']) => ({ ...OFF, choice }),
    'relay.makeKey': (name: string) => `secret-${name}`,
  })
  vi.stubGlobal('studio', main.client)
  usePage.setState({ page: 'settings' })
})

afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  useRelay.setState({ relay: OFF, figures: null })
})

const open = async (): Promise<void> => {
  await startRelay()
  page = await renderForTest(<IncomingSection />)
}
const say = (channel: string, payload: unknown): Promise<void> =>
  act(async () => {
    main.emit(channel, payload)
    await Promise.resolve()
  })

test('off, it says what it is for; a port that is taken is said with the way out', async () => {
  await open()
  expect(page.host.textContent).toContain('OBS, ffmpeg or a camera sends to this computer')
  expect(page.host.textContent).not.toContain('Stream key')
  const message = 'Port 8080 is in use by another program. Choose another one.'
  const choice = { ...DEFAULT_RELAY, on: true }
  await say('relay.changed', { ...OFF, choice, status: { state: 'failed', code: 'port-taken', message } })
  expect(page.find('[role=alert]').textContent).toContain('Port 8080 is in use by another program.')
  await page.press(page.button('Use free ports'))
  expect(main.callsOf('relay.set')).toEqual([{ ...choice, rtmpPort: 0, httpPort: 0 }])
})

test('a stream key is shown once and is gone when another page was in front', async () => {
  await open()
  await say('relay.changed', ON)
  expect(page.host.textContent).toContain('rtmp://10.0.0.7:1935/live')
  expect(page.host.textContent).toContain('http://10.0.0.7:8080/whip')
  await page.type('input[type=text]', 'desk')
  await page.press(page.button('Replace the key'))
  expect(main.callsOf('relay.makeKey')).toEqual(['desk'])
  expect(page.host.textContent).toContain('secret-desk')
  await act(async () => {
    usePage.setState({ page: 'studio' })
    await Promise.resolve()
  })
  expect(page.host.textContent).not.toContain('secret-desk')
})

test('lives on the relay are listed with who watches; figures go with the relay', async () => {
  await open()
  await say('relay.changed', ON)
  expect(page.host.textContent).toContain('Nothing yet.')
  const live = { name: 'desk', title: 'desk', sending: true, startedAt: 1, bitsPerSecond: 2_500_000 }
  const lives = [{ ...live, readers: { ...NOBODY, mp4: 2, hls: 1, whep: 1 } }]
  await say('relay.figures', { lives, bytesIn: 1, bytesOut: NOBODY })
  expect(page.find('.incoming').textContent).toContain('http://10.0.0.7:8080/whep/desk')
  expect(page.find('.incoming').textContent).toContain('Live · 2.5 Mbps · 4 watching')
  await say('relay.changed', OFF)
  expect(useRelay.getState().figures).toBeNull()
})
