import type { Page } from '@playwright/test'
import { expect, expectMovingPreview, oneApp, screenshot, test } from './studio-app'

const creator = oneApp('creator')

/** Mean red, green and blue of a part of the preview, shares of its size. */
function colourAt(page: Page, x: number, y: number, width: number, height: number): Promise<number[]> {
  return page.getByLabel('Preview').evaluate(
    (element, [left, top, across, down]) => {
      const canvas = element as HTMLCanvasElement
      const box = [canvas.width * left!, canvas.height * top!, canvas.width * across!, canvas.height * down!]
      const [bx, by, bw, bh] = box.map(Math.round) as [number, number, number, number]
      const { data } = canvas.getContext('2d')!.getImageData(bx, by, bw, bh)
      return [0, 1, 2].map((part) => {
        let sum = 0
        for (let at = part; at < data.length; at += 4) sum += data[at] ?? 0
        return sum / (data.length / 4)
      })
    },
    [x, y, width, height],
  )
}

test('a second source is arranged by hand and by keys, in a scene of its own', async () => {
  test.setTimeout(150_000)
  const { page } = creator()
  await expectMovingPreview(page)
  await page.getByRole('button', { name: 'New scene from this one' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Demo presenter' }).click()
  const box = page.locator('.stage-handles__box')
  await expect(box).toBeVisible()
  await page.waitForTimeout(2500)
  await screenshot(page, 'studio-scene')

  const before = (await box.boundingBox())!
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2)
  await page.mouse.down()
  await page.mouse.move(before.x - 100, before.y + before.height, { steps: 8 })
  await page.mouse.up()
  const moved = (await box.boundingBox())!
  expect(moved.x).toBeLessThan(before.x - 50)
  expect(moved.width).toBeCloseTo(before.width, 0)
  await box.focus()
  await page.keyboard.press('ArrowRight')
  expect((await box.boundingBox())!.x).toBeGreaterThan(moved.x)
  // What was arranged reaches the engine: it is in the settings that main keeps.
  await expect
    .poll(async () => {
      const { scenes, currentId } = await page.evaluate(() => window.studio.scenes.get())
      return scenes.find(({ id }) => id === currentId)!.items[1]!.place.x
    })
    .toBeLessThan(0.6)

  await page.getByRole('tab', { name: 'Sound' }).click()
  await page.waitForTimeout(600)
  await screenshot(page, 'studio-sound')
  await page.keyboard.press('Control+1')
  await expect(page.getByRole('radio', { name: 'Main' })).toBeChecked()
  await expect.poll(() => page.evaluate(async () => (await window.studio.scenes.getState()).shownId)).toBe('main')
  await expectMovingPreview(page)
})

test('make-up, a sticker and a background are put on and taken back by keys', async () => {
  test.setTimeout(150_000)
  const { page } = creator()
  await expectMovingPreview(page)
  await page.getByRole('tab', { name: 'Make-up' }).click()
  await page.getByRole('radio', { name: 'Lipstick colour 3' }).click()
  await page.getByRole('slider', { name: 'Lipstick' }).press('End')
  await page.getByRole('slider', { name: 'Eye shadow' }).press('End')
  await page.waitForTimeout(800)
  await screenshot(page, 'studio-makeup')

  await page.getByRole('tab', { name: 'Effects' }).click()
  await expect.poll(() => page.locator('.looks canvas').count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(16)
  await page.getByRole('checkbox', { name: 'Sunglasses' }).click()
  await page.waitForTimeout(1000) // steps of the history are apart by 0.7 s
  await page.getByRole('radio', { name: 'Colour' }).click()
  await page.getByRole('radio', { name: 'Background colour 2' }).click()
  // The wall of the demo is brown; the chosen colour is blue.
  await expect
    .poll(async () => {
      const [red, , blue] = await colourAt(page, 0.02, 0.4, 0.06, 0.2)
      return blue! - red!
    })
    .toBeGreaterThan(60)
  await page.waitForTimeout(500)
  await screenshot(page, 'studio-effects')

  await page.getByRole('tab', { name: 'Effects' }).focus()
  await page.keyboard.press('Control+z')
  await expect
    .poll(async () => {
      const [red, , blue] = await colourAt(page, 0.02, 0.4, 0.06, 0.2)
      return blue! - red!
    })
    .toBeLessThan(20)
  await expect(page.getByRole('checkbox', { name: 'Sunglasses' })).toBeChecked()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('checkbox', { name: 'Sunglasses' })).not.toBeChecked()
  await page.keyboard.press('Control+Shift+z')
  await expect(page.getByRole('checkbox', { name: 'Sunglasses' })).toBeChecked()
})
