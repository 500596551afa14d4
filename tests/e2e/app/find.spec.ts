import type { Page } from '@playwright/test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inSizesAndThemes, seriousProblems } from './looks'
import { makeAccount } from './make-person'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const CID = `bafk${'a'.repeat(55)}`
const SPAMMER = `0x${'5b'.repeat(20)}`

/** A person with a channel, two videos and a comment. */
async function settle(copy: StudioApp): Promise<{ account: string; video: string }> {
  const account = await makeAccount(copy, 'Bea')
  const video = await copy.page.evaluate(
    async ({ me, cid }) => {
      const { acts, channels } = window.studio
      const split = { creator: 9_000, sharer: 500, seeder: 500 }
      await channels.saveProfile({ name: 'Bea Cooks', bio: 'Soups of the world', links: [], langs: [] })
      const texts = { slug: 'main', title: 'Slow soups', desc: 'Soup, slowly', category: 'food' }
      await channels.saveChannel({ ...texts, mods: [], split, theta: 0, sigma: 0 })
      const files = [{ cid, codec: 'avc1.64001f', w: 1280, h: 720, br: 2_000_000, size: 9_000_000 }]
      const about = { channel: `chan:${me}/main`, desc: '', category: 'food', dur: 60_000, w: 1280, h: 720 }
      const rest = { variants: files, captions: [], warn: [], licence: 'CC-BY-4.0' }
      const id = await channels.publishVideo({ ...about, ...rest, title: 'Soup of Crète, slowly', tags: ['soup'] })
      await channels.publishVideo({ ...about, ...rest, title: '北京大学旁边的面馆', tags: ['面'] })
      await acts.comment({ subject: id, text: 'The best soup that I ever had, and so slow' })
      return id
    },
    { me: account, cid: CID },
  )
  return { account, video }
}

