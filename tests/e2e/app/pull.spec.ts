import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NginxRtmp, nginxMissing } from '../../integration/nginx-rtmp'
import { VideoServer } from '../../integration/pull-servers'
import type { Page } from '@playwright/test'
import { loudness, meterSound } from './sound-meter'
import { expect, screenshot, test } from './studio-app'

async function open(page: Page, url: string): Promise<number> {
  await page.getByRole('navigation').getByText('Watch', { exact: true }).click()
  await meterSound(page)
  await page.getByRole('textbox', { name: /link/i }).fill(url)
  const before = Date.now()
  await page.getByRole('textbox', { name: /link/i }).press('Enter')
  await expect.poll(() => shown(page), { timeout: 20_000, intervals: [20] }).not.toBe('')
  return Date.now() - before
}

/** A hash of what the <video> shows; empty before the first picture. */
async function shown(page: Page): Promise<string> {
  const video = page.locator('video')
  if ((await video.count()) === 0) return ''
  return video.evaluate((element) => {
    const { videoWidth } = element as HTMLVideoElement
    if (videoWidth === 0) return ''
    const canvas = new OffscreenCanvas(160, 90)
    const context = canvas.getContext('2d')!
    context.drawImage(element as HTMLVideoElement, 0, 0, 160, 90)
    const { data } = context.getImageData(0, 0, 160, 90)
    return data.reduce((hash, value) => (hash * 31 + value) | 0, 0).toString()
  })
}

async function expectMoving(page: Page): Promise<void> {
  const first = await shown(page)
  await expect.poll(() => shown(page), { timeout: 30_000 }).not.toBe(first)
}

async function figures(page: Page, name: string): Promise<void> {
  for (const stat of ['player-delay', 'buffer', 'stalled', 'frames', 'lates']) {
    console.log(name, stat, await page.locator(`[data-stat="${stat}"]`).innerText())
  }
}

