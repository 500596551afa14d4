import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inSizesAndThemes, seriousProblems } from './looks'
import { expect, expectMovingPreview, screenshot, test, type StudioApp } from './studio-app'

const ffmpeg = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path

function make(path: string, source: string, ...coding: string[]): string {
  execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, ...coding, path])
  return path
}

async function goTo({ page }: StudioApp, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByText(name, { exact: true }).click()
}

async function makeAccount({ app, page }: StudioApp, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Make account' }).last().click()
  const find = (): Page | undefined => app.windows().find((one) => one.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  const create = find()!.getByRole('dialog', { name: 'Your account' })
  await create.getByLabel('Name').fill(name)
  await create.getByLabel('Passphrase', { exact: true }).fill('plums in the garden')
  await create.getByRole('button', { name: 'Make account' }).click()
}

/** As the system drops files on a window: no script of a page can name a path. */
async function dropOn(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      ...{ type, x: 500, y: 400 },
      data: { items: [], files, dragOperationsMask: 1 },
    })
    if (type === 'dragOver') await expect(page.getByText('Drop a video to publish it')).toBeVisible()
  }
  await session.detach()
}

test('a channel is made in one step, dressed, given a video whose words change, and says a live and its end', async ({
  launch,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'we-channel-'))
  try {
    const anna = await launch('anna')
    const { app, page } = anna
    await goTo(anna, 'Channel')
    await expect(page.getByText('Your channel starts with an account')).toBeVisible()
    await makeAccount(anna, 'Anna Berg')
    await expect(page.getByLabel('Name of the channel')).toHaveValue('Anna Berg', { timeout: 30_000 })
    await screenshot(page, 'channel-first')
    await page.getByRole('button', { name: 'Make my channel' }).click()
    await expect(page.getByRole('heading', { name: 'Anna Berg' })).toBeVisible({ timeout: 30_000 })
    await inSizesAndThemes(anna, 'channel-empty')

    // Dressed; what is typed outlives a look at another page.
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const edit = page.getByRole('form', { name: 'Edit channel' })
    await edit.getByLabel('About it').fill('Evening walks through old towns.\nNew every Friday.')
    await edit.getByLabel('Handle').fill('anna berg')
    await goTo(anna, 'Library')
    await goTo(anna, 'Channel')
    const cover = make(join(folder, 'cover.png'), 'testsrc2=size=1800x600', '-frames:v', '1')
    await edit.getByLabel('Cover').setInputFiles(cover)
    await edit
      .getByLabel('Picture')
      .setInputFiles(make(join(folder, 'face.png'), 'mandelbrot=size=500x700', '-frames:v', '1'))
    await edit.getByRole('button', { name: 'Add a link' }).click()
    await edit.getByLabel('Title of link 1').fill('My site')
    await edit.getByLabel('Address of link 1').fill('https://anna.example')
    await edit.getByLabel('Category').selectOption('music')
    await edit.getByLabel('Moderators, an address a line').fill(`0x${'AB'.repeat(20)}`)
    await edit.getByRole('button', { name: 'Save' }).click()
    await expect(edit.getByRole('alert')).toContainText('A handle has up to 40 small letters')
    await edit.getByLabel('Handle').fill('anna')
    await inSizesAndThemes(anna, 'channel-edit')
    expect(await seriousProblems(page)).toEqual([])
    await edit.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('@anna')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('New every Friday.')).toBeVisible()
    // the published cover is really there
    const shownCover = page.locator('.channel-head__cover img')
    await expect.poll(() => shownCover.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1600)

    // A file that no browser plays becomes one that all play; it stays a draft over a restart of the page's part.
    const file = make(
      join(folder, 'Evening_walk.avi'),
      'testsrc2=size=640x360:rate=25',
      '-t',
      '6',
      '-c:v',
      'mpeg4',
      '-b:v',
      '2M',
    )
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, file)
    await page.getByRole('button', { name: 'Publish a video' }).first().click()
    const publish = page.getByRole('dialog', { name: 'Publish a video' })
    await expect(publish.getByLabel('Title')).toHaveValue('Evening walk')
    await expect(publish.getByText('Ready to be published.')).toBeVisible({ timeout: 20_000 })
    const preview = publish.getByLabel('Preview of the video')
    await expect.poll(() => preview.evaluate((video) => (video as HTMLVideoElement).videoWidth)).toBe(640)
    await publish.getByLabel('Cover: the picture at').fill('3000')
    await publish.getByLabel('Title').fill('')
    await publish.getByRole('button', { name: 'Publish', exact: true }).click()
    await expect(publish.getByText('Give the video a title.')).toBeVisible()
    await publish.getByLabel('Title').fill('Evening walk in Lübeck')
    await publish.getByLabel('Tags').fill('walk, lübeck, , walk')
    await publish.getByLabel('Licence').selectOption('CC-BY-4.0')
    await publish.getByLabel('Flashing light').check()
    await inSizesAndThemes(anna, 'channel-publish')
    expect(await seriousProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('region', { name: 'Drafts' }).getByText('Evening walk in Lübeck')).toBeVisible()
    await page.reload()
    await goTo(anna, 'Channel')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(publish.getByLabel('Title')).toHaveValue('Evening walk in Lübeck')
    await expect(publish.getByLabel('Tags')).toHaveValue('walk, lübeck')
    await publish.getByRole('button', { name: 'Publish', exact: true }).click()
    const video = page.getByRole('button', { name: 'Play Evening walk in Lübeck, 0:06' })
    await expect(video).toBeVisible({ timeout: 20_000 })
    await expect(page.getByRole('region', { name: 'Drafts' })).toHaveCount(0)
    const picture = page.locator('.item-tile__cover img')
    await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640)

    // Its words can change, it can stand on a shelf, and a deletion can be taken back.
    const more = page.getByRole('button', { name: 'More about Evening walk in Lübeck' })
    await more.click()
    await page.getByRole('menuitem', { name: 'Edit details' }).click()
    const words = page.getByRole('dialog', { name: 'Edit details' })
    await words.getByLabel('Title').fill('Evening in Lübeck')
    await words.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'More about Evening in Lübeck' }).click()
    await page.getByRole('menuitem', { name: 'Put on a shelf' }).click()
    await page.getByLabel('New shelf').fill('Start here')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const shelf = page.getByRole('list', { name: 'Start here' })
    await expect(shelf.getByRole('button', { name: /^Play Evening in Lübeck/ })).toBeVisible()
    await inSizesAndThemes(anna, 'channel-own')
    expect(await seriousProblems(page)).toEqual([])
    await shelf.getByRole('button', { name: 'More about Evening in Lübeck' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(page.getByText('Your first video goes here')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: /^Play Evening in Lübeck/ }).first()).toBeVisible()

    // A live is said when it begins, with what opens it, and when it ends.
    await goTo(anna, 'Studio')
    await expectMovingPreview(page)
    await page.getByRole('textbox', { name: 'Title' }).fill('Talk by the river')
    await page.getByRole('button', { name: 'Go live' }).click()
    await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
    await goTo(anna, 'Channel')
    await page.getByRole('tab', { name: 'Lives' }).click()
    await expect(page.getByRole('button', { name: 'Watch Talk by the river, live now' })).toBeVisible({
      timeout: 30_000,
    })
    const opens = await page.evaluate(async () => {
      const { cards } = await window.studio.home.feed({ feed: 'lives', after: null, limit: 5 })
      const state = await window.studio.live.getState()
      const [card] = cards
      return { topic: card?.kind === 'live' && card.body.topic, url: state.state === 'live' ? state.url : '' }
    })
    expect(`we://${opens.topic}`).toBe(opens.url)
    await goTo(anna, 'Studio')
    await page.getByRole('button', { name: 'End live' }).click()
    await page.getByRole('button', { name: 'End live' }).click()
    await goTo(anna, 'Channel')
    await expect(page.getByRole('button', { name: 'Talk by the river, a live that is over' })).toBeVisible({
      timeout: 30_000,
    })
    const drafts = page.getByRole('region', { name: 'Drafts' })
    await drafts.getByRole('button', { name: 'Publish it' }).click()
    await expect(publish.getByText('Ready to be published.')).toBeVisible({ timeout: 20_000 })
    await publish.getByLabel('Title').fill('The talk, recorded')
    await publish.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('tab', { name: 'Videos' }).click()
    await expect(page.getByRole('button', { name: /^Play The talk, recorded/ })).toBeVisible({ timeout: 20_000 })
    await page.getByRole('tab', { name: 'About' }).click()
    await inSizesAndThemes(anna, 'channel-about')
    await page.getByRole('tab', { name: 'Members' }).click()
    await expect(page.getByRole('button', { name: /^Anna Berg Owner · You/ })).toBeVisible()
    await inSizesAndThemes(anna, 'channel-members')
    expect(await seriousProblems(page, { root: '.members' })).toEqual([])

    // A file dropped on the page is a draft; what is no video says so.
    await dropOn(page, [file])
    await expect(publish.getByLabel('Title')).toHaveValue('Evening walk')
    await expect(publish.getByText('Ready to be published.')).toBeVisible({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    await drafts.getByRole('button', { name: 'Discard' }).click()

    // Somebody else's page, of whom nothing is known yet: followed at once, blocked and not.
    await page.getByRole('button', { name: /Moderator/ }).click()
    await expect(page.getByRole('heading', { name: '0xabab…abab' })).toBeVisible()
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Following', pressed: true })).toBeVisible()
    await inSizesAndThemes(anna, 'channel-other')
    expect(await seriousProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'More about 0xabab…abab' }).click()
    await screenshot(page, 'channel-menu')
    await page.getByRole('menuitem', { name: 'Block' }).click()
    await expect(page.getByText('You have blocked this person')).toBeVisible()
    await page.getByRole('button', { name: 'Unblock' }).click()
    await expect(page.getByRole('button', { name: 'Following', pressed: true })).toBeVisible()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