test('what is there is found as one types, is shared with the sharer’s name, and what one does not want to see is kept away', async ({
  launch,
}) => {
  test.setTimeout(180_000)
  const copy = await launch('bea')
  const { app, page } = copy
  const { account, video } = await settle(copy)
  await app.evaluate(({ shell }) => {
    const opened: string[] = ((globalThis as { opened?: string[] }).opened = [])
    shell.openExternal = (url) => Promise.resolve(void opened.push(url))
  })

  // search: keys alone, as one types, Chinese of two characters, links
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: /^Search/ })
  await expect(field).toBeFocused()
  await field.pressSequentially('sou')
  const found = page.getByRole('listbox', { name: 'Found' })
  for (const group of ['Videos and lives', 'Channels', 'People', 'Comments'])
    await expect(found.getByRole('group', { name: group }).getByRole('option')).toHaveCount(1)
  await expect(found.locator('mark').first()).toHaveText('Sou')
  await page.keyboard.press('ArrowDown')
  await inSizesAndThemes(copy, 'find-search')
  expect(await seriousProblems(page, { root: '.search' })).toEqual([])
  await field.fill('北京')
  await expect(found.getByRole('option', { name: '北京大学旁边的面馆' })).toBeVisible()
  await field.fill('zebra quarry')
  await expect(page.getByText('Nothing on this computer holds')).toBeVisible()
  await screenshot(page, 'find-search-empty')
  await field.fill('slow')
  await expect(found.getByRole('option')).toHaveCount(3)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Channel', exact: true })).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('/')
  await field.fill('')
  await expect(found.getByRole('option', { name: 'slow' })).toBeVisible() // remembered on this computer

  // share: the link names Bea; main opens the network's own form, or copies
  await page.keyboard.press('Escape')
  await page.evaluate(() => window.studio.settings.set({ shareBase: 'https://relay.example.org/open/' }))
  const links = await page.evaluate((subject) => window.studio.sharing.links({ subject }), video)
  expect(links.why).toBeNull()
  expect(links.we).toContain(`we://v/${video}?a=${account}&s=`)
  expect(links.web).toContain(`https://relay.example.org/open/#v/${video}`)
  const share = (net: 'x' | 'qq' | 'instagram') =>
    page.evaluate(({ subject, net }) => window.studio.sharing.take({ subject, title: 'Soup', net, web: true }), {
      subject: video,
      net,
    } as const)
  expect([await share('x'), await share('qq'), await share('instagram')]).toEqual(['opened', 'opened', 'copied'])
  const opened = await app.evaluate(() => (globalThis as { opened?: string[] }).opened)
  expect(opened?.map((url) => new URL(url).host)).toEqual(['x.com', 'connect.qq.com'])
  expect(new URL(opened![0]!).searchParams.get('url')).toBe(links.web)
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toContain(links.web)
  const card = () => page.evaluate(async (id) => (await window.studio.home.item(id))?.counts.share, video)
  await expect.poll(card).toBe(1) // her log says so, once
  expect(await page.evaluate((link) => window.studio.sharing.read(link), links.web!)).toEqual({
    ...{ type: 'item', id: video, account },
  })

  // a link that is pressed elsewhere: a list, looked at before it counts
  const list = await page.evaluate(
    (s) => window.studio.safety.saveList({ purpose: 'block', title: 'Gold sellers', desc: 'Spam', items: [{ s }] }),
    `acct:${SPAMMER}`,
  )
  await app.evaluate(({ app: electron }, link) => {
    electron.emit('second-instance', {}, ['we-studio', link])
  }, `we://l/${list}`)
  const preview = page.getByRole('dialog', { name: 'Gold sellers' })
  await expect(preview).toContainText('Made and signed by Bea Cooks')
  await screenshot(page, 'find-list')
  await preview.getByRole('button', { name: 'Subscribe' }).click()

  // what one sees: blocked and back, words, labels, lists
  await page.evaluate((s) => window.studio.safety.block({ subject: s, on: true }), `acct:${SPAMMER}`)
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  const section = page.getByRole('region', { name: 'What you see' })
  for (const part of ['Blocked', 'Words you do not want', 'Labels', 'Lists of others', 'Lists of your own'])
    await section.locator('summary', { hasText: part }).click()
  await section.getByLabel('A word').fill('casino*')
  await section.getByLabel('A word').press('Enter')
  await expect(section.getByText('casino*', { exact: true })).toBeVisible()
  await section.getByRole('radiogroup', { name: 'Violence' }).getByRole('radio', { name: 'Hide' }).check()
  const rules = await page.evaluate(() => window.studio.safety.getRules())
  expect(rules).toMatchObject({ blocked: [`acct:${SPAMMER}`], blockWords: ['casino*'], lists: [list] })
  expect(rules.labels['violence']).toBe('hide')
  await section.scrollIntoViewIfNeeded()
  await inSizesAndThemes(copy, 'find-safety')
  expect(await seriousProblems(page, { root: '.safety' })).toEqual([])
  await section.getByRole('button', { name: /^Unblock/ }).click()
  await expect(section.getByText('Nobody. Block somebody')).toBeVisible()
  await section.getByRole('button', { name: 'New list' }).click()
  const editor = page.getByRole('dialog', { name: 'New list' })
  await editor.getByLabel('Name').fill('Loud people')
  await editor.getByRole('textbox', { name: 'Who is on it' }).fill('no link at all')
  await editor.getByRole('textbox', { name: 'Who is on it' }).press('Enter')
  await expect(editor.getByText('This is no person, channel or video.')).toBeVisible()
  await editor.getByRole('textbox', { name: 'Who is on it' }).fill(`0x${'5C'.repeat(20)}`)
  await editor.getByRole('textbox', { name: 'Who is on it' }).press('Enter')
  await expect(editor.getByRole('button', { name: /^Take 0x5c/ })).toBeVisible()
  expect(await seriousProblems(page, { root: '.safety-dialog' })).toEqual([])
  await editor.getByRole('button', { name: 'Save' }).click()
  await section.getByRole('button', { name: 'Edit Loud people' }).click()
  await page.getByRole('dialog', { name: 'Edit list' }).getByRole('button', { name: 'Take it back' }).click()
  await expect(section.getByRole('button', { name: 'Edit Loud people' })).toHaveCount(0)
  await section.getByRole('button', { name: 'Share Gold sellers' }).click()
  const sheet = page.getByRole('dialog', { name: /^Share/ })
  await expect(sheet.getByRole('img', { name: /^QR code/ })).toBeVisible()
  await inSizesAndThemes(copy, 'find-share')
  expect(await seriousProblems(page, { root: '.share' })).toEqual([])
  await sheet.getByRole('button', { name: 'WeChat' }).click()
  await expect(sheet.getByText('Scan the code with WeChat')).toBeVisible()
  await page.keyboard.press('Escape')

  // everything she did, into a file and back; a broken one is refused before anything is taken in
  const folder = mkdtempSync(join(tmpdir(), 'we-backup-'))
  try {
    const files = {
      backup: join(folder, 'bea.car'),
      broken: join(folder, 'broken.car'),
      events: join(folder, 'bea.jsonl'),
    }
    const answer = (save: string, choose: string): Promise<void> =>
      app.evaluate(
        ({ dialog }, [filePath, chosen]) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: filePath! })
          dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen!] })
        },
        [save, choose],
      )
    await answer(files.backup, files.backup)
    const data = page.getByRole('region', { name: 'Your data' })
    await data.getByRole('button', { name: 'Make a backup' }).click()
    await expect(data.getByText('bea.car has everything up to now')).toBeVisible({ timeout: 20_000 })
    const bytes = readFileSync(files.backup)
    writeFileSync(files.broken, bytes.subarray(0, -5))
    await data.getByRole('button', { name: 'Restore from a file' }).click()
    const restore = page.getByRole('dialog', { name: 'Restore bea.car' })
    await expect(restore.getByText('Bea Cooks')).toBeVisible({ timeout: 20_000 })
    await expect(restore.getByText(/2 videos/)).toBeVisible()
    await expect(restore.getByText('Nothing: all of it is on this computer')).toBeVisible()
    await inSizesAndThemes(copy, 'backup-restore')
    expect(await seriousProblems(page, { root: '.safety-dialog' })).toEqual([])
    await restore.getByRole('button', { name: 'Close' }).click()
    await answer(files.events, files.broken)
    await data.getByRole('button', { name: 'Restore from a file' }).click()
    await expect(data.getByText('This file is no whole backup')).toBeVisible({ timeout: 20_000 })
    await data.scrollIntoViewIfNeeded()
    await inSizesAndThemes(copy, 'backup-section')
    await data.getByRole('button', { name: 'Export events' }).click()
    const findSheet = (): Page | undefined => app.windows().find((one) => one.url().startsWith('app://wallet-sheet'))
    await expect.poll(() => findSheet() !== undefined).toBe(true)
    const prompt = findSheet()!.getByRole('dialog', { name: 'Sign what you said as Nostr events' })
    await prompt.getByLabel('Passphrase', { exact: true }).fill('ripe plums in june')
    await screenshot(findSheet()!, 'backup-nostr')
    await prompt.getByRole('button', { name: 'Allow' }).click()
    await expect(data.getByText(/bea.jsonl has \d+ signed events/)).toBeVisible({ timeout: 30_000 })
    const events = readFileSync(files.events, 'utf8').trim().split('\n')
    expect(events.map((line) => (JSON.parse(line) as { kind: number }).kind)).toEqual(
      expect.arrayContaining([0, 34_235, 1111]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
