/**
 * Builds the app into out/: the models, the beauty kernel, then electron-vite. Quiet unless it fails, and only on stderr, because the
 * headless command builds as well and its stdout belongs to its reader.
 * `node scripts/build.mjs` builds always, `--if-stale` only when the sources changed.
 */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedBinary } from './electron/installed.mjs'
import { isFresh, sourcesMark, writeMark } from './fresh.mjs'
import { isEntry } from './process/entry.mjs'
import { execute } from './process/execute.mjs'
import { withLock } from './process/lock.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'out')
/** electron-vite builds here first, so that a failed build leaves the last good one. As deep as out/: source maps. */
const staging = join(root, 'dist')
const lock = join(root, 'node_modules/.cache/we-studio/build.lock')

/** Builds when out/ is missing or older than its sources. @throws {Error} with the compiler's words */
export async function ensureBuilt() {
  if (!isFresh()) await build({ evenIfFresh: false })
}

/** Builds the models, the beauty kernel and the app. @throws {Error} with the compiler's words */
export async function build({ evenIfFresh = true } = {}) {
  await withLock(lock, async () => {
    if (!evenIfFresh && isFresh()) return // another process built while we waited
    const start = performance.now()
    if (installedBinary() === undefined) {
      throw new Error('The Electron runtime is missing. Run: node scripts/electron-runtime.mjs')
    }
    console.error('build: building')
    await makeResources()
    const mark = sourcesMark()
    rmSync(staging, { recursive: true, force: true })
    try {
      await electronVite(['build', '--outDir', staging])
      writeMark(staging, mark)
      rmSync(out, { recursive: true, force: true })
      renameSync(staging, out)
    } finally {
      rmSync(staging, { recursive: true, force: true })
    }
    console.error(`build: done in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  })
}

/** The models and the beauty kernel are made by scripts that do nothing when they are there already. */
export async function makeResources() {
  for (const script of ['scripts/models.mjs', 'scripts/kernel.mjs']) {
    await execute(process.execPath, [join(root, script)], { cwd: root, tied: true })
  }
}

async function electronVite(args) {
  const cli = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  await execute(process.execPath, [cli, ...args], {
    cwd: root,
    tied: true,
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

if (isEntry(import.meta.url)) {
  try {
    if (process.argv.includes('--if-stale')) await ensureBuilt()
    else await build()
  } catch (error) {
    console.error(`build: ${error.message}`)
    process.exitCode = 1
  }
}
