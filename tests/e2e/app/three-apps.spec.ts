import type { RelayState } from '@shared/ipc/studio-schema'
import type { RelayChoice } from '@shared/live/relay-choice'
import type { Page } from '@playwright/test'
import { expect, expectMovingPreview, screenshot, stat, test } from './studio-app'

const OPEN: RelayChoice = {
  ...{ on: true, open: true, rtmpPort: 0, httpPort: 0, record: false, smallerCopy: false },
}

const choose = (page: Page, choice: RelayChoice): Promise<RelayState> =>
  page.evaluate((wanted) => window.studio.relay.set(wanted), choice)

async function goLive(page: Page): Promise<void> {
  await expectMovingPreview(page)
  await page.evaluate(() => window.studio.encode.set({ quality: 'saver', encoder: 'software' }))
  // three copies share the cores of one test machine
  await page.getByRole('radio', { name: 'Off', exact: true }).first().check({ force: true })
  await page.getByRole('textbox', { name: 'Title' }).fill('Three of us')
  await page.getByRole('button', { name: 'Go live' }).click()
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 15_000 })
}

/** A hash of what the <video> shows; empty before the first picture. */
async function shown(page: Page): Promise<string> {
  const video = page.locator('video')
  if ((await video.count()) === 0) return ''
  return video.first().evaluate((element) => {
    if ((element as HTMLVideoElement).videoWidth === 0) return ''
    const context = new OffscreenCanvas(160, 90).getContext('2d')!
    context.drawImage(element as HTMLVideoElement, 0, 0, 160, 90)
    const { data } = context.getImageData(0, 0, 160, 90)
    return data.reduce((hash, value) => (hash * 31 + value) | 0, 0).toString()
  })
}

/** Pictures that change. */
async function expectMoving(page: Page, timeout = 30_000): Promise<void> {
  await expect.poll(() => shown(page), { timeout }).not.toBe('')
  const first = await shown(page)
  await expect.poll(() => shown(page), { timeout: 10_000 }).not.toBe(first)
}

const watchPage = (page: Page): Promise<void> =>
  page.getByRole('navigation').getByText('Watch', { exact: true }).click()

test('three apps: the pictures go on, or come back by themselves, when a viewer, the relay or the broadcaster is gone for a while', async ({
  launch,
}) => {
  test.setTimeout(240_000)
  let creator = await launch('creator')
  const { status } = await choose(creator.page, OPEN)
  expect(status.state).toBe('on')
  await goLive(creator.page)
  const { choice } = await creator.page.evaluate(() => window.studio.relay.getState())
  const flv = `http://127.0.0.1:${choice.httpPort}/live/three-of-us.flv`

  const byPeers = await launch('anna')
  await watchPage(byPeers.page)
  await byPeers.page.getByRole('button', { name: 'Watch Three of us' }).click({ timeout: 20_000 })
  const byRelay = await launch('ben')
  await watchPage(byRelay.page)
  await byRelay.page.getByRole('textbox', { name: /link/i }).fill(flv)
  await byRelay.page.getByRole('textbox', { name: /link/i }).press('Enter')
  await Promise.all([expectMoving(byPeers.page), expectMoving(byRelay.page)])
  await byPeers.page.keyboard.press('s')
  await expect(byPeers.page.locator('[data-stat="from-relay"]')).toHaveText(/\(/, { timeout: 10_000 })
  await screenshot(byPeers.page, 'three-watching-by-peers')
  await screenshot(byRelay.page, 'three-watching-by-relay')

  // the relay goes off and on again
  await choose(creator.page, { ...choice, on: false })
  await expect(byRelay.page.getByText('It broke off. Connecting again…')).toBeVisible({ timeout: 15_000 })
  await screenshot(byRelay.page, 'three-relay-off')
  await expectMoving(byPeers.page)
  await choose(creator.page, choice)
  await expectMoving(byRelay.page)
  await expect(byRelay.page.getByText('It broke off. Connecting again…')).toBeHidden({ timeout: 15_000 })

  // the broadcaster's app is killed, started again, and goes live again
  process.kill(creator.pid, 'SIGKILL')
  await expect(byPeers.page.getByText('The broadcaster is gone for now')).toBeVisible({ timeout: 20_000 })
  await screenshot(byPeers.page, 'three-broadcaster-gone')
  creator = await launch('creator')
  await goLive(creator.page)
  await Promise.all([expectMoving(byPeers.page), expectMoving(byRelay.page)])
  await screenshot(byPeers.page, 'three-back')

  // a viewer is killed
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 15_000 }).toBe(1)
  process.kill(byPeers.pid, 'SIGKILL')
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 15_000 }).toBe(0)
  await expectMoving(byRelay.page)
  await creator.page.getByRole('button', { name: 'Also on' }).click()
  await creator.page.getByRole('region', { name: 'Watch in any browser' }).scrollIntoViewIfNeeded()
  await expect(creator.page.locator('[data-bytes="flv"]')).not.toHaveText('0 bytes')
  await screenshot(creator.page, 'three-destinations')
})
