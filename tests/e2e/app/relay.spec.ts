import type { RelayState } from '@shared/ipc/studio-schema'
import type { RelayChoice } from '@shared/live/relay-choice'
import type { Page } from '@playwright/test'
import { execFile, spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { DECODE_ALL } from '../../../src/main/media/testing/decode-all'
import { expect, expectMovingPreview, oneApp, screenshot, test, type StudioApp } from './studio-app'
import { RelayPage } from './relay-page'
import { sendByWhip } from './whip-from-window'
import { wholeFlv, wholeMp4 } from './whole-media'

const creator = oneApp('creator')

const run = promisify(execFile)

/** Copies of tests run beside each other: free ports instead of the usual ones. */
const OFF: RelayChoice = {
  ...{ on: false, open: false, rtmpPort: 0, httpPort: 0, record: false, smallerCopy: false },
}

const choose = (page: Page, choice: RelayChoice): Promise<RelayState> =>
  page.evaluate((wanted) => window.studio.relay.set(wanted), choice)

const stateOf = (page: Page): Promise<RelayState> => page.evaluate(() => window.studio.relay.getState())

/** What an endless answer sends within `ms`. */
async function readFor(url: string, ms: number): Promise<Buffer> {
  const gone = new AbortController()
  const chunks: Uint8Array[] = []
  const timer = setTimeout(() => gone.abort(), ms)
  try {
    const response = await fetch(url, { signal: gone.signal })
    expect(response.status).toBe(200)
    for await (const chunk of response.body!) chunks.push(chunk)
  } catch (error) {
    if (!gone.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

/** Reads a stream from here for a while and has ffmpeg decode all of it: how many pictures; throws for any error. */
async function decode(url: string, ms: number): Promise<number> {
  const bytes = await readFor(url, ms)
  let pictures = 0
  for (const [index, part] of (url.endsWith('.flv') ? wholeFlv(bytes) : wholeMp4(bytes)).entries()) {
    const path = test.info().outputPath(`${index}-${basename(url)}`)
    writeFileSync(path, part)
    const out = [...DECODE_ALL, '-progress', 'pipe:1', '-']
    const { stdout, stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', path, ...out], { timeout: 30_000 })
    expect(stderr).toBe('')
    pictures += Number([...stdout.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1])
  }
  return pictures
}

async function enginePid({ app }: StudioApp): Promise<number | undefined> {
  return app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find(({ name }) => name === 'WE Studio relay')?.pid,
  )
}

test('a live is watched in any browser and by players, also after the relay was killed', async () => {
  test.setTimeout(120_000)
  const copy = creator()
  const { page } = copy
  await expectMovingPreview(page)
  await choose(page, OFF)
  expect(await enginePid(copy)).toBeUndefined()
  await page.getByRole('textbox', { name: 'Title' }).fill('Crème & more')
  await page.getByRole('button', { name: 'Go live' }).click()
  await expect(page.getByRole('button', { name: 'End live' })).toBeVisible({ timeout: 30_000 })

  await page.getByRole('button', { name: 'Also on' }).click()
  const section = page.getByRole('dialog').getByRole('region', { name: 'Watch in any browser' })
  await screenshot(page, 'relay-off')
  await section.getByRole('switch', { name: 'Watch in any browser' }).click()
  const link = section.getByText(/^http:\/\/127\.0\.0\.1:\d+\/watch\/creme-more$/)
  await expect(link).toBeVisible({ timeout: 30_000 })
  const pageUrl = await link.innerText()
  const web = new URL(pageUrl).origin
  await section.getByRole('button', { name: 'Copy Page' }).click()
  expect(await copy.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(pageUrl)

  expect(await (await fetch(pageUrl)).text()).toContain('WE Studio')
  expect(await (await fetch(`${web}/api/creme-more.json`)).json()).toMatchObject({
    title: 'Crème & more',
    sending: true,
  })
  const least = async (...kinds: string[]): Promise<number> =>
    Math.min(...(await Promise.all(kinds.map((kind) => decode(`${web}/live/creme-more${kind}`, 4_000)))))
  await expect.poll(() => least('.flv', '.mp4'), { timeout: 40_000 }).toBeGreaterThanOrEqual(15)
  await expect(section.locator('[data-bytes="flv"]')).not.toHaveText('0 bytes')
  await section.locator('[data-bytes="rtmp"]').scrollIntoViewIfNeeded()
  await screenshot(page, 'relay-live')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'relay-live-dark')

  // the page in a browser: over WebRTC, and where that does not get through by itself another way
  const browser = await RelayPage.open(copy, pageUrl)
  await expect.poll(async () => (await browser.received()).framesDecoded, { timeout: 30_000 }).toBeGreaterThan(30)
  expect(await browser.figure('Way')).toBe('WebRTC')
  await browser.page.getByRole('button', { name: 'Turn sound on' }).click({ force: true })
  await expect.poll(async () => (await browser.received()).energy, { timeout: 30_000 }).toBeGreaterThan(0)
  await expect(section.locator('[data-readers="whep"]')).toHaveText('1')
  await screenshot(browser.page, 'relay-page-light')
  await browser.page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(browser.page, 'relay-page-dark')
  await browser.page.setViewportSize({ width: 390, height: 720 })
  await screenshot(browser.page, 'relay-page-narrow')
  await browser.openBlocked()
  await expect.poll(() => browser.figure('Way'), { timeout: 30_000 }).toBe('MP4')
  await expect.poll(() => browser.shown(), { timeout: 30_000 }).toBeGreaterThan(0.1)
  await expect(section.locator('[data-readers="whep"]')).toHaveText('0', { timeout: 30_000 })
  await browser.close()

  const before = await enginePid(copy)
  process.kill(before!, 'SIGKILL')
  await expect.poll(() => enginePid(copy).then((pid) => pid !== undefined && pid !== before)).toBe(true)
  await expect(section.getByText(pageUrl)).toBeVisible({ timeout: 30_000 })
  // the new one has the live a moment later than its address
  const described = (): Promise<number> =>
    fetch(`${web}/api/creme-more.json`).then(
      ({ status }) => status,
      () => 0,
    )
  await expect.poll(described, { timeout: 30_000 }).toBe(200)
  await expect.poll(() => least('.flv'), { timeout: 40_000 }).toBeGreaterThanOrEqual(15)

  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'End live' }).click()
  await page.getByRole('button', { name: 'End live' }).click()
  await expect.poll(async () => (await fetch(`${web}/live/creme-more.flv`)).status).toBe(404)
  expect(await stateOf(page)).toMatchObject({ status: { state: 'on' }, show: null })
  await page.emulateMedia({ colorScheme: 'light' })
})

test('OBS sends with a key that is shown once, and its live is listed with its addresses', async () => {
  test.setTimeout(90_000)
  const copy = creator()
  const { page } = copy
  await choose(page, OFF)
  await page.getByRole('button', { name: 'Settings' }).click()
  const section = page.getByRole('region', { name: 'Relay', exact: true })
  await section.scrollIntoViewIfNeeded()
  await section.getByRole('switch', { name: /Take lives from OBS/ }).click()
  await expect(section.getByText('Nothing yet.')).toBeVisible({ timeout: 30_000 })
  await section.getByLabel('Stream key for').fill('not a name')
  await section.getByRole('button', { name: 'Make a key' }).click()
  await expect(section.getByRole('alert')).toContainText('letters, digits')
  await section.getByLabel('Stream key for').fill('desk')
  await section.getByRole('button', { name: 'Make a key' }).click()
  const made = section.getByRole('status').locator('code')
  await expect(made).toBeVisible()
  const key = await made.innerText()
  const server = await section.getByText(/^rtmp:/).innerText()
  await expect(section.getByRole('button', { name: 'Replace the key' })).toBeVisible()
  await made.scrollIntoViewIfNeeded()
  await screenshot(page, 'relay-key')

  // a relay run by somebody: here the very same one
  const foreign = page.getByRole('region', { name: 'Relay run by somebody else' })
  await foreign.getByLabel('Address').fill(`http://127.0.0.1:${(await stateOf(page)).choice.httpPort}/watch/desk`)
  await foreign.getByLabel('Stream key').fill('wrong')
  await foreign.getByRole('button', { name: 'Check and keep' }).click()
  await expect(foreign.getByRole('alert')).toContainText('does not know this stream key')
  await foreign.scrollIntoViewIfNeeded()
  await screenshot(page, 'foreign-relay-wrong')
  await foreign.getByLabel('Stream key').fill(key)
  await foreign.getByRole('button', { name: 'Check and keep' }).click()
  await expect(foreign.getByText('Your next live goes there too.')).toBeVisible()
  await screenshot(page, 'foreign-relay')
  await foreign.getByRole('button', { name: 'Remove' }).click()
  await expect(foreign.getByLabel('Address')).toBeVisible()

  const limits = page.getByRole('region', { name: 'Network' })
  await limits.getByRole('switch', { name: /Limit what others get/ }).click()
  await limits.getByLabel('At most').fill('2.5')
  await limits.getByRole('button', { name: 'Use' }).click()
  await expect(limits.getByText('At most 2.5 Mbps, all together.')).toBeVisible()
  await limits.scrollIntoViewIfNeeded()
  await screenshot(page, 'upload-limit')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 960, height: 620 })
  await limits.scrollIntoViewIfNeeded()
  await screenshot(page, 'upload-limit-small-dark')
  await foreign.scrollIntoViewIfNeeded()
  await screenshot(page, 'foreign-relay-small-dark')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })

  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30']
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-pix_fmt', 'yuv420p']
  const publisher = spawn('ffmpeg', ['-v', 'error', ...source, ...encode, '-f', 'flv', `${server}/${key}`], {
    stdio: 'ignore',
  })
  try {
    await expect(section.getByText(/^Live · [0-9.]+ Mbps · 0 watching$/)).toBeVisible({ timeout: 30_000 })
    await section.getByText('Addresses for players').click()
    await expect(section.getByText(/\/live\/desk\.flv$/)).toBeVisible()
    const hls = await section.getByText(/\/live\/desk\/index\.m3u8$/).innerText()
    await expect.poll(async () => (await fetch(hls)).status).toBe(200)
    await section.getByText('On the relay now').scrollIntoViewIfNeeded()
    await screenshot(page, 'relay-incoming')
    await page.getByRole('radio', { name: 'Light' }).check({ force: true })
    await section.getByText('On the relay now').scrollIntoViewIfNeeded()
    await screenshot(page, 'relay-incoming-light')
  } finally {
    publisher.kill('SIGKILL')
  }

  // the same live goes on from a web page that sends by WHIP, encoded by this very Chromium
  const whip = await section.getByText(/\/whip$/).innerText()
  const refused = await sendByWhip(page, whip, key, 'VP8')
  expect(refused.status).toBe(406)
  expect(refused.text).toContain('Choose H.264')
  const sending = await sendByWhip(page, whip, key, 'H264')
  expect(sending.status).toBe(201)
  const described = async (): Promise<string> => (await fetch(new URL('/api/desk.json', whip))).text()
  await expect.poll(described, { timeout: 30_000 }).toMatch(/"sending":true.*avc1\.42.*mp4a\.40\.2/)
  await expect.poll(() => decode(new URL('/live/desk.flv', whip).href, 1_500), { timeout: 30_000 }).toBeGreaterThan(5)
  await sending.end()

  // leaving the page forgets the key: neither the window nor a file has it
  await page.getByRole('button', { name: 'Studio' }).click()
  await page.getByRole('button', { name: 'Settings' }).click()
  await expect(section.getByText('Stream key for')).toBeVisible()
  expect(await page.content()).not.toContain(key)
  const { dataDir } = await page.evaluate(() => window.studio.app.getInfo())
  expect(readFileSync(join(dataDir, 'stream-keys.json'), 'utf8')).not.toContain(key)

  await section.getByRole('switch', { name: /Take lives from OBS/ }).click()
  await expect.poll(() => enginePid(copy)).toBeUndefined()
  expect((await stateOf(page)).status).toEqual({ state: 'off' })
})

