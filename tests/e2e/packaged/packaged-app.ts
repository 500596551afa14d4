import { chromium, type Browser, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const START_LIMIT_MS = 60_000
const WINDOW_LIMIT_MS = 30_000
const END_LIMIT_MS = 20_000

/** A packaged app that is running, seen through its debugging port. */
export interface PackagedApp {
  page: Page
  /** Its program folder. Every process of the app, ffmpeg included, has its executable in there. */
  folder: string
  process: ChildProcess
  /** Resolves to the exit code when the app has ended by itself; rejects when it does not within 20 s. */
  ended: () => Promise<number | null>
}

/** Copies the package somewhere else, so that nothing of the repository can be found by accident. */
export async function copyPackage(from: string, to: string): Promise<string> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  return to
}

/**
 * Starts the app of `folder` with its own profile. A hardened app cannot be started by Playwright itself, which needs
 * the inspector that the fuses switch off; Chromium's debugging port still exists.
 * @throws Error with the log of the app when its window does not come up in time
 */
export async function startPackaged(folder: string, profile: string): Promise<PackagedApp> {
  const isRoot = process.getuid?.() === 0
  const child = spawn(
    join(folder, 'we-studio'),
    ['--remote-debugging-port=0', `--user-data-dir=${profile}`, ...(isRoot ? ['--no-sandbox'] : [])],
    { cwd: folder, env: ownEnvironment(profile), stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const closed = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  try {
    const address = await debuggingAddress(child)
    await windowLoaded(address)
    const browser = await connect(address)
    const page = browser.contexts()[0]?.pages()[0]
    if (!page) throw new Error('The packaged app has no page')
    return { page, folder, process: child, ended: () => within(closed, END_LIMIT_MS, 'The app did not end') }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** Playwright's handshake can hang while Chromium sets up its targets (seen once in twenty): then it is begun anew. */
async function connect(address: string): Promise<Browser> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await chromium.connectOverCDP(address, { timeout: 30_000 })
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

/** The processes whose executable lies below `folder`, as `pid program`. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const program = readlinkSync(`/proc/${pid}/exe`)
        return program.startsWith(folder + sep) ? [`${pid} ${program}`] : []
      } catch {
        return [] // it ended meanwhile
      }
    })
}

/** Ends whatever a failed test has left behind. */
export function killAllOf(folder: string): void {
  for (const line of processesOf(folder)) process.kill(Number.parseInt(line, 10), 'SIGKILL')
}

/** Where `npm run package` puts the app. */
export function packageFolder(): string {
  const folder = join(import.meta.dirname, '../../../release/linux-unpacked')
  if (!existsSync(folder)) throw new Error(`${folder} is missing. Run: npm run package`)
  return folder
}

/** Nothing of the development environment, and a place of its own in which nodes of one machine find each other. */
function ownEnvironment(profile: string): NodeJS.ProcessEnv {
  const { PATH, HOME, DISPLAY, XAUTHORITY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, LANG } = process.env
  const kept = { PATH, HOME, DISPLAY, XAUTHORITY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, LANG }
  return { ...kept, WE_BEACON_DIR: join(profile, 'beacons'), WE_VIDEOS_DIR: join(profile, 'videos') }
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  let log = ''
  const found = new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000)
      const address = /DevTools listening on (ws:\S+)/.exec(log)?.[1]
      if (address) resolve(address)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The packaged app ended with ${code ?? 'a signal'}\n${log}`)))
  })
  return within(found, START_LIMIT_MS, 'The packaged app did not open its debugging port')
}

/**
 * Waits until the app's page is there, through the list that Chromium serves beside the socket. Connecting while the
 * window is being made can hang: seen once in ten with Playwright 1.65 and Electron 33.
 */
async function windowLoaded(address: string): Promise<void> {
  const list = `http://${new URL(address).host}/json/list`
  const deadline = Date.now() + WINDOW_LIMIT_MS
  while (Date.now() < deadline) {
    const targets = (await (await fetch(list)).json()) as { type: string; url: string }[]
    if (targets.some((target) => target.type === 'page' && target.url.startsWith('app:'))) return
    await sleep(100)
  }
  throw new Error(`The packaged app showed no page within ${WINDOW_LIMIT_MS / 1000} s`)
}

async function within<T>(work: Promise<T>, limitMs: number, message: string): Promise<T> {
  const stop = new AbortController()
  const late = sleep(limitMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${message} within ${limitMs / 1000} s`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    stop.abort()
    late.catch(() => undefined)
  }
}
