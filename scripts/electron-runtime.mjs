/**
 * Makes the Electron runtime present in node_modules/electron; runs as postinstall, or by hand after
 * `npm ci --ignore-scripts`. Order: already there, official download, fallback (scripts/electron/fallback.mjs), message.
 * Variables: WE_SKIP_OFFICIAL_ELECTRON=1 leaves the download out, WE_OFFICIAL_ELECTRON_SECONDS limits it.
 */
import { existsSync } from 'node:fs'
import { fallbackFolder, FALLBACK_VERSION, hasFallback, prepareFallback } from './electron/fallback.mjs'
import { electronPackage, installedVersion, linkRuntime, pinnedVersion } from './electron/installed.mjs'
import { installOfficial } from './electron/official.mjs'

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!existsSync(electronPackage)) {
    console.error('electron-runtime: node_modules/electron is missing; run: npm ci')
    return 1
  }
  const pinned = pinnedVersion()
  if (installedVersion() === pinned) return 0

  const failure = await installOfficial()
  if (failure === undefined) {
    console.log(`electron-runtime: Electron ${pinned} is in place`)
    return 0
  }
  if (!hasFallback()) return explain(pinned, failure)
  try {
    const isCached = existsSync(fallbackFolder())
    if (!isCached) console.log(`electron-runtime: no Electron ${pinned} (${failure}); preparing ${FALLBACK_VERSION}`)
    linkRuntime(await prepareFallback())
    console.log(
      `electron-runtime: Electron ${FALLBACK_VERSION} is in place, for development and tests; ${pinned} not available (${failure})`,
    )
    return 0
  } catch (error) {
    console.error(`electron-runtime: the fallback failed as well: ${error.message}`)
    return explain(pinned, failure)
  }
}

function explain(pinned, failure) {
  console.error(
    [
      `electron-runtime: Electron ${pinned} for ${process.platform} ${process.arch} could not be installed: ${failure}`,
      'Its release host (github.com) must be reachable, or name a mirror and run the script again:',
      '  ELECTRON_MIRROR=https://mirror.example/electron/ node scripts/electron-runtime.mjs',
      'npm_config_electron_mirror in the environment or electron_mirror in .npmrc work as well.',
    ].join('\n'),
  )
  return 1
}

process.exitCode = await main()
