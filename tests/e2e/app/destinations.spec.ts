import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NginxRtmp, nginxMissing } from '../../integration/nginx-rtmp'
import { expect, expectMovingPreview, screenshot, test } from './studio-app'
import { WhipInWindow } from './whip-in-window'

const KEY = 'live_4711_do-not-tell'

if (nginxMissing !== null) console.warn(`NOT CHECKED in the window against a real RTMP server: ${nginxMissing}`)

test('a live goes to another service too, the key is typed once and never seen again', async ({ launch }) => {
  test.skip(nginxMissing !== null, nginxMissing ?? '')
  const nginx = await NginxRtmp.start()
  try {
    const { app, page } = await launch('creator')
    await expectMovingPreview(page)
    await page.getByRole('button', { name: 'Also on' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByText('Reach your other audiences too')).toBeVisible()
    await screenshot(page, 'destinations-empty')

    await dialog.getByRole('button', { name: 'Add a service' }).click()
    await screenshot(page, 'destinations-form')
    await dialog.getByLabel('Service').selectOption('Other service')
    await dialog.getByLabel('Name').fill('My server')
    await dialog.getByLabel('Server', { exact: true }).fill('rtmp://')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog.getByRole('alert')).toHaveText('Enter the stream key that the service shows you.')
    await dialog.getByLabel('Stream key').fill(KEY)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog.getByRole('alert')).toContainText('no address of an RTMP server')
    await dialog.getByLabel('Server', { exact: true }).fill('http://example.com')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog.getByRole('alert')).toContainText('Use its https:// address')
    await dialog.getByLabel('Server', { exact: true }).fill(nginx.url)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog.getByText('Gets your next live too')).toBeVisible()
    await screenshot(page, 'destinations-list')
    await page.keyboard.press('Escape')

    await page.getByRole('textbox', { name: 'Title' }).fill('Everywhere')
    await page.getByRole('button', { name: 'Go live' }).click()
    await expect(page.getByRole('button', { name: 'Also on 1 of 1' })).toBeVisible({ timeout: 30_000 })
    await page.waitForTimeout(2500)
    await page.getByRole('button', { name: 'Also on 1 of 1' }).click()
    await expect(dialog.getByText(/^Live · [1-9]/)).toBeVisible()
    await screenshot(page, 'destinations-live')

    await nginx.kill()
    await expect(dialog.getByText(/broke|cannot be reached/)).toBeVisible({ timeout: 30_000 })
    await screenshot(page, 'destinations-away')
    await nginx.run()
    await expect(dialog.getByText(/^Live ·/)).toBeVisible({ timeout: 30_000 })

    // and to one that takes WHIP, in the middle of the live: Chromium itself decodes it
    const whip = await WhipInWindow.listen(page)
    try {
      await dialog.getByRole('button', { name: 'Add a service' }).click()
      await dialog.getByLabel('Service').selectOption('Other service')
      await dialog.getByLabel('Name').fill('My WHIP')
      await dialog.getByLabel('Server', { exact: true }).fill(whip.url)
      await dialog.getByLabel('Stream key').fill(KEY)
      await screenshot(page, 'destinations-whip')
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()
      await expect.poll(async () => (await whip.received()).framesDecoded, { timeout: 30_000 }).toBeGreaterThan(60)
      await expect.poll(async () => (await whip.received()).energy, { timeout: 30_000 }).toBeGreaterThan(0)
      await expect(dialog.getByText(/^Live ·/)).toHaveCount(2)
      // a busy computer may have begun again
      expect(whip.asked[0]!.method).toBe('POST')
      expect(new Set(whip.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${KEY}`]))
      await screenshot(page, 'destinations-two')
      await dialog.getByRole('button', { name: 'Remove My WHIP' }).click()
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
      await expect.poll(() => whip.asked.at(-1)?.method, { timeout: 30_000 }).toBe('DELETE')
    } finally {
      await whip.close()
    }
    await page.keyboard.press('Escape')

    // nothing that the window or the settings hold knows the key
    const dataDir = await app.evaluate(({ app: electron }) => electron.getPath('userData'))
    const { dataDir: profile } = await page.evaluate(() => window.studio.app.getInfo())
    for (const folder of [dataDir, profile]) {
      for (const name of ['settings.json', 'secrets.json']) {
        expect(readable(join(folder, name))).not.toContain(KEY)
      }
    }
    expect(await page.evaluate(() => window.studio.destinations.get())).toMatchObject([
      { name: 'My server', hasKey: true },
    ])
    expect(JSON.stringify(await page.evaluate(() => window.studio.destinations.get()))).not.toContain(KEY)
  } finally {
    await nginx.close()
  }
})

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
