// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { UploadLimit } from './UploadLimit'
import { useUplink } from './uplink-store'

let page: Awaited<ReturnType<typeof renderForTest>>
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  useUplink.setState({ room: null })
})

const press = (element: Element): Promise<void> =>
  act(async () => {
    ;(element as HTMLElement).click()
    await settled()
  })

test('a person limits the upload, sees what her live takes of it, and lifts the limit again', async () => {
  const main = fakeStudioClient({ 'network.getUplink': () => ({ limitKbps: 0, needKbps: 0, leftKbps: null }) })
  vi.stubGlobal('studio', main.client)
  page = await renderForTest(<UploadLimit />)
  await act(settled)
  const toggle = document.querySelector('[role=switch]')!
  expect(toggle.getAttribute('aria-checked')).toBe('false')
  expect(document.body.textContent).toContain('No limit')
  await press(toggle)
  expect(document.body.textContent).toContain('At most 10 Mbps, all together.')
  act(() => main.emit('network.uplinkChanged', { limitKbps: 3_000, needKbps: 4_140, leftKbps: 0 }))
  expect(document.querySelector('input')!.value).toBe('3')
  expect(document.body.textContent).toContain('Your live needs 4.1 Mbps by itself and gets it. Nothing else is given')
  await press(toggle)
  expect(main.callsOf('network.setUplink')).toEqual([10_000, 0])
})
