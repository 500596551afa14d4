import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from '@playwright/test'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectMovingPreview, screenshot, stat } from '../app/studio-app'
import { copyPackage, killAllOf, packageFolder, processesOf, startPackaged, type PackagedApp } from './packaged-app'

/** A fuse is stored as one ASCII digit (electronjs.org/docs/latest/tutorial/fuses). */
const OFF = '0'.charCodeAt(0)
const ON = '1'.charCodeAt(0)

/** The app as people get it: unpacked outside the repository, with hardened fuses. */
test.describe('the packaged app', () => {
  let work: string
  let folder: string

  test.beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'we-packaged-'))
    folder = await copyPackage(packageFolder(), join(work, 'WE Studio'))
  })

  test.afterEach(() => {
    killAllOf(folder)
  })

  test.afterAll(async () => {
    await rm(work, { recursive: true, force: true })
  })

  test('cannot be used as Node or opened to an inspector', async () => {
    const fuses = await getCurrentFuseWire(join(folder, 'we-studio'))
    expect(fuses[FuseV1Options.RunAsNode]).toBe(OFF)
    expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(OFF)
    expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(OFF)
    expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(ON)
    expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(OFF)
  })

  test('carries the models, the licences and the licences of its runtime', () => {
    for (const file of ['LICENSE', 'NOTICE', 'LICENSES.chromium.html', 'resources/resources/models/manifest.json']) {
      expect(existsSync(join(folder, file)), file).toBe(true)
    }
  })

  test('opens the studio and leaves no process behind when its window is closed', async () => {
    const app = await startPackaged(folder, join(work, 'closed'))
    await showsStudio(app)
    await app.page.close()
    expect(await app.ended()).toBe(0)
    await leavesNothing()
  })

  test('goes live with the programs and models that it carries', async () => {
    const app = await startPackaged(folder, join(work, 'live'))
    const { page } = app
    await expectMovingPreview(page)
    await page.getByRole('textbox', { name: 'Title' }).fill('From the package')
    await page.getByRole('button', { name: 'Go live' }).click()
    await expect(page.getByRole('timer')).toBeVisible()
    await expect.poll(() => stat(page, 'bitrate')).toBeGreaterThan(0.05)
    await screenshot(page, 'packaged-live')
    await page.getByRole('button', { name: 'End live' }).click()
    await page.getByRole('button', { name: /End/ }).first().click() // the confirmation
    await showsStudio(app)
    await page.close()
    expect(await app.ended()).toBe(0)
    await leavesNothing()
  })

  test('ends cleanly when the system asks it to', async () => {
    const app = await startPackaged(folder, join(work, 'terminated'))
    await showsStudio(app)
    app.process.kill('SIGTERM')
    await app.ended()
    await leavesNothing()
  })

  async function showsStudio({ page }: PackagedApp): Promise<void> {
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible()
  }

  async function leavesNothing(): Promise<void> {
    await expect.poll(() => processesOf(folder), { timeout: 30_000 }).toEqual([])
  }
})
