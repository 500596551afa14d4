// @vitest-environment happy-dom
import type { LiveListing } from '@shared/live/live-listing'
import { act } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeStudioClient } from '@/app/fake-studio-client'
import { usePage } from '@/app/page-store'
import { renderForTest } from '@/app/render-for-test'
import { startWatch } from './watch-store'
import { WatchPage } from './WatchPage'

function listing(change: Partial<LiveListing>): LiveListing {
  return {
    url: 'we://peer/live/cid',
    peerId: 'peer',
    title: 'Ramen from scratch',
    category: 'Cooking',
    startedAt: Date.now() - 12.5 * 60_000,
    width: 1280,
    height: 720,
    own: false,
    ...change,
  }
}

let page: Awaited<ReturnType<typeof renderForTest>>
let main: ReturnType<typeof fakeStudioClient>
let refuse = false

beforeEach(async () => {
  refuse = false
  main = fakeStudioClient({
    'watch.listLives': () => [],
    'watch.getState': () => ({ state: 'idle' }),
    'watch.open': (url: string) => {
      if (refuse) throw Object.assign(new Error('That is no we:// link.'), { code: 'bad-link' })
      return { state: 'connecting', url }
    },
    'watch.close': () => undefined,
  })
  vi.stubGlobal('studio', main.client)
  await startWatch(main.client)
  page = await renderForTest(<WatchPage visible />)
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

const cards = (): (string | null)[] =>
  [...page.host.querySelectorAll('button.live-card')].map((card) => card.getAttribute('aria-label'))

test('with no lives it teaches what to do, and a pasted link opens', async () => {
  expect(page.host.textContent).toContain('No one is live nearby yet')
  expect(page.button('Open link').disabled).toBe(true)
  await page.type('input[aria-label="Link of a live or a video"]', '  we://far/live/away ')
  await page.press(page.button('Open link'))
  expect(main.callsOf('watch.open')).toEqual(['we://far/live/away'])
  expect(page.host.textContent).toContain('Looking for this live')
})

test('lives appear and go by themselves; own ones are marked', () => {
  act(() =>
    main.emit('watch.livesChanged', [listing({}), listing({ url: 'we://me/live/1', title: 'Mine', own: true })]),
  )
  expect(cards()).toEqual(['Watch Ramen from scratch', 'Watch Mine in the studio'])
  expect(page.host.textContent).toContain('Cooking · 12 min · 720p')
  expect(page.host.querySelectorAll('.live-card__own')).toHaveLength(1)
  act(() => main.emit('watch.livesChanged', []))
  expect(cards()).toEqual([])
  expect(page.host.textContent).toContain('No one is live nearby yet')
})

test('a card opens its live, and Back leaves it', async () => {
  act(() => main.emit('watch.livesChanged', [listing({})]))
  await page.press(page.find('button.live-card'))
  expect(main.callsOf('watch.open')).toEqual(['we://peer/live/cid'])
  expect(page.host.textContent).toContain('Opening Ramen from scratch')
  await page.press(page.button('Back to lives'))
  expect(main.callsOf('watch.close')).toHaveLength(1)
  expect(cards()).toEqual(['Watch Ramen from scratch'])
})

test('a live that cannot be played says why and offers the ways out', async () => {
  refuse = true
  await page.type('input[aria-label="Link of a live or a video"]', 'http://nonsense')
  await page.press(page.button('Open link'))
  expect(page.find('[role=alert]').textContent).toContain('That is no we:// link.')
  refuse = false
  await page.press(page.button('Try again'))
  expect(main.callsOf('watch.open')).toHaveLength(2)
  act(() => main.emit('watch.changed', { state: 'ended', url: 'we://x', message: 'The show is over.', awaited: false }))
  expect(page.host.textContent).toContain('The show is over.')
})

test('an own live is seen in the studio', async () => {
  usePage.setState({ page: 'watch' })
  act(() => main.emit('watch.livesChanged', [listing({ own: true })]))
  await page.press(page.find('button.live-card'))
  expect(usePage.getState().page).toBe('studio')
  expect(main.callsOf('watch.open')).toEqual([])
})
