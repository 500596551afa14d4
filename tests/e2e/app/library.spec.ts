import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { peerIdOfPublicKey } from '@shared/live/peer-id-key'
import { expect, screenshot, test, type StudioApp } from './studio-app'

const ffmpeg = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path

/** Somebody who is not there. */
const CAROL = peerIdOfPublicKey(new Uint8Array(32).fill(7))

/** A minute of moving picture, whose index is in front, with a key picture each second. */
function makeVideo(path: string): void {
  const video = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30']
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=300']
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-b:v',
    '4M',
    '-g',
    '30',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ]
  execFileSync(ffmpeg, ['-v', 'error', ...video, ...sound, '-t', '60', ...coding, '-movflags', '+faststart', path])
}

/** Milliseconds from a seek to the picture of the new place, for places in random order. */
function seekTimes(video: Locator): Promise<number[]> {
  return video.evaluate(async (element) => {
    const player = element as HTMLVideoElement
    const times: number[] = []
    for (const to of [50, 20, 40, 10, 30]) {
      const startedAt = performance.now()
      const shown = new Promise<void>((resolve) => {
        const look = (_now: number, { mediaTime }: { mediaTime: number }): void => {
          if (Math.abs(mediaTime - to) < 1) resolve()
          else player.requestVideoFrameCallback(look)
        }
        player.requestVideoFrameCallback(look)
      })
      player.currentTime = to
      await shown
      times.push(performance.now() - startedAt)
    }
    return times
  })
}

async function openLibrary({ page }: StudioApp): Promise<void> {
  await page.getByRole('navigation').getByText('Library', { exact: true }).click()
}

test('a video is published in one window, played and sought in another at once, and removed', async ({ launch }) => {
  const folder = mkdtempSync(join(tmpdir(), 'we-library-'))
  try {
    const path = join(folder, 'Evening walk.mp4')
    makeVideo(path)
    writeFileSync(join(folder, 'Evening walk.en.vtt'), 'WEBVTT\n\n00:00.000 --> 01:00.000\nDown by the river\n')
    const anna = await launch('anna')
    await openLibrary(anna)
    await expect(anna.page.getByText('Nothing in your library yet')).toBeVisible({ timeout: 20_000 })
    await screenshot(anna.page, 'library-empty')
    await anna.app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    }, path)
    await anna.page.getByRole('button', { name: 'Publish a file' }).first().click()
    await expect(anna.page.getByRole('button', { name: 'Play Evening walk.mp4' })).toBeVisible({ timeout: 30_000 })
    await expect(anna.page.getByRole('meter', { name: 'Space used' })).toBeVisible()
    let link = ''
    const copiedLink = async (): Promise<string> => {
      await anna.page.getByRole('button', { name: 'Copy link of Evening walk.mp4' }).click()
      link = await anna.app.evaluate(({ clipboard }) => clipboard.readText())
      return link
    }
    // the captions that lay beside it are published a moment later
    const withCaptions = /^we:\/\/ipfs\/b[a-z2-7]{58}\?captions=en:bafkrei[a-z2-7]{52}#Evening%20walk\.mp4$/
    await expect.poll(copiedLink, { timeout: 30_000 }).toMatch(withCaptions)
    await screenshot(anna.page, 'library-published')
    await anna.page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
    await screenshot(anna.page, 'library-dark')

    const ben = await launch('ben')
    await openLibrary(ben)
    await ben.page.getByRole('textbox', { name: 'Link of a file' }).fill(link)
    await ben.page.getByRole('textbox', { name: 'Link of a file' }).press('Enter')
    const video = ben.page.getByLabel('Video of the library')
    const position = (): Promise<number> => video.evaluate((element) => (element as HTMLVideoElement).currentTime)
    await expect.poll(position, { timeout: 45_000 }).toBeGreaterThan(0.5)

    const seekMs = await seekTimes(video)
    await ben.page.keyboard.press('c')
    await expect(ben.page.getByRole('region', { name: 'Captions' })).toContainText('Down by the river')
    await screenshot(ben.page, 'library-playing')
    await video.evaluate((element) => (element as HTMLVideoElement).pause())
    // the same from the own disk, for comparison: this machine may be busy with other things
    await anna.page.getByRole('button', { name: 'Play Evening walk.mp4' }).click()
    const own = anna.page.getByLabel('Video of the library')
    await expect.poll(() => own.evaluate((element) => (element as HTMLVideoElement).currentTime)).toBeGreaterThan(0.2)
    const ownMs = await seekTimes(own)
    await anna.page.getByRole('button', { name: 'Back to the library' }).click()
    const words = (times: number[]): string => times.map(Math.round).join(', ')
    console.log(`seek to picture, from a peer: ${words(seekMs)} ms; from the own disk: ${words(ownMs)} ms`)
    const middle = (times: number[]): number => [...times].sort((a, b) => a - b)[2]!
    expect(middle(seekMs)).toBeLessThan(3_000 + 2 * middle(ownMs))

    await ben.page.getByRole('button', { name: 'Back to the library' }).click()
    await expect(ben.page.getByText('Kept while there is room')).toBeVisible()
    await ben.page.getByRole('button', { name: /^Pin Evening walk/ }).click()
    await expect(ben.page.getByText('Pinned', { exact: true })).toBeVisible({ timeout: 20_000 })
    await expect(ben.page.getByText(/31 MB of 20 GB used, 31 MB pinned/)).toBeVisible({ timeout: 30_000 })
    await expect(ben.page.getByText('Evening walk.mp4', { exact: true })).toBeVisible()
    await screenshot(ben.page, 'library-fetched')

    // whose lives are kept is chosen by keys, and stays
    await ben.page.getByRole('radio', { name: 'Nobody' }).focus()
    await ben.page.keyboard.press('ArrowRight')
    const field = ben.page.getByRole('textbox', { name: 'Add a channel' })
    await field.fill('anna')
    await field.press('Enter')
    await expect(ben.page.getByText('This is no link of a live')).toBeVisible()
    await field.fill(CAROL)
    await field.press('Enter')
    await expect(ben.page.getByText('None of these lives is on')).toBeVisible()
    await ben.page.reload()
    await openLibrary(ben)
    await expect(ben.page.getByRole('radio', { name: 'Channels I choose' })).toBeChecked({ timeout: 20_000 })
    const takeOff = ben.page.getByRole('button', { name: `Take Channel …${CAROL.slice(-8)} off` })
    await takeOff.focus()
    await screenshot(ben.page, 'library-keep')
    await ben.page.keyboard.press('Enter')
    await expect(ben.page.getByText('No channel chosen yet')).toBeVisible()

    await anna.page.getByRole('button', { name: 'Remove Evening walk.mp4' }).click()
    await screenshot(anna.page, 'library-remove')
    await anna.page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(anna.page.getByText('Nothing in your library yet')).toBeVisible()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
