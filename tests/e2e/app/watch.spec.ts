import { loudness, meterSound } from './sound-meter'
import { expect, expectMovingPreview, screenshot, stat, test } from './studio-app'

test('a second person sees the live by itself and plays it with picture and sound', async ({ launch }) => {
  const creator = await launch('creator')
  await expectMovingPreview(creator.page)
  await creator.page.getByRole('textbox', { name: 'Title' }).fill('Evening talk')
  await creator.page.getByRole('button', { name: 'Go live' }).click()
  await expect(creator.page.getByRole('timer')).toBeVisible({ timeout: 30_000 })

  const viewer = await launch('viewer')
  await viewer.page.getByRole('navigation').getByText('Watch', { exact: true }).click()
  const card = viewer.page.getByRole('button', { name: 'Watch Evening talk' })
  await expect(card).toBeVisible({ timeout: 20_000 })
  await screenshot(viewer.page, 'watch-list')
  await meterSound(viewer.page)
  await card.click()

  const video = viewer.page.getByLabel('Live video')
  const position = (): Promise<number> => video.evaluate((element) => (element as HTMLVideoElement).currentTime)
  await expect.poll(position, { timeout: 30_000 }).toBeGreaterThan(1)
  const before = await position()
  await expect.poll(position, { timeout: 30_000 }).toBeGreaterThan(before + 1)

  const picture = (): Promise<string> =>
    video.evaluate((element) => {
      const canvas = new OffscreenCanvas(160, 90)
      const context = canvas.getContext('2d')!
      context.drawImage(element as HTMLVideoElement, 0, 0, 160, 90)
      const { data } = context.getImageData(0, 0, 160, 90)
      return data.reduce((hash, value) => (hash * 31 + value) | 0, 0).toString()
    })
  const first = await picture()
  await expect.poll(picture, { timeout: 30_000 }).not.toBe(first)

  // A computer that is busy with other things sends a smaller picture after some seconds.
  const width = await video.evaluate((element) => (element as HTMLVideoElement).videoWidth)
  expect([1280, 960, 640]).toContain(width)
  await expect.poll(() => loudness(viewer.page), { timeout: 30_000 }).toBeGreaterThan(0.001)
  await screenshot(viewer.page, 'watch-playing')
  await expect.poll(() => stat(creator.page, 'viewers'), { timeout: 30_000 }).toBe(1)

  await creator.page.getByRole('button', { name: 'End live' }).click()
  await creator.page.getByRole('button', { name: /End/ }).first().click()
  await expect(viewer.page.getByText(/ended/i).first()).toBeVisible({ timeout: 20_000 })
  await screenshot(viewer.page, 'watch-ended')
})

test('a link to a live that is not there fails with words', async ({ launch }) => {
  const { page } = await launch('viewer')
  await page.getByRole('navigation').getByText('Watch', { exact: true }).click()
  await page.getByRole('textbox', { name: /link/i }).fill('we://not-a-peer/live/not-a-show')
  await page.getByRole('textbox', { name: /link/i }).press('Enter')
  await expect(page.getByText('This is not the address of a live', { exact: false })).toBeVisible()
  await screenshot(page, 'watch-bad-link')
})
