import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, expectMovingPreview, screenshot, test, type StudioApp } from './studio-app'

/** What Debian's ffprobe counts; fails with its words when it cannot read the file. */
function frames(file: string): number {
  const args = ['-v', 'error', '-select_streams', 'v', '-count_frames', '-show_entries', 'stream=nb_read_frames']
  return Number(execFileSync('ffprobe', [...args, '-of', 'csv=p=0', file], { encoding: 'utf8' }))
}

const videos = ({ app }: StudioApp): Promise<string> =>
  app.evaluate(() => process.env['WE_VIDEOS_DIR']!).then((folder) => join(folder, 'WE Studio'))

async function goLive({ page }: StudioApp, title: string): Promise<void> {
  await expectMovingPreview(page)
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.getByRole('button', { name: 'Go live' }).click()
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 15_000 })
}

async function endLive({ page }: StudioApp): Promise<void> {
  await page.getByRole('button', { name: 'End live' }).click()
  await page.getByRole('button', { name: 'End live' }).click()
  await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible({ timeout: 10_000 })
}

test('a live is recorded, replays are saved while it runs, and both can be found', async ({ launch }) => {
  const copy = await launch('creator')
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
  const saved = async (): Promise<number> =>
    readdirSync(await videos(copy)).filter((name) => name.endsWith('.mp4')).length
  await expect.poll(saved).toBe(3)
  await endLive(copy)
  const told = page.getByRole('status').filter({ hasText: 'Recording saved' })
  await expect(told).toBeVisible()
  await screenshot(page, 'recording-saved')
  await told.getByRole('button', { name: 'Show in folder' }).click()

  const folder = await videos(copy)
  const files = readdirSync(folder).sort()
  expect(files).toHaveLength(3)
  const recording = files.find((name) => /^Evening talk \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.mp4$/.test(name))
  expect(recording).toBeDefined()
  const counts = files.map((name) => frames(join(folder, name)))
  expect(Math.min(...counts)).toBeGreaterThan(30)
  expect(frames(join(folder, recording!))).toBe(Math.max(...counts))
  const shown = await app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
  expect(shown).toEqual([join(folder, recording!)])

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
  expect(readdirSync(folder)).toHaveLength(3)
})

test('a killed media engine leaves its recording, and the live goes on into another', async ({ launch }) => {
  const copy = await launch('creator')
  await goLive(copy, 'Unbreakable')
  await copy.page.waitForTimeout(2500)
  const pid = await copy.app.evaluate(
    ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'WE Studio media')!.pid,
  )
  process.kill(pid, 'SIGKILL')
  await expect(copy.page.getByText(/The recording was interrupted/)).toBeVisible({ timeout: 15_000 })
  await expectMovingPreview(copy.page)
  await copy.page.waitForTimeout(2000)
  await endLive(copy)
  await expect(copy.page.getByText(/Recording saved/)).toBeVisible()
  const folder = await videos(copy)
  const counts = readdirSync(folder).map((name) => frames(join(folder, name)))
  expect(counts).toHaveLength(2)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(15)
})

test('a folder that cannot be written to is told, and the live goes on', async ({ launch }) => {
  const copy = await launch('creator')
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
