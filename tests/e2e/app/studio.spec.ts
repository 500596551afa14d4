import { writeFileSync } from 'node:fs'
import { inSizesAndThemes, resize, seriousProblems, SMALL } from './looks'
import { expect, expectMovingPreview, oneApp, screenshot, stat, test } from './studio-app'

test.describe('the studio', () => {
  const creator = oneApp('creator')

  test('the studio opens with the demo presenter, retouches it and goes live', async () => {
    const { page } = creator()
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible()
    await expectMovingPreview(page)
    await screenshot(page, 'studio-dark')

    await page.getByRole('radio', { name: 'Split' }).click()
    await page.getByRole('slider', { name: 'Smoothing' }).press('End')
    await expect(page.getByRole('switch', { name: 'Beautify' })).toBeChecked()
    await page.waitForTimeout(500)
    await screenshot(page, 'studio-split')
    await page.getByRole('radio', { name: 'After' }).click()

    await page.getByRole('textbox', { name: 'Title' }).fill('Hello from the tests')
    await page.getByRole('button', { name: 'Go live' }).click()
    await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
    await expect.poll(() => stat(page, 'fps'), { timeout: 30_000 }).toBeGreaterThan(5)
    await expect.poll(() => stat(page, 'bitrate'), { timeout: 30_000 }).toBeGreaterThan(0.05)
    await screenshot(page, 'studio-live')

    await page.getByRole('button', { name: 'End live' }).click()
    // The second click is the confirmation.
    await page.getByRole('button', { name: /End/ }).first().click()
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible({ timeout: 30_000 })
  })

  test('beautify changes the picture where the face is', async () => {
    const { page } = creator()
    await expectMovingPreview(page)
    await page.getByRole('radio', { name: 'After' }).click()
    const sharpness = (): Promise<number> =>
      page.getByLabel('Preview').evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const { width, height } = canvas
        // The middle of the picture, where the presenter's cheeks are.
        const box = [width * 0.4, height * 0.35, width * 0.2, height * 0.3].map(Math.round) as [
          number,
          number,
          number,
          number,
        ]
        const { data } = canvas.getContext('2d')!.getImageData(...box)
        let energy = 0
        for (let i = 4; i < data.length; i += 4) energy += Math.abs((data[i] ?? 0) - (data[i - 4] ?? 0))
        return energy / (data.length / 4)
      })
    const average = async (): Promise<number> => {
      let sum = 0
      for (let i = 0; i < 12; i++) {
        sum += await sharpness()
        await page.waitForTimeout(150)
      }
      return sum / 12
    }
    await page.getByRole('slider', { name: 'Whitening' }).press('Home')
    await page.getByRole('radio', { name: 'Face', exact: true }).click()
    await page.getByRole('slider', { name: 'Face thinning' }).press('Home')
    await page.getByRole('radio', { name: 'Eyes' }).click()
    await page.getByRole('slider', { name: 'Larger eyes' }).press('Home')
    await page.getByRole('radio', { name: 'Skin' }).click()
    await page.getByRole('slider', { name: 'Smoothing' }).press('End')
    await page.waitForTimeout(500)
    const smoothed = await average()
    await page.getByRole('switch', { name: 'Beautify' }).click()
    await page.waitForTimeout(500)
    const plain = await average()
    expect(smoothed).toBeLessThan(plain * 0.97)
  })

  test('a file that is no video is refused with words and a way out', async () => {
    const { app, page } = creator()
    await expectMovingPreview(page)
    const file = test.info().outputPath('notes.mp4')
    writeFileSync(file, 'this is not a video')
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, file)
    await page
      .getByRole('button', { name: /video file/i })
      .first()
      .click()
    await expect(page.getByText(/cannot be used as a video/i).first()).toBeVisible({ timeout: 30_000 })
    await screenshot(page, 'studio-bad-file')
    await page
      .getByRole('button', { name: /demo presenter/i })
      .first()
      .click()
    await expectMovingPreview(page)
  })
})

test('every page, dark and light, is named and readable for everybody; in the smallest window the tabs hide nothing', async ({
  launch,
}) => {
  test.setTimeout(240_000)
  const creator = await launch('creator')
  const { page } = creator
  await expectMovingPreview(page)
  for (const name of ['Home', 'Studio', 'Watch', 'Channel', 'Messages', 'Library', 'Wallet', 'Ledger', 'Settings']) {
    await page.getByRole('navigation').getByText(name, { exact: true }).click()
    await inSizesAndThemes(creator, `page-${name.toLowerCase()}`)
    // names and order are the same in both themes, colours are not
    expect.soft(await seriousProblems(page), `${name}, light`).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect.soft(await seriousProblems(page, { rules: ['color-contrast'] }), `${name}, dark`).toEqual([])
  }

  await resize(creator, SMALL)
  await page.getByRole('navigation').getByText('Studio', { exact: true }).click()
  const tabs = page.getByRole('tablist', { name: 'Picture' })
  const compare = page.getByRole('radiogroup', { name: 'Compare' })
  const gap = async (): Promise<number> => {
    const [above, below] = [await tabs.boundingBox(), await compare.boundingBox()]
    return below!.y - (above!.y + above!.height)
  }
  // right above the bar of the switch, which has room around it
  await expect.poll(gap).toBeGreaterThan(0)
  expect(await gap()).toBeLessThan(24)
  await screenshot(page, 'studio-small')
  await tabs.getByRole('tab', { name: 'Look' }).click()
  // what was asked for is in sight: the tabs have gone to the top of the panel
  await expect.poll(gap).toBeGreaterThan(200)
  await screenshot(page, 'studio-small-look')
})
