import type { Locator, Page } from '@playwright/test'
import { seriousProblems } from './looks'
import { expect, screenshot, type StudioApp } from './studio-app'

const chatOf = (page: Page) => page.getByRole('region', { name: 'Chat', exact: true })

async function write(page: Page, text: string): Promise<void> {
  const field = chatOf(page).getByRole('textbox', { name: 'Message' })
  await field.fill(text)
  await field.press('Enter')
}

/** Opens the menu of a line by the keyboard and takes something of it. */
async function choose(page: Page, line: string, action: string): Promise<void> {
  await chatOf(page).getByRole('listitem').filter({ hasText: line }).first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: action }).click()
}

/** Two people in a live talk: the creator (Bea) keeps order, a viewer (Ann) is answered, held back and let in again. */
export async function tellChatStory(creator: StudioApp, viewer: StudioApp): Promise<void> {
  const [bea, ann] = [creator.page, viewer.page]
  const [beas, anns] = [chatOf(bea), chatOf(ann)]
  for (const [page, name] of [[bea, 'Bea'] as const, [ann, 'Ann'] as const]) {
    await page.evaluate(
      (called) => window.studio.channels.saveProfile({ name: called, bio: '', links: [], langs: [] }),
      name,
    )
  }
  const follow = (page: Page, other: Page): Promise<void> =>
    other
      .evaluate(async () => (await window.studio.community.getState()).me)
      .then((account) =>
        page.evaluate((subject) => window.studio.acts.follow({ subject, on: true }), `acct:${account}`),
      )
  await follow(ann, bea)
  await write(ann, 'hello from the sofa')
  const hello = beas.getByRole('listitem').filter({ hasText: 'Ann: hello from the sofa' }).first()
  await expect(hello).toBeVisible()
  await expect(hello.getByRole('img', { name: 'Follows the channel' })).toBeVisible({ timeout: 30_000 })
  await follow(bea, ann)
  await expect(hello.getByRole('img', { name: 'You follow each other' })).toBeVisible({ timeout: 30_000 })
  await hello.hover()
  await hello.getByRole('button', { name: 'Reply to Ann' }).click()
  await write(bea, 'welcome @Ann')
  const answer = anns.getByRole('listitem').filter({ hasText: 'welcome @Ann' })
  await expect(answer).toHaveAttribute('data-to-me', 'true')
  await expect(answer.getByRole('img', { name: 'Creator' })).toBeVisible()
  await expect(answer.getByRole('button', { name: 'In answer to Ann: hello from the sofa' })).toBeVisible()
  await expect(anns.getByRole('listitem').filter({ hasText: 'gave Coffee' })).toBeVisible()
  await choose(bea, 'welcome @Ann', 'Pin for everybody')
  await expect(anns.getByRole('button', { name: /^Pinned message of Bea/ })).toBeVisible()

  await write(ann, 'buy coins at my shop')
  const shop = (chat: Locator): Locator => chat.getByRole('listitem').filter({ hasText: 'buy coins at my shop' })
  await expect(shop(beas)).toBeVisible()
  await screenshot(ann, 'chat-watch')
  expect(await seriousProblems(bea, { root: '.chat' })).toEqual([])
  await screenshot(bea, 'chat-studio')
  await choose(bea, 'buy coins', 'Delete for everybody')
  for (const chat of [beas, anns]) await expect(shop(chat)).toHaveCount(0)

  await beas.getByRole('button', { name: 'Room settings' }).click()
  const settings = bea.getByRole('dialog', { name: 'Room settings' })
  await settings.getByLabel('Slow mode').selectOption('One message in 30 s')
  await expect(anns.getByText('Slow mode: one message every 30 s')).toBeVisible()
  await expect(anns.getByRole('timer')).toBeVisible()
  await screenshot(bea, 'chat-settings')
  await settings.getByLabel('Slow mode').selectOption('Off')
  await settings.getByRole('button', { name: 'Done' }).click()
  await expect(anns.getByRole('timer')).toBeHidden()

  await choose(bea, 'hello from the sofa', 'Ban from this room')
  await expect(hello).toHaveCount(0)
  await expect(anns.getByRole('note')).toContainText('keep you out')
  await expect(anns.getByRole('textbox', { name: 'Message' })).toBeHidden()
  await bea.getByRole('button', { name: 'Undo' }).click()
  await expect(anns.getByRole('textbox', { name: 'Message' })).toBeVisible()
  await expect(hello).toBeVisible()
}
