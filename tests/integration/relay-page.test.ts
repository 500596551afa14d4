import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { push, startRelay, until, type Push, type TestRelay } from './relay-harness'

const CHROMIUM = '/usr/bin/chromium'
const hasBrowser = existsSync(CHROMIUM)
if (!hasBrowser) console.error(`NOT TESTED: the relay's page, because there is no ${CHROMIUM}`)
const shots = join(import.meta.dirname, '../../artifacts/screenshots')

let relay: TestRelay
let browser: Browser
let publisher: Push | null = null
let page: Page
const complaints: string[] = []

const shoot = (name: string): Promise<unknown> => page.screenshot({ path: join(shots, `relay-${name}.png`) })
const time = (): Promise<number> => page.evaluate("document.querySelector('video').currentTime")
const moves = async (ms = 30_000): Promise<void> => {
  const before = await time()
  await until('the picture moves', async () => (await time()) > before + 0.5 || null, ms)
}

beforeAll(async () => {
  mkdirSync(shots, { recursive: true })
  relay = await startRelay({ graceMs: 1000 })
  if (!hasBrowser) return
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-renderer-backgrounding'],
  })
  page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'dark' })
  page.on('console', (message) => {
    // A live that is not on is asked for by its page: the browser notes every 404.
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await publisher?.stop()
  await relay.relay.close()
})

describe.skipIf(!hasBrowser)('somebody with a browser and a link', () => {
  it('is told that nobody is live, and sees the picture by itself as soon as the live starts', async () => {
    await page.goto(relay.http('/watch/show'))
    await page.getByText('Not live at the moment').waitFor()
    await shoot('offline-dark')
    publisher = push(relay.rtmp(relay.key), ['-b:v', '1500k', '-s', '1280x720'], {
      source: ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30[out0];sine=r=48000[out1]'],
    })
    await page.locator('#message').waitFor({ state: 'hidden', timeout: 30_000 })
    await moves()
    await page.getByText('1 viewer', { exact: false }).waitFor()
    // WebRTC keeps nothing ready, and shows each picture when it comes
    const behind = await page.evaluate<number>(
      "(({ buffered: b, currentTime }) => b.length === 0 ? 0 : b.end(b.length - 1) - currentTime)(document.querySelector('video'))",
    )
    expect(behind).toBeLessThan(1.5)
    await page.mouse.move(640, 300)
    await shoot('playing-dark')
  })

  it('works it with the keyboard: pause, mute, figures', async () => {
    await page.keyboard.press('k')
    await until('paused', () => page.evaluate<boolean>("document.querySelector('video').paused"))
    await page.keyboard.press('k')
    await moves()
    const muted = await page.evaluate<boolean>("document.querySelector('video').muted")
    await page.keyboard.press('m')
    expect(await page.evaluate<boolean>("document.querySelector('video').muted")).toBe(!muted)
    await page.keyboard.press('s')
    await page.getByText('1280 × 720').waitFor()
    await page.emulateMedia({ colorScheme: 'light' })
    await shoot('figures-light')
    await page.keyboard.press('s')
  })

  it('sees the picture again by itself when the publisher comes back', async () => {
    await publisher!.stop()
    await page.locator('#message').waitFor({ state: 'visible', timeout: 30_000 })
    await shoot('interrupted-light')
    publisher = push(relay.rtmp(relay.key))
    await page.locator('#message').waitFor({ state: 'hidden', timeout: 30_000 })
    await moves()
  })

  it('finds the live in the list, also on a telephone', async () => {
    await page.goto(relay.http('/'))
    await page.getByText('LIVE', { exact: true }).waitFor()
    await shoot('list-light')
    await page.setViewportSize({ width: 390, height: 780 })
    await page.getByRole('link', { name: /show/ }).click()
    await moves()
    await page.mouse.move(200, 100)
    await shoot('phone-light')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(complaints).toEqual([])
  })
})
