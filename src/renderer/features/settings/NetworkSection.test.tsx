// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { PUBLIC_NETWORK_OFF, type PublicNetworkState } from '@shared/network/public-network'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { NetworkSection } from './NetworkSection'
import { usePublicNetwork } from './public-network-store'

const OFF: PublicNetworkState = {
  ...{ wanted: PUBLIC_NETWORK_OFF, state: 'off', message: '' },
  ...{ nodes: 0, announced: 0, toAnnounce: 0 },
}
let page: Awaited<ReturnType<typeof renderForTest>>
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  usePublicNetwork.setState({ network: null })
})

test('the switch is off, says what it means, and while live that it waits', async () => {
  const main = fakeStudioClient({
    'network.getPublic': () => OFF,
    'network.getUplink': () => ({ limitKbps: 0, needKbps: 0, leftKbps: null }),
  })
  vi.stubGlobal('studio', main.client)
  page = await renderForTest(<NetworkSection />)
  await act(settled)
  const toggle = [...document.querySelectorAll<HTMLElement>('[role=switch]')].at(-1)!
  expect(toggle.getAttribute('aria-checked')).toBe('false')
  expect(document.body.textContent).toContain('Your internet address becomes visible to strangers')
  await act(async () => {
    toggle.click()
    await settled()
  })
  expect(main.callsOf('network.setPublic')).toEqual([{ enabled: true, bootstrap: [] }])
  const wanted = { enabled: true, bootstrap: [] }
  act(() => main.emit('network.publicChanged', { ...OFF, wanted, state: 'waiting' }))
  expect(document.body.textContent).toContain('waits until your live')
  act(() => main.emit('network.publicChanged', { ...OFF, wanted, state: 'on', nodes: 20, announced: 2, toAnnounce: 3 }))
  expect(document.body.textContent).toContain('20 computers of the public network known, 2 of 3 pinned files announced')
})
