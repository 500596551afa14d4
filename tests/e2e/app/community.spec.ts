import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { makePerson, rest } from './make-person'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const ffmpeg = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path

/** Six seconds, upright. */
function makeShort(path: string): void {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=360x640:rate=30', '-f', 'lavfi', '-i', 'sine=frequency=300']
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  execFileSync(ffmpeg, ['-v', 'error', ...picture, '-t', '6', ...coding, '-movflags', '+faststart', path])
}

/** Puts a file into a channel as a person would, past the system's dialog. Returns the id of the video. */
async function publish({ app, page }: StudioApp, path: string, channel: string): Promise<string> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)
  const draft = await page.evaluate((to) => window.studio.publishing.choose(to), channel)
  const state = (): Promise<string | undefined> =>
    page.evaluate(
      async (id) => (await window.studio.publishing.drafts()).find((one) => one.id === id)?.now.state,
      draft!,
    )
  await expect.poll(state, { timeout: 20_000 }).toBe('ready')
  return page.evaluate(async (id) => {
    const { details } = (await window.studio.publishing.drafts()).find((one) => one.id === id)!
    const said = { ...details, title: 'Plums of June', tags: ['plums'] }
    await window.studio.publishing.setDetails({ id, details: said })
    return window.studio.publishing.publish(id)
  }, draft!)
}

async function openNew(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Home' }).click()
  await page.getByRole('radio', { name: 'New' }).check({ force: true })
}

const counts = (page: Page, id: string) =>
  page.evaluate(async (item) => (await window.studio.home.item(item))?.counts, id)

test('three apps: a video goes from one to the others, is liked, talked about and shared on; a room, a message, a block', async ({
  launch,
}) => {
  test.setTimeout(180_000)
  const folder = mkdtempSync(join(tmpdir(), 'we-community-'))
  try {
    const names = ['anna', 'ben', 'cleo']
    const [anna, ben, cleo] = (await Promise.all(names.map((name) => launch(name)))) as [
      StudioApp,
      StudioApp,
      StudioApp,
    ]
    makeShort(join(folder, 'plums.mp4'))
    await Promise.all([anna, ben, cleo].map(rest))
    const [annas, bens] = await Promise.all([makePerson(anna, 'Anna'), makePerson(ben, 'Ben')])
    const channel = `chan:${annas}/plums`
    await anna.page.evaluate(async () => {
      const split = { creator: 9_500, sharer: 500, seeder: 0 }
      const texts = { slug: 'plums', title: 'Plums', desc: '', category: 'food' }
      await window.studio.channels.saveChannel({ ...texts, mods: [], split, theta: 0, sigma: 0 })
    })
    const video = await publish(anna, join(folder, 'plums.mp4'), channel)

    // it is in the feeds of the others by itself, and plays
    await openNew(ben.page)
    await ben.page.getByRole('button', { name: 'Play Plums of June' }).click({ timeout: 40_000 })
    const playing = ben.page.locator('video').first()
    await expect.poll(() => playing.evaluate((element) => (element as HTMLVideoElement).currentTime)).toBeGreaterThan(0)
    await ben.page.keyboard.press('l')
    await ben.page.keyboard.press('c')
    const field = ben.page.getByRole('textbox', { name: 'Add a comment' })
    await field.fill('The best of the year')
    await field.press('Enter')
    await expect.poll(() => counts(anna.page, video)).toMatchObject({ like: 1, comment: 1 })
    await screenshot(ben.page, 'community-comments')

    // the link that ben shares is opened by cleo, who sees what was said
    const { we } = await ben.page.evaluate((subject) => window.studio.sharing.links({ subject }), video)
    expect(we).toContain('&s=') // it says that ben shared it
    await cleo.page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Watch' }).click()
    await cleo.page.getByRole('textbox', { name: 'Link of a live or a video' }).fill(we)
    await cleo.page.keyboard.press('Enter')
    await expect(cleo.page.getByRole('button', { name: /^(Like|Take the like back), 1$/ }).first()).toBeVisible({
      timeout: 20_000,
    })
    await cleo.page.keyboard.press('c')
    const said = (page: Page) => page.getByRole('article', { name: 'Comment of Ben' })
    await expect(said(cleo.page)).toContainText('The best of the year')
    await screenshot(cleo.page, 'community-shared')

    // a room: what one says the others hear; who only listens needs no account
    const lines = async ({ page }: StudioApp): Promise<string[]> =>
      page.evaluate(async (room) => {
        const { lines: all } = await window.studio.rooms.open({ room })
        await window.studio.rooms.leave({ room })
        return all.map(({ name, text }) => `${name ?? '?'}: ${text}`)
      }, channel)
    for (const { page } of [anna, ben, cleo]) await page.evaluate((room) => window.studio.rooms.open({ room }), channel)
    await anna.page.evaluate((room) => window.studio.rooms.say({ room, text: 'Welcome' }), channel)
    await expect.poll(() => lines(ben)).toEqual(['Anna: Welcome'])
    await ben.page.evaluate((room) => window.studio.rooms.say({ room, text: 'Hello Anna' }), channel)
    for (const person of [anna, ben, cleo]) {
      await expect.poll(() => lines(person)).toEqual(['Anna: Welcome', 'Ben: Hello Anna'])
    }

    // a private message, which cleo's computer cannot have
    await ben.page.evaluate(async (to) => {
      const conversation = await window.studio.messages.start({ accounts: [to] })
      await window.studio.messages.say({ conversation, text: 'May I have the recipe?' })
    }, annas)
    const requests = (): Promise<string> =>
      anna.page.evaluate(async () => JSON.stringify(await window.studio.messages.getState()))
    await expect.poll(requests, { timeout: 20_000 }).toContain('May I have the recipe?')

    // anna has had enough: for her alone ben is gone, everywhere
    await openNew(anna.page)
    await anna.page.getByRole('button', { name: 'Play Plums of June' }).click()
    await anna.page.keyboard.press('c')
    await said(anna.page).getByRole('button', { name: 'Block' }).click()
    await expect(said(anna.page)).toBeHidden()
    await expect.poll(() => lines(anna)).toEqual(['Anna: Welcome'])
    await expect.poll(requests).not.toContain('May I have the recipe?')
    await expect(said(cleo.page)).toBeVisible()
    expect((await anna.page.evaluate(() => window.studio.safety.getRules())).blocked).toEqual([`acct:${bens}`])
    await screenshot(anna.page, 'community-blocked')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
