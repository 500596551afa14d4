import type { LedgerStatus } from '@shared/ledger/ledger-status'
import { descendants, endLive, expect, expectMovingPreview, goLive, oneApp, screenshot, stat, test } from './studio-app'
import type { StudioApp } from './studio-app'

const creator = oneApp('creator')

/** The utility process of an engine, found by Electron's own metrics. */
async function enginePid({ app }: StudioApp, engine: string): Promise<number> {
  const pid = await app.evaluate(
    ({ app: electron }, name) => electron.getAppMetrics().find((metric) => metric.name === `WE Studio ${name}`)?.pid,
    engine,
  )
  if (pid === undefined) throw new Error(`no engine ${engine}`)
  return pid
}

const ffmpegs = (copy: StudioApp): number[] =>
  descendants(copy.pid)
    .filter(({ command }) => command.includes('ffmpeg'))
    .map(({ pid }) => pid)

test('a killed media engine comes back with the picture, while live', async () => {
  const copy = creator()
  await goLive(copy, 'Unbreakable')
  await expect.poll(() => ffmpegs(copy).length).toBeGreaterThan(0)
  const old = ffmpegs(copy)

  process.kill(await enginePid(copy, 'media'), 'SIGKILL')
  await expect(copy.page.getByText(/restart/i).first()).toBeVisible({ timeout: 30_000 })
  await screenshot(copy.page, 'engine-restarting')
  await expectMovingPreview(copy.page)
  await expect(copy.page.getByRole('timer')).toBeVisible()
  await expect.poll(() => stat(copy.page, 'fps'), { timeout: 30_000 }).toBeGreaterThan(5)
  await expect.poll(() => ffmpegs(copy).filter((pid) => old.includes(pid)), { timeout: 30_000 }).toEqual([])
  await endLive(copy)
})

test('a killed network engine ends the live with words, and the studio goes on', async () => {
  const copy = creator()
  await goLive(copy, 'Cut')
  await expect(copy.page.getByText(/live has ended/i)).toHaveCount(0)
  process.kill(await enginePid(copy, 'peer'), 'SIGKILL')
  await expect(copy.page.getByText(/live has ended/i).first()).toBeVisible({ timeout: 30_000 })
  await expect(copy.page.getByRole('button', { name: 'Go live' })).toBeEnabled({ timeout: 30_000 })
  await copy.page.getByRole('button', { name: 'Go live' }).click()
  await expect(copy.page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
  await endLive(copy)
})

test('a ledger is made at first need; a killed ledger engine comes back with it, a restarted network finds it', async () => {
  const copy = creator()
  const open = (): Promise<LedgerStatus> => copy.page.evaluate(() => window.studio.localLedger.open())
  expect(await copy.page.evaluate(() => window.studio.localLedger.list())).toEqual([])
  const ledger = await open()
  expect(ledger).toMatchObject({ role: 'host', height: 0, problem: null })
  expect(Object.keys(ledger.contracts)).toContain('TipBank')
  const old = await enginePid(copy, 'ledger')
  process.kill(old, 'SIGKILL')
  await expect.poll(() => open().catch(() => null), { timeout: 30_000 }).toEqual(ledger)
  expect(await enginePid(copy, 'ledger')).not.toBe(old)
  process.kill(await enginePid(copy, 'peer'), 'SIGKILL')
  await expect
    .poll(async () => (await copy.page.evaluate(() => window.studio.app.getEngines())).map(({ state }) => state))
    .toEqual(['ready', 'ready'])
  expect(await open()).toEqual(ledger)
  const megabytes = await copy.app.evaluate(
    ({ app: electron }) =>
      electron.getAppMetrics().find((metric) => metric.name === 'WE Studio ledger')!.memory.workingSetSize / 1024,
  )
  expect(megabytes).toBeLessThan(180)
})

test('quitting leaves no process behind', async () => {
  const copy = creator()
  await expectMovingPreview(copy.page)
  const below = descendants(copy.pid)
  expect(below.length).toBeGreaterThan(2)
  await copy.app.close()
  const alive = (): string[] =>
    below.filter(({ pid, command }) => command !== '' && isAlive(pid)).map((each) => each.command)
  await expect.poll(alive, { timeout: 30_000 }).toEqual([])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
