// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import type { ForeignRelayState } from '@shared/live/foreign-relay'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest, settled } from '@/app/render-for-test'
import { ForeignRelaySection } from './ForeignRelaySection'
import { useForeignRelay } from './foreign-relay-store'

const NONE: ForeignRelayState = { relay: null, hasKey: false, state: 'none', message: '' }
const url = 'https://relay.example.org/live/evening.we'
let page: Awaited<ReturnType<typeof renderForTest>>
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
  useForeignRelay.setState({ foreign: NONE })
})

const type = (label: string, text: string): void => {
  const id = [...document.querySelectorAll('label')].find(({ textContent }) => textContent === label)!.htmlFor
  const input = document.getElementById(id) as HTMLInputElement
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, text)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
const submit = (): Promise<void> =>
  act(async () => {
    document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await settled()
  })

test('a person enters a relay, reads what is wrong with it, keeps it, and sees how it goes', async () => {
  let isKnown = false
  const main = fakeStudioClient({
    'relay.getForeign': () => NONE,
    'relay.setForeign': (): ForeignRelayState => {
      if (!isKnown) throw new Error('The relay does not know this stream key for this name.')
      return { relay: { url, enabled: true }, hasKey: true, state: 'ready', message: '' }
    },
  })
  vi.stubGlobal('studio', main.client)
  page = await renderForTest(<ForeignRelaySection />)
  await act(settled)
  await submit()
  expect(document.querySelector('[role=alert]')!.textContent).toContain('no place at a relay')
  type('Address', 'http://relay.example.org/watch/evening')
  expect(document.body.textContent).toContain('not encrypted')
  type('Address', 'https://relay.example.org/watch/evening')
  type('Stream key', 'secret')
  await submit()
  expect(document.querySelector('[role=alert]')!.textContent).toContain('does not know this stream key')
  isKnown = true
  await submit()
  expect(main.callsOf('relay.setForeign').at(-1)).toMatchObject({ key: 'secret', enabled: true })
  expect(document.body.textContent).toContain('Your next live goes there too.')
  expect(document.body.innerHTML).not.toContain('secret')
  act(() =>
    main.emit('relay.foreignChanged', {
      ...{ relay: { url, enabled: true }, hasKey: true, state: 'failed', message: 'The relay does not answer.' },
    }),
  )
  expect(document.body.textContent).toContain('The relay does not answer. Trying again by itself.')
})
