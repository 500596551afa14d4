import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { expect, type StudioApp } from './studio-app'

const STILL = join(import.meta.dirname, '../../../resources/icon.png')

/** The demo presenter would take a third of the machine from copies that need no picture of their own. */
export async function rest({ page }: StudioApp): Promise<void> {
  const open = (): Promise<boolean> =>
    page.evaluate(
      (path) =>
        window.studio.source.open({ kind: 'picture', path }).then(
          () => true,
          () => false,
        ),
      STILL,
    )
  await expect.poll(open, { intervals: [200] }).toBe(true)
}

/** An account by the wallet's sheet. Returns it, `0x...` in lower case. */
export async function makeAccount({ app, page }: StudioApp, name: string): Promise<string> {
  await page.evaluate(() => window.studio.gifts.makeAccount())
  const find = (): Page | undefined => app.windows().find((sheet) => sheet.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  await fillSheet(find()!, name)
  const me = (): Promise<string | null> => page.evaluate(async () => (await window.studio.community.getState()).me)
  await expect.poll(me, { timeout: 60_000 }).not.toBeNull()
  return (await me())!
}

async function fillSheet(sheet: Page, name: string): Promise<void> {
  const create = sheet.getByRole('dialog', { name: 'Your account' })
  await create.getByLabel('Name').fill(name)
  await create.getByLabel('Passphrase', { exact: true }).fill('ripe plums in june')
  await create.getByRole('button', { name: 'Make account' }).click()
}

/** An account, and a profile of the same name. Returns the account. */
export async function makePerson(copy: StudioApp, name: string): Promise<string> {
  const account = await makeAccount(copy, name)
  await copy.page.evaluate(
    (own) => window.studio.channels.saveProfile({ name: own, bio: '', links: [], langs: ['en'] }),
    name,
  )
  return account
}
