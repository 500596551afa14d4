import { expect, expectMovingPreview, screenshot, stat, test } from './studio-app'

test.beforeAll(() => {
  // There is a small rendition from the start; the computer of the test is never calm for half a minute.
  process.env['WE_SMALL_RENDITION'] = 'always'
})
test.afterAll(() => {
  delete process.env['WE_SMALL_RENDITION']
})

test('a viewer chooses a smaller picture in mid-show, the live goes on, and the choice is kept', async ({ launch }) => {
  const creator = await launch('creator')
  await expectMovingPreview(creator.page)
  await creator.page.getByRole('textbox', { name: 'Title' }).fill('Two sizes')
  // Less work: a computer that is late with its pictures makes no small ones.
  await creator.page.getByRole('switch', { name: 'Beautify' }).click({ force: true })
  await creator.page.getByRole('button', { name: 'Go live' }).click()
  await expect(creator.page.getByRole('timer')).toBeVisible({ timeout: 30_000 })

  const viewer = await launch('viewer')
  await viewer.page.getByRole('navigation').getByText('Watch', { exact: true }).click()
  await viewer.page.getByRole('button', { name: 'Watch Two sizes' }).click({ timeout: 20_000 })
  const video = viewer.page.getByLabel('Live video')
  const width = (): Promise<number> => video.evaluate((element) => (element as HTMLVideoElement).videoWidth)
  await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0)
  // How long the picture stood still since the watch began, milliseconds.
  await video.evaluate((element) => {
    const state = { at: performance.now(), time: 0, longest: 0 }
    Object.assign(window, { stall: state })
    setInterval(() => {
      const { currentTime } = element as HTMLVideoElement
      if (currentTime !== state.time) Object.assign(state, { at: performance.now(), time: currentTime })
      state.longest = Math.max(state.longest, performance.now() - state.at)
    }, 50)
  })

  const quality = viewer.page.getByRole('button', { name: /^Quality: / })
  await viewer.page.mouse.move(400, 300)
  const offered = await quality.waitFor({ timeout: 30_000 }).then(
    () => true,
    () => false,
  )
  const fps = await stat(creator.page, 'fps')
  test.skip(!offered && fps < 25, `NOT CHECKED: the machine was too busy for a small rendition (${fps} fps)`)
  await expect(quality).toBeVisible({ timeout: 30_000 })
  await quality.focus()
  await viewer.page.keyboard.press('Enter')
  await expect(viewer.page.getByRole('menuitemradio', { name: /^Auto/ })).toBeFocused()
  await screenshot(viewer.page, 'watch-quality')
  await viewer.page.keyboard.press('End')
  await viewer.page.keyboard.press('Enter')
  await expect(quality).toHaveAccessibleName('Quality: 360p')
  await expect.poll(width, { timeout: 30_000 }).toBe(640)
  const position = (): Promise<number> => video.evaluate((element) => (element as HTMLVideoElement).currentTime)
  const before = await position()
  await expect.poll(position, { timeout: 30_000 }).toBeGreaterThan(before + 2)
  const stall = await viewer.page.evaluate(() => (window as unknown as { stall: { longest: number } }).stall.longest)
  console.log(`longest standstill over the change: ${Math.round(stall)} ms`)
  await screenshot(viewer.page, 'watch-small')
})
