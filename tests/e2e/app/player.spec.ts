import type { Page } from '@playwright/test'
import { expect, expectMovingPreview, screenshot, test, type StudioApp } from './studio-app'

async function text(page: Page, name: string): Promise<string> {
  return page.locator(`[data-stat="${name}"]`).innerText()
}

/** `640 ms` and `1.2 s` in milliseconds. */
async function milliseconds(page: Page, name: string): Promise<number> {
  const [, value, unit] = /([\d.]+) (ms|s)\b/.exec(await text(page, name)) ?? []
  return Number(value) * (unit === 's' ? 1000 : 1)
}

/** A hash of what the <video> shows. */
function picture(page: Page): Promise<string> {
  return page.getByLabel('Live video').evaluate((element) => {
    const canvas = new OffscreenCanvas(160, 90)
    const context = canvas.getContext('2d')!
    context.drawImage(element as HTMLVideoElement, 0, 0, 160, 90)
    const { data } = context.getImageData(0, 0, 160, 90)
    return data.reduce((hash, value) => (hash * 31 + value) | 0, 0).toString()
  })
}

async function expectMoving(page: Page): Promise<void> {
  const first = await picture(page)
  await expect.poll(() => picture(page), { timeout: 5000 }).not.toBe(first)
}

async function watch(launch: (name: string) => Promise<StudioApp>): Promise<Page> {
  const creator = await launch('creator')
  await expectMovingPreview(creator.page)
  await creator.page.getByRole('textbox', { name: 'Title' }).fill('Evening talk')
  await creator.page.getByRole('button', { name: 'Go live' }).click()
  await expect(creator.page.getByRole('timer')).toBeVisible({ timeout: 15_000 })
  const { page } = await launch('viewer')
  await page.getByRole('navigation').getByText('Watch', { exact: true }).click()
  await page.getByRole('button', { name: 'Watch Evening talk' }).click({ timeout: 30_000 })
  return page
}

test('a live is decoded in the window, falls back to HLS within two seconds and comes back', async ({ launch }) => {
  const page = await watch(launch)
  await expect(page.getByLabel('Live video')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('Waiting for the first picture…')).toBeHidden({ timeout: 30_000 })
  await page.keyboard.press('s')
  await expect.poll(() => text(page, 'rung'), { timeout: 10_000 }).toMatch(/WebCodecs/)
  await expectMoving(page)
  await page.waitForTimeout(8000)
  await screenshot(page, 'player-direct')
  const delay = await milliseconds(page, 'player-delay')
  const figures = ['player-delay', 'buffer', 'stalled', 'frames']
  for (const name of figures) console.log(name, await text(page, name))
  expect(delay).toBeLessThan(2500)

  // Its decoder breaks, whatever it is given.
  await page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- is put back where it was
    const real = VideoDecoder.prototype.decode
    Object.assign(window, { repairDecoder: () => (VideoDecoder.prototype.decode = real) })
    VideoDecoder.prototype.decode = () => {
      throw new Error('broken by the test')
    }
  })
  const broken = Date.now()
  await expect.poll(() => text(page, 'rung'), { timeout: 5000, intervals: [50] }).toMatch(/HLS/)
  const position = (): Promise<number> =>
    page.getByLabel('Live video').evaluate((video) => (video as HTMLVideoElement).currentTime)
  await expect
    .poll(
      () =>
        page
          .getByLabel('Live video')
          .evaluate((video) => (video as HTMLVideoElement).readyState >= 3 && !(video as HTMLVideoElement).srcObject),
      { timeout: 10_000, intervals: [50] },
    )
    .toBe(true)
  console.log('HLS plays after', Date.now() - broken, 'ms')
  const before = await position()
  await expect.poll(position).toBeGreaterThan(before + 0.5)
  await screenshot(page, 'player-fallback')

  await page.evaluate(() => (window as unknown as { repairDecoder: () => void }).repairDecoder())
  await expect.poll(() => text(page, 'rung'), { timeout: 45_000 }).toMatch(/WebCodecs/)
  await expectMoving(page)
})
