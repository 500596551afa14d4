/**
 * Opens the studio: `npm start`, or `npm run dev` (`--dev`) with hot reload. Further arguments go to the app.
 * Without a display the window opens on a virtual one; WE_HEADLESS=0 refuses that.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt, makeResources } from './build.mjs'
import { removeMark } from './fresh.mjs'
import { installedBinary } from './electron/installed.mjs'
import { hasDisplay, startVirtualDisplay } from './process/display.mjs'
import { runForeground } from './process/foreground.mjs'
import { ensureSystemLibraries, SystemError } from './system-libs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

async function main(args) {
  const isDev = args[0] === '--dev'
  if (!hasDisplay() && process.env.WE_HEADLESS === '0') {
    throw new SystemError('There is no display: DISPLAY and WAYLAND_DISPLAY are empty.')
  }
  ensureSystemLibraries()
  if (isDev) await prepareDev()
  else await ensureBuilt()
  const env = { ...process.env }
  // Chromium refuses to run as root with its sandbox, before any of our code runs.
  if (process.getuid?.() === 0) env.ELECTRON_DISABLE_SANDBOX = '1'
  let display
  if (!hasDisplay()) {
    console.error(
      'start: no display (DISPLAY and WAYLAND_DISPLAY are empty): the window opens on a virtual one, unseen.',
    )
    console.error('start: run this in a desktop session to see it; Ctrl-C ends it.')
    display = await startVirtualDisplay()
    Object.assign(env, display.env)
  }
  try {
    if (!isDev) return await runForeground(installedBinary(), ['.', ...args], { cwd: root, env })
    const cli = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
    return await runForeground(process.execPath, [cli, 'dev', '--', ...args.slice(1)], { cwd: root, env })
  } finally {
    display?.stop()
  }
}

/** electron-vite dev writes its own main and preload into out/, so what lies there is no build any more. */
async function prepareDev() {
  await makeResources()
  removeMark()
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`start: ${error.message}`)
  process.exitCode = 1
}
