import type { Page } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const PHRASE = 'test test test test test test test test test test test junk'
const ME = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const PASSPHRASE = 'ripe plums in june'

/** The wallet's sheet: a page beside the window's. */
async function sheetOf({ app }: StudioApp): Promise<Page> {
  const find = (): Page | undefined => app.windows().find((page) => page.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  return find()!
}

test('an account in one step, backed up, locked and unlocked; secrets stay on the sheet', async ({ launch }) => {
  const copy = await launch('person')
  const { page } = copy
  await expect(page.getByRole('complementary', { name: 'Your account' })).toBeVisible()
  await screenshot(page, 'wallet-onboarding')
  await page.getByRole('button', { name: 'Make account' }).first().click()
  const sheet = await sheetOf(copy)
  await expect(sheet.getByRole('dialog', { name: 'Your account' })).toBeVisible()
})
