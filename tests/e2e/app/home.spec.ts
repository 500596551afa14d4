import type { Locator, Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inSizesAndThemes, seriousProblems } from './looks'
import { makePerson, rest } from './make-person'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const ffmpeg = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path

interface Clip {
  title: string
  w: number
  h: number
  seconds: number
  picture: string
  warn?: string[]
  tags?: string[]
}

const CLIPS: Clip[] = [
  { title: 'Morning swim in the harbour', w: 360, h: 640, seconds: 5, picture: 'testsrc2', tags: ['harbour', 'swim'] },
  {
    title: 'How to fold a paper crane in one minute, slowly and with both hands',
    w: 640,
    h: 360,
    seconds: 6,
    picture: 'mandelbrot',
  },
  { title: 'Life drawing', w: 360, h: 640, seconds: 4, picture: 'rgbtestsrc', warn: ['nudity'] },
]

function makeClip(folder: string, { title, w, h, seconds, picture }: Clip): { video: string; cover: string } {
  const [video, cover] = [join(folder, `${title.slice(0, 12)}.mp4`), join(folder, `${title.slice(0, 12)}.jpg`)]
  const source = ['-f', 'lavfi', '-i', `${picture}=size=${w}x${h}:rate=25`]
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=300']
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  execFileSync(ffmpeg, [
    '-v',
    'error',
    ...source,
    ...sound,
    '-t',
    `${seconds}`,
    ...coding,
    '-movflags',
    '+faststart',
    video,
  ])
  execFileSync(ffmpeg, ['-v', 'error', '-ss', '1', '-i', video, '-frames:v', '1', '-y', cover])
  return { video, cover }
}

/** Puts a file into the library by the dialog's own way. */
async function addFile({ app, page }: StudioApp, path: string): Promise<string> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)
  const cids = (): Promise<string[]> =>
    page.evaluate(async () => (await window.studio.library.getState()).files.map(({ cid }) => cid))
  const before = await cids()
  await page.evaluate(() => window.studio.library.publish())
  let added: string | undefined
  await expect.poll(async () => (added = (await cids()).find((cid) => !before.includes(cid))) !== undefined).toBe(true)
  return added!
}

async function publish(copy: StudioApp, folder: string, clip: Clip): Promise<void> {
  const files = makeClip(folder, clip)
  const [cid, thumb] = [await addFile(copy, files.video), await addFile(copy, files.cover)]
  await copy.page.evaluate(
    async ({ title, w, h, seconds, warn = [], tags = [], cid, thumb }) => {
      const { me } = await window.studio.community.getState()
      await window.studio.channels.publishVideo({
        ...{ channel: `chan:${me}/main`, title, desc: 'Made for a test.', category: 'learning', tags, lang: 'en' },
        ...{ dur: seconds * 1_000, w, h, thumb, captions: [], warn, licence: 'CC-BY-4.0' },
        variants: [{ cid, codec: 'avc1.64001f', w, h, br: 400_000, size: 100_000 }],
      })
    },
    { ...clip, cid, thumb },
  )
}

async function goHome({ page }: StudioApp): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Home' }).click()
}

const tab = (page: Page, name: string): Locator => page.getByRole('radio', { name })

/** The video in front, and where it is. */
const front = (page: Page): Locator => page.locator('.short[data-place="0"] video')
const position = (page: Page): Promise<number> =>
  front(page).evaluate((element) => (element as HTMLVideoElement).currentTime)

