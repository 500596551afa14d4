import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectMovingPreview, screenshot, test } from './studio-app'

/** Mean distance from grey of the preview, 0 to 255. */
function colourfulness(page: Page): Promise<number> {
  return page.getByLabel('Preview').evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height)
    let sum = 0
    for (let i = 0; i < data.length; i += 4) sum += Math.abs((data[i] ?? 0) - (data[i + 2] ?? 0))
    return sum / (data.length / 4)
  })
}

test('a look colours the picture, an imported one is there again at the next start', async ({ launch }, info) => {
  test.setTimeout(150_000)
  const first = await launch('creator')
  const { page } = first
  await expectMovingPreview(page)
  await page.getByRole('tab', { name: 'Look' }).click()
  await expect(page.getByRole('radio', { name: 'None' })).toBeChecked()
  await expect.poll(() => page.locator('.looks canvas').first().getAttribute('width')).toBe('96')
  await page.waitForTimeout(500)
  await screenshot(page, 'studio-look')
  expect(await colourfulness(page)).toBeGreaterThan(4)

  await page.getByRole('radio', { name: 'Noir' }).click()
  await page.getByRole('slider', { name: 'Intensity' }).press('End')
  await expect.poll(() => colourfulness(page)).toBeLessThan(1.5)
  await page.getByRole('slider', { name: 'Vignette' }).press('End')
  await page.waitForTimeout(500)
  await screenshot(page, 'studio-look-noir')

  const file = info.outputPath('Pure red.cube')
  // Light and shade stay: a picture of one colour would look like a preview that stands still.
  const corners = Array.from({ length: 8 }, (_, i) => 0.3 * (i & 1) + 0.6 * ((i >> 1) & 1) + 0.1 * (i >> 2))
  writeFileSync(file, 'LUT_3D_SIZE 2\n' + corners.map((light) => `${0.5 + 0.5 * light} ${0.2 * light} 0\n`).join(''))
  await first.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, file)
  await page.getByRole('button', { name: 'Import .cube…' }).click()
  await expect(page.getByRole('radio', { name: 'Pure red' })).toBeChecked()
  await expect.poll(() => colourfulness(page)).toBeGreaterThan(80)
  await screenshot(page, 'studio-look-imported')
  await page.waitForTimeout(600) // settings are gathered for 400 ms
  await first.app.close()

  writeFileSync(file, 'gone')
  const second = await launch('creator')
  await expectMovingPreview(second.page)
  await second.page.getByRole('tab', { name: 'Look' }).click()
  await expect(second.page.getByRole('radio', { name: 'Pure red' })).toBeChecked()
  await expect.poll(() => colourfulness(second.page)).toBeGreaterThan(40)
  const profile = await second.app.evaluate(({ app }) => app.getPath('userData'))
  await second.app.close()

  rmSync(join(profile, 'profile/looks'), { recursive: true })
  const third = await launch('creator')
  await expectMovingPreview(third.page)
  await expect(third.page.getByText('The imported look "Pure red" cannot be read any more')).toBeVisible()
  await third.page.getByRole('tab', { name: 'Look' }).click()
  await expect(third.page.getByRole('radio', { name: 'None' })).toBeChecked()
})
