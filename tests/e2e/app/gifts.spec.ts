import type { Page } from '@playwright/test'
import { expect, expectMovingPreview, screenshot, test, type StudioApp } from './studio-app'

async function makeAccount(copy: StudioApp, name: string): Promise<void> {
  await copy.page.evaluate(() => window.studio.gifts.makeAccount())
  const find = (): Page | undefined => copy.app.windows().find((page) => page.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  const create = find()!.getByRole('dialog', { name: 'Your account' })
  await create.getByLabel('Name').fill(name)
  await create.getByLabel('Passphrase', { exact: true }).fill('ripe plums in june')
  await create.getByRole('button', { name: 'Make account' }).click()
  await expect
    .poll(() => copy.page.evaluate(async () => (await window.studio.wallet.getState()).active), { timeout: 60_000 })
    .not.toBeNull()
}

test('a gift is seen in the studio and in the room, and the creator collects it', async ({ launch }) => {
  test.setTimeout(300_000)
  const creator = await launch('creator')
  await expectMovingPreview(creator.page)
  await makeAccount(creator, 'Bea')
  await expect
    .poll(() => creator.page.evaluate(async () => (await window.studio.gifts.getCreator()).readiness.state), {
      timeout: 30_000,
    })
    .toBe('ready')
  await creator.page.getByRole('textbox', { name: 'Title' }).fill('Evening talk')
  await creator.page.getByRole('button', { name: 'Go live' }).click()
  await expect(creator.page.getByRole('timer')).toBeVisible({ timeout: 20_000 })

  const viewer = await launch('viewer')
  const { page } = viewer
  await makeAccount(viewer, 'Ann')
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Watch/ })
    .click()
  await page.getByRole('button', { name: 'Watch Evening talk' }).click({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Gifts', exact: true }).click({ timeout: 30_000 })
  await expect(page.getByRole('radio', { name: /^Rose/ })).toBeVisible({ timeout: 30_000 })
  await screenshot(page, 'gifts-drawer')

  const room = page.getByRole('region', { name: 'Gifts' })
  const claim = room.getByRole('button', { name: 'Get 1,000 test WE' })
  const send = room.getByRole('button', { name: /^Send/ })
  await expect(claim.or(send)).toBeVisible({ timeout: 30_000 })
  if (await claim.isVisible()) await claim.click()
  await page.getByRole('radio', { name: /^Coffee/ }).click()
  await send.click({ timeout: 30_000 })
  for (const who of [page, creator.page]) {
    await expect(who.getByRole('log', { name: 'Gifts' }).getByText('Ann')).toBeVisible({ timeout: 30_000 })
  }
  await screenshot(page, 'gifts-given')
  await screenshot(creator.page, 'gifts-studio')

  await creator.page.getByRole('button', { name: /2 WE/ }).click()
  const dialog = creator.page.getByRole('dialog', { name: 'Gifts and minutes' })
  await expect(dialog.locator('[data-stat="gifts-owed"]')).toHaveText('2 WE')
  await screenshot(creator.page, 'gifts-creator')
  await dialog.getByRole('button', { name: 'Collect now' }).click()
  await expect(dialog.locator('[data-stat="gifts-earned"]')).toHaveText('1.98 WE', { timeout: 20_000 })
})
