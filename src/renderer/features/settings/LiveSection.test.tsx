// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { LiveSection } from './LiveSection'
import { useSettings } from './settings-store'

let page: Awaited<ReturnType<typeof renderForTest>>
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  useSettings.setState({ settings: DEFAULT_SETTINGS })
})

const radio = (label: string): HTMLInputElement => {
  const found = [...document.querySelectorAll('label')].find(({ textContent }) => textContent === label)
  return found!.querySelector('input')!
}

test('a person chooses the quality and the encoder; both count at once', async () => {
  const main = fakeStudioClient({ 'encode.set': () => undefined, 'settings.set': () => DEFAULT_SETTINGS })
  vi.stubGlobal('studio', main.client)
  page = await renderForTest(<LiveSection />)
  expect(radio('Balanced').checked).toBe(true)
  expect(document.body.textContent).toContain('Up to 3.5 Mbps')

  await act(async () => {
    radio('High').click()
    await settled()
  })
  expect(main.callsOf('encode.set')).toEqual([{ quality: 'high', encoder: 'auto' }])
  expect(document.body.textContent).toContain('Up to 6.0 Mbps')

  await act(async () => {
    radio('Software').click()
    await settled()
  })
  expect(main.callsOf('encode.set').at(-1)).toEqual({ quality: 'high', encoder: 'software' })
})
