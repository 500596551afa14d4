import type { Page } from '@playwright/test'
import { descendants, expect, expectMovingPreview, oneApp, screenshot, stat, test } from './studio-app'

/** Two cameras and three microphones that Chromium draws itself: a pie that turns, and a beep each second. */
const FAKE = ['--use-fake-device-for-media-stream']

test('a camera that only the browser knows is shown, moves at about 30 pictures a second, and its beep is heard', async ({
  launch,
}) => {
  const { page } = await launch('creator', ...FAKE)
  const camera = page.getByRole('group', { name: 'Cameras' }).getByRole('radio').first()
  await expect(camera).toBeVisible()
  await camera.check()
  await expect(page.locator('.stage__chip--name')).toContainText('(browser)', { timeout: 20_000 })
  await expect(page.locator('.stage__message')).toHaveCount(0)
  await expectMovingPreview(page)
  // The fake camera is green with a turning pie; the demo presenter has nothing like it.
  await expect.poll(() => greenShare(page)).toBeGreaterThan(0.3)
  await expect.poll(() => stat(page, 'fps'), { timeout: 60_000 }).toBeGreaterThan(26)
  const state = await page.evaluate(() => window.studio.source.getState())
  expect(state).toMatchObject({ state: 'open', spec: { kind: 'browser' }, info: { hasAudio: true } })
  await expect.poll(() => loudest(page, 4000), { timeout: 40_000 }).toBeGreaterThan(-40)
  await screenshot(page, 'sources-browser-camera')

  // Without sound, and remembered.
  await page.getByLabel('Microphone').selectOption('none')
  await expect
    .poll(() => page.evaluate(() => window.studio.source.getState()), { timeout: 20_000 })
    .toMatchObject({ state: 'open', spec: { kind: 'browser', audio: null }, info: { hasAudio: false } })
  await expect.poll(() => loudest(page, 2500), { timeout: 40_000 }).toBeLessThan(-90)
})

test.describe('the screen', () => {
  const creator = oneApp('creator')

  test('the screen is found by name and seen, and so is a picture', async () => {
    const { app, page, pid } = creator()
    const screen = page.getByRole('group', { name: 'Screen and windows' }).getByRole('radio').first()
    await screen.check()
    await expect(page.locator('.stage__chip--name')).toContainText('Screen', { timeout: 20_000 })
    await expect(page.locator('.stage__message')).toHaveCount(0)
    await expect.poll(() => stat(page, 'fps'), { timeout: 60_000 }).toBeGreaterThan(26)
    await screenshot(page, 'sources-screen')

    // Its program is killed: it comes back by itself.
    const capture = descendants(pid).find(({ command }) => command.includes('x11grab'))
    process.kill(capture!.pid, 'SIGKILL')
    await expect(page.getByText(/is back\.$/)).toBeVisible()
    await expect(page.locator('.stage__message')).toHaveCount(0)
    expect(await page.evaluate(() => window.studio.source.getState())).toMatchObject({ state: 'open' })

    const picture = `${process.cwd()}/build/icon.png`
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, picture)
    await page.getByRole('button', { name: 'Picture…' }).click()
    await expect(page.getByRole('radio', { name: 'icon.png' })).toBeChecked()
    await expect(page.locator('.stage__message')).toHaveCount(0)
    await screenshot(page, 'sources-picture')
  })

  test('a screen can be captured by the window too, where nobody else can', async () => {
    const { app, page } = creator()
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible()
    const id = await app.evaluate(async ({ desktopCapturer }) => {
      const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: 0, height: 0 } })
      return sources[0]!.id
    })
    const info = await page.evaluate(
      (video) => window.studio.source.open({ kind: 'browser', video, audio: null, label: 'Desk' }),
      id,
    )
    expect(info).toMatchObject({ label: 'Desk', hasAudio: false })
    await expect(page.locator('.stage__message')).toHaveCount(0)
    await expectMovingPreview(page)
    await screenshot(page, 'sources-browser-screen')
  })
})

/** Share of the preview's pixels that are clearly green. */
function greenShare(page: Page): Promise<number> {
  return page.getByLabel('Preview').evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const pixels = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data
    let green = 0
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 1]! > 100 && pixels[at + 1]! > pixels[at]! + 50 && pixels[at + 1]! > pixels[at + 2]! + 50) green++
    }
    return green / (pixels.length / 4)
  })
}

/** The highest level of the sound within some time, dBFS. */
function loudest(page: Page, ms: number): Promise<number> {
  return page.evaluate(
    (duration) =>
      new Promise<number>((resolve) => {
        let peak = -100
        const stop = window.studio.live.stats(({ media }) => (peak = Math.max(peak, media.audioPeakDb)))
        setTimeout(() => {
          stop()
          resolve(peak)
        }, duration)
      }),
    ms,
  )
}