test('videos of one window come to another: played at once by keys and wheel, liked, discussed, followed', async ({
  launch,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'we-home-'))
  try {
    const anna = await launch('anna')
    await rest(anna)
    await goHome(anna)
    await expect(anna.page.getByText('No videos have reached you yet')).toBeVisible()
    await inSizesAndThemes(anna, 'home-empty')
    await makePerson(anna, 'Anna Lindqvist')
    for (const clip of CLIPS) await publish(anna, folder, clip)
    await tab(anna.page, 'New').press(' ')
    const own = anna.page.getByRole('article', { name: CLIPS[0]!.title })
    await expect(own).toBeVisible()

    const ben = await launch('ben')
    await rest(ben)
    await goHome(ben)
    const { page } = ben
    await expect(page.getByRole('article')).toHaveCount(3, { timeout: 60_000 })
    await expect(page.getByRole('button', { name: /^Play Nudity, hidden/ })).toBeVisible()
    await page.getByRole('button', { name: 'Why am I seeing this?' }).first().click()
    await expect(page.getByText('Worked out on this computer')).toBeVisible()
    await page.getByRole('button', { name: 'Tune recommendations' }).click()
    await expect(page.getByRole('slider', { name: 'Familiar or fresh' })).toBeVisible()
    await inSizesAndThemes(ben, 'home-for-you')
    expect(await seriousProblems(ben.page, { root: '.home' })).toEqual([])
    await page.getByRole('button', { name: 'Tune recommendations' }).click()

    await tab(page, 'New').press(' ')
    await page.getByRole('button', { name: `Play ${CLIPS[1]!.title}` }).click()
    await expect.poll(() => position(page), { timeout: 30_000 }).toBeGreaterThan(0.3)
    expect(await seriousProblems(ben.page, { root: '.shorts' })).toEqual([])
    await inSizesAndThemes(ben, 'shorts-wide')

    // the next one has its first picture before it is asked for
    const next = page.locator('.short[data-place="1"] video')
    await expect
      .poll(() => next.evaluate((element) => (element as HTMLVideoElement).readyState))
      .toBeGreaterThanOrEqual(2)
    const toPictureMs = await page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('.short[data-place="1"] video')!
      const startedAt = performance.now()
      const moving = new Promise<void>((resolve) => {
        video.addEventListener('timeupdate', () => resolve(), { once: true })
        video.addEventListener('playing', () => resolve(), { once: true })
      })
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))
      await moving
      return performance.now() - startedAt
    })
    console.log(`from the key to the next video playing: ${Math.round(toPictureMs)} ms`)
    expect(toPictureMs).toBeLessThan(5_000) // 15 to 30 where nothing else runs
    await expect(page.getByRole('heading', { name: CLIPS[0]!.title })).toBeVisible()
    await page.keyboard.press(' ')
    expect(await front(page).evaluate((element) => (element as HTMLVideoElement).paused)).toBe(true)
    await page.keyboard.press('m')
    await expect(page.getByRole('button', { name: 'Sound on' })).toBeVisible()
    await page.mouse.move(600, 300)
    await page.mouse.wheel(0, -240)
    await expect(page.getByRole('heading', { name: CLIPS[1]!.title })).toBeVisible()
    await page.keyboard.press('ArrowDown')

    // without an account a like says how to get one, and does not stay
    await page.keyboard.press('l')
    await expect(page.getByText('For this you need an account.')).toBeVisible()
    await expect(page.getByRole('button', { name: /^Like \(L\), 0/ })).toBeVisible()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.keyboard.press('c')
    await expect(page.getByText('Comments need an account')).toBeVisible()
    await page.keyboard.press('Escape')

    await makePerson(ben, 'Ben')
    await page.bringToFront()
    await page.keyboard.press('l')
    await expect(page.getByRole('button', { name: /^Take the like back, 1/ })).toBeVisible()
    await page.getByRole('button', { name: /^Follow Anna/ }).click()
    await expect(page.getByRole('button', { name: /^Following Anna/ })).toBeVisible()
    await page.keyboard.press('c')
    await page.getByRole('textbox', { name: 'Add a comment' }).fill('How cold was it?')
    await page.getByRole('textbox', { name: 'Add a comment' }).press('Enter')
    await expect(page.getByRole('article', { name: 'Comment of Ben' })).toBeVisible()

    await anna.page.getByRole('button', { name: `Play ${CLIPS[0]!.title}` }).click()
    await expect(anna.page.getByRole('button', { name: /^Like \(L\), 1/ })).toBeVisible({ timeout: 30_000 })
    await anna.page.keyboard.press('c')
    await anna.page.getByRole('button', { name: 'Reply' }).click({ timeout: 30_000 })
    await anna.page.getByRole('textbox', { name: 'Reply to Ben' }).fill('Nine degrees. Lovely!')
    await anna.page.getByRole('textbox', { name: 'Reply to Ben' }).press('Enter')
    await expect(anna.page.getByRole('article', { name: /Comment of Anna/ })).toBeVisible()
    await page.getByRole('button', { name: '1 reply' }).click({ timeout: 30_000 })
    await expect(page.getByText('Nine degrees. Lovely!')).toBeVisible()
    await inSizesAndThemes(ben, 'shorts-comments')
    expect(await seriousProblems(ben.page, { root: '.shorts' })).toEqual([])
    // one's own words change for everybody; what is deleted can be taken back for a while, by keys alone
    const bens = page.getByRole('article', { name: 'Comment of Ben' })
    await bens.getByRole('button', { name: 'Edit' }).press('Enter')
    const change = page.getByRole('textbox', { name: 'Change your comment' })
    await expect(change).toBeFocused()
    await change.fill('How cold was the lake?')
    await change.press('Enter')
    await expect(bens.getByText('edited', { exact: true })).toBeVisible()
    await expect(bens.getByRole('button', { name: 'Edit' })).toBeFocused()
    await expect(anna.page.getByText('How cold was the lake?')).toBeVisible({ timeout: 30_000 })
    await bens.getByRole('button', { name: 'Reply' }).press('Enter')
    await page.keyboard.press('Escape')
    await expect(bens.getByRole('button', { name: 'Reply' })).toBeFocused()
    await bens.getByRole('button', { name: 'Delete' }).press('Enter')
    await expect(bens).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(bens.getByText('How cold was the lake?')).toBeVisible()
    await page.getByRole('button', { name: '1 reply' }).press('Enter')
    await expect(page.getByText('Nine degrees. Lovely!')).toBeVisible()
    await page.getByRole('button', { name: 'Hide replies' }).press('Enter')
    await expect(page.getByText('Nine degrees. Lovely!')).toBeHidden()
    await bens.getByRole('button', { name: 'Delete' }).click()
    await expect(bens).toBeHidden()
    await page.keyboard.press('Escape')

    // what is veiled does not run until it is asked for; "not interested" can be undone
    await page.getByRole('button', { name: 'Previous video' }).click()
    await page.getByRole('button', { name: 'Previous video' }).click()
    await expect(page.getByText('Its author warns of it.')).toBeVisible()
    await expect(front(page)).toHaveCount(0)
    await screenshot(page, 'shorts-veiled')
    await page.getByRole('button', { name: 'Show it' }).click()
    await expect.poll(() => position(page), { timeout: 20_000 }).toBeGreaterThan(0.1)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Not interested' }).click()
    await expect(page.getByText('Put away.', { exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
    await tab(page, 'Following').press(' ')
    await expect(page.getByRole('article')).toHaveCount(2)
    await page.getByRole('button', { name: 'Undo' }).click()

    // what comes meanwhile is counted, not pushed in
    await page.getByRole('button', { name: /^1 new/ }).click({ timeout: 20_000 })
    await expect(page.getByRole('article')).toHaveCount(3)
    await publish(anna, folder, { title: 'Evening ferry', w: 360, h: 640, seconds: 4, picture: 'smptebars' })
    await page.getByRole('button', { name: '1 new' }).click({ timeout: 30_000 })
    await expect(page.getByRole('article', { name: 'Evening ferry' })).toBeVisible()
    await screenshot(page, 'home-following')

    // upright ones one after another
    await page.getByRole('button', { name: 'Shorts' }).click()
    await expect.poll(() => position(page), { timeout: 30_000 }).toBeGreaterThan(0.2)
    await inSizesAndThemes(ben, 'shorts-tall')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('article')).toHaveCount(4)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
