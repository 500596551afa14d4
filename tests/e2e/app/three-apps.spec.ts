import type { RelayChoice } from '@shared/live/relay-choice'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { expect, expectMovingPreview, screenshot, stat, test, type StudioApp } from './studio-app'

const OPEN: RelayChoice = {
  ...{ on: true, open: true, rtmpPort: 0, httpPort: 0, record: false, smallerCopy: false },
}
const STILL = join(import.meta.dirname, '../../../resources/icon.png')

const setRelay = (page: Page, choice: RelayChoice): Promise<number> =>
  page.evaluate(async (wanted) => (await window.studio.relay.set(wanted)).choice.httpPort, choice)

/** Three copies share two cores: a small picture, no retouch, no recording. */
async function goLive({ page }: StudioApp): Promise<void> {
  await expectMovingPreview(page)
  await page.evaluate(async () => {
    const { studio } = window
    const { beauty } = await studio.settings.get()
    await studio.beauty.set({ ...beauty, enabled: false })
    await studio.encode.set({ quality: 'saver', encoder: 'software' })
    await studio.settings.set({ record: false })
  })
  await page.getByRole('textbox', { name: 'Title' }).fill('Three of us')
  await page.getByRole('button', { name: 'Go live' }).click()
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
}

async function watch({ page }: StudioApp): Promise<void> {
  // who watches needs no presenter of its own, which would take a third of the machine
  const still = (): Promise<boolean> =>
    page.evaluate(
      (path) =>
        window.studio.source.open({ kind: 'picture', path }).then(
          () => true,
          () => false,
        ),
      STILL,
    )
  await expect.poll(still, { intervals: [200] }).toBe(true)
  await page.getByRole('navigation').getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('button', { name: 'Watch Three of us' }).click({ timeout: 40_000 })
  await expectMoving(page)
  await page.keyboard.press('s')
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
  const look = { timeout, intervals: [200] }
  await expect.poll(() => shown(page), look).not.toBe('')
  const first = await shown(page)
  await expect.poll(() => shown(page), look).not.toBe(first)
}

/** Bytes in a row of the figures. */
async function bytesOf({ page }: StudioApp, name: string): Promise<number> {
  const text = await page.locator(`[data-stat="${name}"]`).innerText()
  const [, amount, unit] = /^([\d.]+) (B|KB|MB|GB)/i.exec(text) ?? []
  const units: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }
  return Number(amount) * (units[unit?.toUpperCase() ?? ''] ?? NaN)
}

test('three apps: the show goes on for the others when a viewer, the relay or the broadcaster is gone for a while', async ({
  launch,
}) => {
  test.setTimeout(150_000)
  const names = ['creator', 'anna', 'ben']
  const [first, anna, ben] = (await Promise.all(names.map((name) => launch(name)))) as [StudioApp, StudioApp, StudioApp]
  let creator = first
  const httpPort = await setRelay(creator.page, OPEN)
  const flv = `http://127.0.0.1:${httpPort}/live/three-of-us.flv`
  await Promise.all([goLive(creator), watch(anna), watch(ben)])
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 30_000 }).toBe(2)
  await screenshot(anna.page, 'three-watching')

  // a relay run by somebody gets the show too; here it is the very same one, under another name
  await creator.page.evaluate(async (port) => {
    const key = await window.studio.relay.makeKey('guest')
    await window.studio.relay.setForeign({ address: `http://127.0.0.1:${port}/live/guest.we`, key, enabled: true })
  }, httpPort)
  const foreign = (): Promise<string> =>
    creator.page.evaluate(async () => (await window.studio.relay.getForeign()).state)
  await expect.poll(foreign).toBe('sending')
  expect((await fetch(`http://127.0.0.1:${httpPort}/live/guest.we`, { method: 'HEAD' })).status).toBe(200)

  // the relay goes and comes back: peers do not need it
  await setRelay(creator.page, { ...OPEN, on: false })
  await Promise.all([expectMoving(anna.page), expectMoving(ben.page)])
  await expect(fetch(flv)).rejects.toThrow()
  await expect.poll(foreign).toBe('failed')
  await setRelay(creator.page, { ...OPEN, httpPort })
  await expect.poll(async () => (await fetch(flv, { method: 'HEAD' })).status).toBe(200)
  await expect.poll(foreign).toBe('sending')

  // of two viewers one is served by the other; who serves is killed
  let [given, taken] = [0, 0]
  const most = async (): Promise<number> => {
    ;[given, taken] = await Promise.all([bytesOf(anna, 'served'), bytesOf(ben, 'served')])
    return Math.max(given, taken)
  }
  await expect.poll(most, { timeout: 20_000 }).toBeGreaterThan(100_000)
  const [inner, outer] = given > taken ? [anna, ben] : [ben, anna]
  // what one says it gave the other says it got, be it after the same from a relay
  const [served, got, twice] = await Promise.all([
    bytesOf(inner, 'served'),
    bytesOf(outer, 'from-viewers'),
    bytesOf(outer, 'twice'),
  ])
  expect((got + twice) / served).toBeGreaterThan(0.6)
  expect(got / served).toBeLessThan(1.4)
  process.kill(inner.pid, 'SIGKILL')
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 30_000 }).toBe(1)
  await expectMoving(outer.page)
  await screenshot(outer.page, 'three-one-gone')

  // the broadcaster's app is killed, started again, and goes live again
  process.kill(creator.pid, 'SIGKILL')
  creator = await launch('creator')
  await goLive(creator)
  await expect(outer.page.getByText(/gone for now/)).toBeHidden({ timeout: 20_000 })
  await expectMoving(outer.page)
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 30_000 }).toBe(1)
  expect((await fetch(flv, { method: 'HEAD' })).status).toBe(200)
  await screenshot(outer.page, 'three-back')
})
