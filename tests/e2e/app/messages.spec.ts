import type { Page } from '@playwright/test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inSizesAndThemes, seriousProblems } from './looks'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const STILL = join(import.meta.dirname, '../../../resources/icon.png')

/** A person with an account and a name, on the page of messages; the demo source rests. Returns the account. */
async function enter(copy: StudioApp, name: string): Promise<string> {
  const { app, page } = copy
  await setFocus(page, true)
  const rest = (): Promise<boolean> =>
    page.evaluate(
      (path) =>
        window.studio.source.open({ kind: 'picture', path }).then(
          () => true,
          () => false,
        ),
      STILL,
    )
  await expect.poll(rest, { intervals: [200] }).toBe(true)
  await page.getByRole('navigation').getByRole('button', { name: 'Messages' }).click()
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Make account' }).click()
  const find = (): Page | undefined => app.windows().find((sheet) => sheet.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  const create = find()!.getByRole('dialog', { name: 'Your account' })
  await create.getByLabel('Name').fill(name)
  await create.getByLabel('Passphrase', { exact: true }).fill('ripe plums in june')
  await create.getByRole('button', { name: 'Make account' }).click()
  await expect(page.getByRole('heading', { name: 'Write to somebody' })).toBeVisible()
  return page.evaluate(async (own) => {
    await window.studio.channels.saveProfile({ name: own, bio: '', links: [], langs: [] })
    return (await window.studio.community.getState()).me!
  }, name)
}

/** Whether the window is the one that the person looks at: two are on one display, and no window manager says which. */
const setFocus = (page: Page, isInFront: boolean): Promise<void> =>
  page.evaluate((value) => void (document.hasFocus = () => value), isInFront)

/** Every look of the page that is in front. */
test('two people: a first message, accepted, answered and read; a group; one is away and back', async ({
  launch,
}, info) => {
  test.setTimeout(180_000)
  const [anna, away] = await Promise.all([launch('anna'), launch('ben')])
  const { page } = anna
  let ben = away
  await enter(anna, 'Anna')
  const benAccount = await enter(ben, 'Ben')

  // By keys alone: new conversation, whom, the first text.
  await page.keyboard.press('Control+n')
  await page.getByRole('combobox', { name: 'With whom' }).fill(benAccount)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/is connected now/)).toBeVisible({ timeout: 40_000 })
  await screenshot(page, 'messages-beginning')
  const field = page.getByRole('textbox', { name: /^Message to / })
  await expect(field).toBeFocused()
  await page.keyboard.type('Hello Ben,')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('shall we go live together?')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('Hello Ben,\nshall we go live together?')
  await expect(field).toHaveValue('')

  // At the other end it is a request.
  await ben.page.getByRole('button', { name: /^Requests/ }).click()
  await ben.page.getByRole('button', { name: /Hello Ben/ }).click()
  await expect(ben.page.getByText('Anna would like to write to you.')).toBeVisible()
  await inSizesAndThemes(ben, 'messages-request')
  await ben.page.getByRole('button', { name: 'Accept' }).click()
  await expect(ben.page.getByRole('textbox', { name: 'Message to Anna' })).toBeFocused()
  await ben.page.keyboard.press('ArrowUp')
  await ben.page.keyboard.press('r')
  await expect(ben.page.getByText('Reply to Anna')).toBeVisible()
  await ben.page.keyboard.type('Yes, at nine ')
  await ben.page.getByRole('button', { name: 'Emoji' }).click()
  await ben.page.keyboard.type('fire')
  await screenshot(ben.page, 'messages-emoji')
  await ben.page.keyboard.press('Enter')
  await ben.page.keyboard.press('Escape')
  await ben.page.keyboard.press('Enter')

  await expect(page.getByRole('log')).toContainText('Yes, at nine 🔥')
  await expect(page.getByRole('log').getByTitle('Read', { exact: true })).toHaveCount(1)
  await expect(page.getByRole('heading', { name: 'Ben', level: 2 })).toBeVisible()

  // A file goes sealed; the other sees the picture and saves it as it was.
  await anna.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, STILL)
  await page.getByRole('button', { name: 'Attach files' }).click()
  await expect(page.getByRole('list', { name: 'Files that go with the message' })).toContainText('icon.png')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ben.page.getByRole('img', { name: 'icon.png' })).toBeVisible()
  const saved = info.outputPath('icon-of-anna.png')
  await ben.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, saved)
  await ben.page.getByRole('button', { name: 'Save icon.png' }).click()
  await expect.poll(() => existsSync(saved) && readFileSync(saved).equals(readFileSync(STILL))).toBe(true)
  await screenshot(ben.page, 'messages-file')

  // The safety number is the same on both screens.
  const numberOf = async (at: Page): Promise<string> => {
    await at.getByRole('button', { name: 'More' }).click()
    await at.getByRole('menuitem', { name: 'Safety number' }).click()
    return at.getByRole('list', { name: 'Safety number' }).innerText()
  }
  const shown = await numberOf(page)
  expect(shown.replaceAll(/\s/g, '')).toMatch(/^\d{60}$/)
  expect(await numberOf(ben.page)).toBe(shown)
  await ben.page.keyboard.press('Escape')
  await page.getByLabel('Compare with what Ben sent you some other way').fill(shown)
  await expect(page.getByText('They are the same.')).toBeVisible()
  await page.getByRole('switch', { name: 'We have compared it' }).click()
  await screenshot(page, 'messages-safety')
  await page.keyboard.press('Escape')
  await expect(page.getByText('Verified, end-to-end encrypted')).toBeVisible()

  // Elsewhere in the app: a badge, and a toast that leads there; in another program: a notice of the system.
  expect(await ben.page.evaluate(() => Notification.permission)).toBe('granted')
  await ben.page.evaluate(() => {
    window.Notification = function (title: string, { body }: { body: string }) {
      document.title = `${title}: ${body}`
    } as unknown as typeof Notification
  })
  await setFocus(ben.page, false)
  await ben.page.getByRole('navigation').getByRole('button', { name: 'Library' }).click()
  await field.fill('Bring the second camera')
  await page.keyboard.press('Enter')
  const told = ben.page.getByRole('status').filter({ hasText: 'Message from Anna' })
  await expect(told).toContainText('Bring the second camera')
  await expect(ben.page).toHaveTitle('Anna: Bring the second camera')
  await setFocus(ben.page, true)
  await screenshot(ben.page, 'messages-toast')
  await told.getByRole('button', { name: 'Read' }).click()
  await expect(ben.page.getByText('New messages')).toBeVisible()

  // A group, and what its owner may do.
  await page.evaluate((account) => window.studio.messages.start({ accounts: [account], title: 'Friday' }), benAccount)
  await page.getByRole('button', { name: /^Friday/ }).click()
  await page.keyboard.type('Welcome to the crew')
  await page.keyboard.press('Enter')
  await ben.page.getByRole('button', { name: /^Friday/ }).click()
  await expect(ben.page.getByRole('log')).toContainText('Welcome to the crew')
  await ben.page.getByRole('button', { name: 'More' }).click()
  await ben.page.getByRole('menuitem', { name: 'People' }).click()
  await expect(ben.page.getByText('Only Anna, who owns this group, can change who is in it.')).toBeVisible()
  await screenshot(ben.page, 'messages-people')
  expect(await seriousProblems(ben.page)).toEqual([])
  await ben.page.keyboard.press('Escape')

  // Its name changes for all; who leaves can still read what was said.
  const more = async (at: Page, action: string): Promise<void> => {
    await at.getByRole('button', { name: 'More' }).click()
    await at.getByRole('menuitem', { name: action }).click()
  }
  await more(page, 'Rename')
  const rename = page.getByRole('dialog')
  await rename.getByRole('textbox').fill('Saturday')
  await rename.getByRole('textbox').press('Enter')
  await expect(ben.page.getByRole('heading', { name: 'Saturday', level: 2 })).toBeVisible({ timeout: 30_000 })
  await more(ben.page, 'Leave')
  await ben.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await expect(ben.page.getByText('Ended: you can read what was said')).toBeVisible({ timeout: 30_000 })
  await expect(ben.page.getByRole('log')).toContainText('Welcome to the crew')

  // Blocked, and thought better of; a report says that there is nobody above.
  await ben.page.getByRole('button', { name: /^Anna/ }).click()
  await more(ben.page, 'Block')
  await ben.page.getByRole('status').filter({ hasText: 'Blocked.' }).getByRole('button', { name: 'Undo' }).click()
  await ben.page.getByRole('button', { name: /^Anna/ }).click() // it went from the page with her
  await more(ben.page, 'Report')
  const report = ben.page.getByRole('dialog', { name: 'Report' })
  await expect(report.getByText('there is nobody else to tell')).toBeVisible()
  expect(await seriousProblems(ben.page, { root: '.safety-dialog' })).toEqual([])
  await report.getByRole('button', { name: 'Cancel' }).click()
  await expect(ben.page.getByRole('textbox', { name: 'Message to Anna' })).toBeVisible()

  // Away and back.
  await ben.app.close()
  await page.getByRole('button', { name: /^Ben/ }).click()
  await page.keyboard.type('Are you still there?')
  await page.keyboard.press('Enter')
  const waiting = page.getByRole('log').getByRole('listitem').filter({ hasText: 'Are you still there?' }).last()
  await expect(waiting.getByTitle(/^Waits for a peer/)).toBeVisible()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('camera')
  await expect(page.getByText('1 found')).toBeVisible()
  await inSizesAndThemes(anna, 'messages-find')
  await page.keyboard.press('Escape')
  expect(await seriousProblems(page)).toEqual([])
  await inSizesAndThemes(anna, 'messages-talk')

  ben = await launch('ben')
  await setFocus(ben.page, true)
  await expect(waiting.getByTitle('Delivered')).toBeVisible({ timeout: 60_000 })
  await ben.page.getByRole('navigation').getByRole('button', { name: 'Messages' }).click()
  await ben.page.getByRole('button', { name: /^Anna/ }).click()
  await expect(ben.page.getByRole('log')).toContainText('Are you still there?')
  await expect(waiting.getByTitle('Read', { exact: true })).toBeVisible()
})
