import {
  _electron,
  expect as asked,
  test as base,
  type ElectronApplication,
  type Page,
  type TestInfo,
} from '@playwright/test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
export const SCREENSHOTS = join(ROOT, 'artifacts/screenshots')

/** One running copy of the app: its own profile, its own window. */
export interface StudioApp {
  app: ElectronApplication
  /** Main's process id. */
  pid: number
  page: Page
  /** Everything the app has written to stderr and stdout. */
  log: () => string
}

interface Fixtures {
  /**
   * Starts a copy with the profile `name` and Chromium's `switches`; two names are two people. All copies of a test find
   * each other.
   */
  launch: (name: string, ...switches: string[]) => Promise<StudioApp>
}

/** A test that starts real copies of the app, each with a profile of its own, and leaves no process behind. */
export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright demands the destructuring
  launch: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'we-e2e-'))
    const started: StudioApp[] = []
    await use(async (name, ...switches) => {
      const copy = await startCopy(join(folder, name), join(folder, 'beacons'), join(folder, name, 'videos'), switches)
      started.push(copy)
      return copy
    })
    await keepEvidence(info, started)
    await Promise.all(started.map(stopCopy))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
})

/**
 * One copy for all tests of a file or a `describe`, as a start costs some six seconds until the preview moves. Each test
 * brings it to where it begins, and leaves no live on. After a failed test the next ones get a new copy.
 */
export function oneApp(name: string, ...switches: string[]): () => StudioApp {
  let folder: string
  let copy: StudioApp
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'we-e2e-'))
    copy = await startCopy(join(folder, name), join(folder, 'beacons'), join(folder, name, 'videos'), switches)
  })
  // eslint-disable-next-line no-empty-pattern -- Playwright demands the destructuring
  test.afterEach(async ({}, info) => keepEvidence(info, [copy]))
  test.afterAll(async () => {
    await stopCopy(copy)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return () => copy
}

/** What a failed test's copies said and showed. */
async function keepEvidence(info: TestInfo, copies: StudioApp[]): Promise<void> {
  if (info.status === info.expectedStatus) return
  for (const [index, copy] of copies.entries()) {
    await info.attach(`log-${index}`, { body: copy.log(), contentType: 'text/plain' })
    await copy.page
      .screenshot({ path: join(SCREENSHOTS, `failed-${info.title.replace(/\W+/g, '-')}-${index}.png`) })
      .catch(() => null)
  }
}

async function startCopy(
  profile: string,
  beaconDir: string,
  videosDir: string,
  switches: string[],
): Promise<StudioApp> {
  mkdirSync(profile, { recursive: true })
  const app = await _electron.launch({
    cwd: ROOT,
    args: ['.', `--user-data-dir=${profile}`, ...switches],
    env: { ...definedEnv(), WE_BEACON_DIR: beaconDir, WE_VIDEOS_DIR: videosDir, ELECTRON_DISABLE_SANDBOX: '1' },
  })
  askAgain(app)
  let log = ''
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  }
  const page = await app.firstWindow()
  page.on('console', (message) => (log += `[window ${message.type()}] ${message.text()}\n`))
  page.on('pageerror', (error) => (log += `[window error] ${String(error)}\n`))
  return { app, pid: app.process().pid!, page, log: () => log }
}

/**
 * V8 may collect the promise by which Playwright awaits an answer of main before it has come (microsoft/playwright#33737):
 * what was asked is asked once more. What the tests ask of main can be asked twice.
 */
function askAgain(app: ElectronApplication): void {
  const ask = app.evaluate.bind(app) as (...args: unknown[]) => Promise<unknown>
  const twice = (...args: unknown[]): Promise<unknown> =>
    ask(...args).catch((error: unknown) => {
      if (String(error).includes('promise was garbage collected')) return ask(...args)
      throw error
    })
  Object.assign(app, { evaluate: twice })
}

/** Ends a live that a failed test left on (the app would ask), then quits; a copy that hangs is killed. */
async function stopCopy({ app, pid }: StudioApp): Promise<void> {
  const timer = setTimeout(() => killQuietly(pid), 15_000)
  await app
    .evaluate(({ dialog }) => {
      dialog.showMessageBoxSync = () => 1
    })
    .catch(() => undefined)
  await app.close().catch(() => undefined)
  clearTimeout(timer)
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}

/** As Playwright's, but `poll` looks ten times a second: its own steps grow to one second, waited for in vain half of it. */
export const expect = new Proxy(asked, {
  get: (target, name, self): unknown => (name === 'poll' ? poll : Reflect.get(target, name, self)),
})

const poll: typeof asked.poll = (actual, told) =>
  asked.poll(actual, { intervals: [100], ...(typeof told === 'string' ? { message: told } : told) })

/** Waits until the preview shows pictures, and that they change. */
export async function expectMovingPreview(page: Page): Promise<void> {
  const canvas = page.getByLabel('Preview')
  await expect(canvas).toBeVisible()
  const look = (): Promise<string> =>
    canvas.evaluate((element) => {
      const context = (element as HTMLCanvasElement).getContext('2d')
      const { width, height } = element as HTMLCanvasElement
      if (!context || width === 0) return ''
      const pixels = context.getImageData(0, 0, width, height).data
      let sum = 0
      let hash = 0
      for (let i = 0; i < pixels.length; i += 404) {
        sum += pixels[i] ?? 0
        hash = (hash * 31 + (pixels[i] ?? 0)) | 0
      }
      return sum > 0 ? String(hash) : ''
    })
  await expect.poll(look, { timeout: 20_000 }).not.toBe('')
  const first = await look()
  await expect.poll(look, { timeout: 20_000 }).not.toBe(first)
}

/** On the studio's page, with the preview moving, until the clock of the live runs. */
export async function goLive({ page }: StudioApp, title: string): Promise<void> {
  await expectMovingPreview(page)
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.getByRole('button', { name: 'Go live' }).click()
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
}

/** With the second click as the confirmation. */
export async function endLive({ page }: StudioApp): Promise<void> {
  await page.getByRole('button', { name: 'End live' }).click()
  await page.getByRole('button', { name: 'End live' }).click()
  await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible({ timeout: 30_000 })
}

/** Reads one figure of the stats strip as a number. */
export async function stat(page: Page, name: string): Promise<number> {
  const text = await page.locator(`[data-stat="${name}"]`).innerText()
  return Number.parseFloat(/[\d.]+/.exec(text)?.[0] ?? 'NaN')
}

/** All processes below `pid`, by /proc; Linux only, as CI is. */
export function descendants(pid: number): { pid: number; command: string }[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      continue // ended meanwhile
    }
  }
  const below = (candidate: number): boolean => {
    const parent = parents.get(candidate)
    return parent !== undefined && parent !== 0 && (parent === pid || below(parent))
  }
  return [...parents.keys()].filter(below).map((child) => ({ pid: child, command: commandOf(child) }))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
