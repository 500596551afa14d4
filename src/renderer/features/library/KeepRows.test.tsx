// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KeepState } from '@shared/ipc/keeping-schema'
import type { LiveListing } from '@shared/live/live-listing'
import { peerIdOfPublicKey } from '@shared/live/peer-id-key'
import { KEEP_NOBODY, type KeepChoice } from '@shared/storage/keep-choice'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { renderForTest } from '@/app/render-for-test'
import { useWatch } from '@/features/watch/watch-store'
import { KeepRows } from './KeepRows'
import { startLibrary } from './library-store'

const [ANNA, BEN] = [peerIdOfPublicKey(new Uint8Array(32).fill(1)), peerIdOfPublicKey(new Uint8Array(32).fill(2))]
const SHOW = `we://${ANNA}/live/bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy`
const LIVE: LiveListing = {
  ...{ url: SHOW, peerId: ANNA, title: 'Ramen from scratch', category: 'Cooking', startedAt: 0 },
  ...{ width: 1280, height: 720, own: false },
}

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>
let state: KeepState

function tell(change: Partial<KeepState>): void {
  state = { ...state, ...change }
  act(() => main.emit('keeping.changed', state))
}

beforeEach(async () => {
  state = { choice: KEEP_NOBODY, shows: [] }
  main = fakeStudioClient({ 'keeping.set': (choice: KeepChoice) => tell({ choice }) })
  vi.stubGlobal('studio', main.client)
  startLibrary(main.client)
  useWatch.setState({ lives: [] })
  page = await renderForTest(<KeepRows />)
  tell({})
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

const choose = (who: string): Promise<void> =>
  page.press(page.find<HTMLLabelElement>('label', who).querySelector('input')!)

test('the channel of a live that is on is added by a press, with its title, and taken off by another', async () => {
  await choose('Channels I choose')
  expect(page.host.textContent).toContain('No channel chosen yet')
  act(() => useWatch.setState({ lives: [LIVE, { ...LIVE, peerId: BEN, title: 'Mine', own: true }] }))
  expect(page.host.querySelector('[aria-label="Add the channel of Mine"]')).toBeNull()
  await page.press(page.find('[aria-label="Add the channel of Ramen from scratch"]'))
  expect(state.choice).toEqual({ who: 'chosen', channels: [{ peerId: ANNA, name: 'Ramen from scratch' }] })
  expect(page.host.querySelector('[aria-label="On now"]')).toBeNull()
  await page.press(page.find(`[aria-label="Take Ramen from scratch …${ANNA.slice(-8)} off"]`))
  expect(state.choice).toEqual({ who: 'chosen', channels: [] })
})

test('a pasted link or peer id is added once; anything else is refused in words', async () => {
  await choose('Channels I choose')
  const add = async (text: string): Promise<string> => {
    await page.type('input[aria-label="Add a channel"]', text)
    await page.press(page.button('Add'))
    return page.find('[role=alert]').textContent
  }
  expect(await add('https://example.org')).toContain('This is no link of a live')
  expect(await add(SHOW)).toBe('')
  expect(await add(ANNA)).toContain('in the list already')
  expect(await add(BEN)).toBe('')
  expect(state.choice.channels.map(({ peerId }) => peerId)).toEqual([ANNA, BEN])
  await choose('Nobody')
  await choose('Channels I choose')
  expect(state.choice.channels).toHaveLength(2)
})

test('what is kept now is shown with what it takes, and why it fails', async () => {
  await choose('Everybody')
  expect(page.host.textContent).toContain('None of these lives is on')
  const show = { url: SHOW, peerId: ANNA, title: 'Ramen from scratch', bytes: 12_000_000, message: '' }
  tell({ shows: [{ ...show, state: 'keeping' }] })
  expect(page.find('li').textContent).toBe('Ramen from scratch12 MB of your space so far')
  tell({ shows: [{ ...show, state: 'failed', message: 'The space for files is used up.' }] })
  expect(page.find('li').textContent).toContain('The space for files is used up. It is tried again')
})