test('a port that is taken is said in words, and free ones are one press away', async () => {
  const { page } = creator()
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = other.address() as AddressInfo
    const failed = await choose(page, { ...OFF, on: true, httpPort: port })
    expect(failed.status).toMatchObject({ state: 'failed', code: 'port-taken' })
    await page.getByRole('navigation').getByText('Studio', { exact: true }).click()
    await page.getByRole('button', { name: 'Also on' }).click()
    const section = page.getByRole('dialog').getByRole('region', { name: 'Watch in any browser' })
    await expect(section.getByRole('alert')).toContainText(`Port ${port} is in use by another program.`)
    await screenshot(page, 'relay-port-taken')
    await section.getByRole('button', { name: 'Use free ports' }).click()
    await expect(section.getByText(/^http:\/\/127/)).toBeVisible({ timeout: 30_000 })

    await section.getByRole('radio', { name: 'My network' }).click()
    await expect(section.getByText(/without a password/)).toBeVisible()
    await expect(section.getByText(/^http:/)).toBeVisible({ timeout: 30_000 })
    await screenshot(page, 'relay-open')
    await page.setViewportSize({ width: 900, height: 600 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await section.getByRole('radio', { name: 'My network' }).scrollIntoViewIfNeeded()
    await screenshot(page, 'relay-open-small-dark')
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
    const { status, hosts, choice } = await stateOf(page)
    expect(status).toEqual({ state: 'on', rtmpPort: choice.rtmpPort, httpPort: choice.httpPort })
    for (const host of hosts) expect((await fetch(`http://${host}:${choice.httpPort}/`)).status).toBe(200)
  } finally {
    other.close()
  }
})
