import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { endLive, expect, expectMovingPreview, goLive, oneApp, screenshot, test, type StudioApp } from './studio-app'

const creator = oneApp('creator')

/** What Debian's ffprobe counts; fails with its words when it cannot read the file. */
function frames(file: string): number {
  const args = ['-v', 'error', '-select_streams', 'v', '-count_frames', '-show_entries', 'stream=nb_read_frames']
  return Number(execFileSync('ffprobe', [...args, '-of', 'csv=p=0', file], { encoding: 'utf8' }))
}

const videos = ({ app }: StudioApp): Promise<string> =>
  app.evaluate(() => process.env['WE_VIDEOS_DIR']!).then((folder) => join(folder, 'WE Studio'))

test('a live is recorded, replays are saved while it runs, and both can be found', async () => {
  const copy = creator()
  const { app, page } = copy
  await app.evaluate(({ shell }) => {
    const shown: string[] = []
    Object.assign(globalThis, { shown })
    shell.showItemInFolder = (path) => shown.push(path)
  })
  await expect(page.getByRole('switch', { name: 'Record this live on this computer' })).toBeChecked()
  await goLive(copy, 'Evening: talk')
  await expect(page.getByText('Recording', { exact: true })).toBeVisible()
  await page.waitForTimeout(2500)
  await page.getByRole('button', { name: 'Save replay' }).click()
  await expect(page.getByText(/Replay saved: \d s so far/)).toBeVisible()
  await page.mouse.move(500, 400)
  await screenshot(page, 'recording')
  await page.keyboard.press('Control+Shift+R')
  const isReplay = (name: string): boolean => /^Evening talk replay .*\.mp4$/.test(name)
  const saved = async (): Promise<number> => readdirSync(await videos(copy)).filter(isReplay).length
  await expect.poll(saved).toBe(2)
  await endLive(copy)
  const told = page.getByRole('status').filter({ hasText: 'Recording saved' })
  await expect(told).toBeVisible()
  await screenshot(page, 'recording-saved')
  await told.getByRole('button', { name: 'Show in folder' }).click()

  const folder = await videos(copy)
  const files = readdirSync(folder).sort()
  const replays = files.filter(isReplay)
  // A computer that is busy goes on with a smaller picture, and that in another file: NAME (2).mp4.
  const recordings = files.filter((name) => /^Evening talk \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d\))?\.mp4$/.test(name))
  expect([...recordings, ...replays].sort()).toEqual(files)
  const counts = replays.map((name) => frames(join(folder, name)))
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(15)
  const recorded = recordings.reduce((sum, name) => sum + frames(join(folder, name)), 0)
  expect(recorded).toBeGreaterThanOrEqual(Math.max(...counts))
  const shown = await app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
  expect(shown).toHaveLength(1)
  expect(recordings.map((name) => join(folder, name))).toContain(shown[0])

  const refused = await page.evaluate(
    (path) =>
      window.studio.recording.showInFolder(path).then(
        () => 'shown',
        (error: unknown) => (error as { code: string }).code,
      ),
    folder,
  )
  expect(refused).toBe('not-ours')
  await page.getByRole('switch', { name: 'Record this live on this computer' }).click()
  await goLive(copy, 'Off the record')
  await expect(page.getByText('Recording', { exact: true })).toHaveCount(0)
  await endLive(copy)
  expect(readdirSync(folder).sort()).toEqual(files)
  await page.getByRole('switch', { name: 'Record this live on this computer' }).click()
})

test('a killed media engine leaves its recording, and the live goes on into another', async () => {
  const copy = creator()
  const folder = await videos(copy)
  const before = existsSync(folder) ? readdirSync(folder) : []
  await goLive(copy, 'Unbreakable')
  await copy.page.waitForTimeout(2500)
  const pid = await copy.app.evaluate(
    ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'WE Studio media')!.pid,
  )
  process.kill(pid, 'SIGKILL')
  await expect(copy.page.getByText(/The recording was interrupted/)).toBeVisible({ timeout: 30_000 })
  await expectMovingPreview(copy.page)
  await copy.page.waitForTimeout(2000)
  await endLive(copy)
  await expect(copy.page.getByText(/Recording saved/)).toBeVisible()
  const made = readdirSync(folder).filter((name) => !before.includes(name))
  const counts = made.map((name) => frames(join(folder, name)))
  expect(counts).toHaveLength(2)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(15)
})

test('a folder that cannot be written to is told, and the live goes on', async () => {
  const copy = creator()
  await copy.app.evaluate(() => {
    process.env['WE_VIDEOS_DIR'] = '/dev/null'
  })
  await goLive(copy, 'Nowhere')
  await expect(copy.page.getByRole('alert').filter({ hasText: 'Your live is not recorded' })).toBeVisible()
  await expect(copy.page.getByText('Recording', { exact: true })).toHaveCount(0)
  await copy.page.waitForTimeout(1500)
  await copy.page.getByRole('button', { name: 'Save replay' }).click()
  await expect(copy.page.getByText(/The replay could not be saved/)).toBeVisible()
  await screenshot(copy.page, 'recording-refused')
  await endLive(copy)
})