test('a live of somebody else by HLS plays with picture and sound, and a film can be sought in', async ({ launch }) => {
  const web = await VideoServer.start()
  try {
    web.make(['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', 'low.m3u8'], 20, [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-s',
      '320x180',
      '-g',
      '50',
    ])
    web.make(['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', 'high.m3u8'], 20)
    const line = '#EXT-X-STREAM-INF:BANDWIDTH'
    const subs = (id: string, name: string): string =>
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="${name}",LANGUAGE="${id}",URI="${id}.m3u8"\n`
    for (const [id, text] of [
      ['en', 'Good evening <i>and</i> welcome'],
      ['de', 'Guten Abend'],
    ] as const) {
      const list = `#EXTM3U\n#EXT-X-TARGETDURATION:20\n#EXTINF:20,\n${id}.vtt\n#EXT-X-ENDLIST\n`
      writeFileSync(join(web.folder, `${id}.m3u8`), list)
      const evil = '&lt;img src=x onerror="document.title=1"&gt;'
      const cues = `00:00.000 --> 00:11.000\n${text}\n\n00:11.000 --> 00:20.000\n${evil}\n`
      writeFileSync(join(web.folder, `${id}.vtt`), `WEBVTT\n\n${cues}`)
    }
    const master = `#EXTM3U\n${subs('en', 'English')}${subs('de', 'Deutsch')}${line}=200000,RESOLUTION=320x180\nlow.m3u8\n${line}=800000,RESOLUTION=640x360\nhigh.m3u8\n`
    writeFileSync(join(web.folder, 'Evening walk.m3u8'), master)
    web.live([
      '-f',
      'hls',
      '-hls_time',
      '1',
      '-hls_list_size',
      '6',
      '-hls_flags',
      'delete_segments+temp_file',
      'stage.m3u8',
    ])
    const { page } = await launch('viewer')
    await page.getByRole('navigation').getByText('Watch', { exact: true }).click()
    await screenshot(page, 'pull-empty')
    // two segments: what a player begins with
    const list = (): string => (existsSync(join(web.folder, 'stage.m3u8')) ? web.read('stage.m3u8').toString() : '')
    await expect.poll(() => list().match(/\.ts/g)?.length ?? 0, { timeout: 60_000 }).toBeGreaterThan(2)
    console.log('HLS live: link to picture', await open(page, `${web.url}/stage.m3u8`), 'ms')
    await expect(page.getByRole('button', { name: 'Live', exact: true })).toBeVisible()
    await expectMoving(page)
    await expect.poll(() => loudness(page), { timeout: 30_000 }).toBeGreaterThan(0.001)
    await page.keyboard.press('s')
    await page.waitForTimeout(1500)
    await figures(page, 'HLS live')
    await screenshot(page, 'pull-hls-live')
    await page.getByRole('button', { name: 'Back to lives' }).click()

    console.log('HLS film: link to picture', await open(page, `${web.url}/Evening%20walk.m3u8`), 'ms')
    await expect(page.getByRole('heading', { name: 'Evening walk' })).toBeVisible()
    await expectMoving(page)
    const captions = page.getByRole('region', { name: 'Captions' })
    await expect(page.getByRole('button', { name: 'Captions: off' })).toBeVisible()
    await page.keyboard.press('c')
    await expect(captions).toHaveText('Good evening and welcome')
    await screenshot(page, 'pull-captions')
    await page.getByRole('button', { name: 'Captions: English' }).click()
    await screenshot(page, 'pull-captions-menu')
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
    await expect(captions).toHaveText('Guten Abend')
    const position = page.getByLabel('Position')
    const seconds = async (): Promise<number> => Number(await position.inputValue())
    await expect.poll(seconds).toBeGreaterThan(1)
    const before = await shown(page)
    const at = Date.now()
    await position.fill('12')
    await expect.poll(() => shown(page), { intervals: [10] }).not.toBe(before)
    console.log('HLS film: seek to next picture', Date.now() - at, 'ms')
    await expect.poll(seconds).toBeGreaterThan(12.5)
    expect(await seconds()).toBeLessThan(17)
    // The right words at the place that was sought; markup in them is letters.
    await expect(captions).toHaveText('<img src=x onerror="document.title=1">')
    expect(await captions.locator('img').count()).toBe(0)
    await page.keyboard.press('c')
    await expect(captions).toBeHidden()
    await page.keyboard.press('c')
    await expect(page.getByRole('combobox', { name: 'Quality' })).toBeVisible()
    await page.getByRole('combobox', { name: 'Quality' }).selectOption({ label: '180p' })
    await expect
      .poll(() => page.locator('video').evaluate((video) => (video as HTMLVideoElement).videoHeight), {
        timeout: 30_000,
      })
      .toBe(180)
    await page.keyboard.press('k')
    await page.waitForTimeout(500)
    const held = await seconds()
    await screenshot(page, 'pull-film-paused')
    await page.keyboard.press('k')
    await expect.poll(seconds).toBeGreaterThan(held + 0.4)
    expect(await seconds()).toBeLessThan(held + 5)
    await screenshot(page, 'pull-film')
    // The choice is kept for the next video.
    await page.getByRole('button', { name: 'Back to lives' }).click()
    await open(page, `${web.url}/Evening%20walk.m3u8`)
    await expect(captions).toHaveText('Guten Abend')
  } finally {
    await web.close()
  }
})

test('an RTMP address plays, and one that nobody sends to says so', async ({ launch }) => {
  test.skip(nginxMissing !== null, nginxMissing ?? '')
  const web = await VideoServer.start()
  const nginx = await NginxRtmp.start()
  try {
    web.live(['-f', 'flv', `${nginx.url}/friday`])
    const { page } = await launch('viewer')
    await page.waitForTimeout(2000)
    console.log('RTMP: link to picture', await open(page, `${nginx.url}/friday`), 'ms')
    await expect(page.getByRole('heading', { name: 'friday' })).toBeVisible()
    await expectMoving(page)
    await expect.poll(() => loudness(page), { timeout: 30_000 }).toBeGreaterThan(0.001)
    await page.keyboard.press('s')
    await page.waitForTimeout(1500)
    await figures(page, 'RTMP')
    await screenshot(page, 'pull-rtmp')
    await page.getByRole('button', { name: 'Back to lives' }).click()
    await page.getByRole('textbox', { name: /link/i }).fill(`${web.url}/nothing.m3u8`)
    await page.getByRole('textbox', { name: /link/i }).press('Enter')
    await expect(page.getByText('Nothing answers at this address', { exact: false })).toBeVisible()
    await screenshot(page, 'pull-nothing')
  } finally {
    await nginx.close()
    await web.close()
  }
})
