/**
 * Makes release/linux-unpacked (on other systems their own folder): the app with its runtime, to be run anywhere.
 * `--allow-fallback-runtime` permits the Electron that is out of support, for CI; the result is marked as a test build.
 * Further arguments go to electron-builder, for instance `--linux tar.gz`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { installedFolder, installedVersion } from './electron/installed.mjs'
import { execute } from './process/execute.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The oldest Electron that gets security fixes (electronjs.org/docs/latest/tutorial/electron-timelines, November 2026). */
const OLDEST_SUPPORTED = 43
const FALLBACK_FLAG = '--allow-fallback-runtime'
const TARGETS = { linux: ['--linux', 'dir'], darwin: ['--mac', 'dir'], win32: ['--win', 'dir'] }

async function main(args) {
  const others = args.filter((arg) => arg !== FALLBACK_FLAG)
  const version = installedVersion()
  if (version === undefined) {
    throw new Error('The Electron runtime is missing. Run: node scripts/electron-runtime.mjs')
  }
  const isTestBuild = Number.parseInt(version, 10) < OLDEST_SUPPORTED
  if (isTestBuild && !args.includes(FALLBACK_FLAG)) {
    throw new Error(
      `The runtime in place is Electron ${version}, which is out of support and must not be given to people. ` +
        `Run node scripts/electron-runtime.mjs where its release host can be reached, or make a test build: ` +
        `npm run package -- ${FALLBACK_FLAG}`,
    )
  }
  for (const file of ['LICENSE', 'NOTICE']) {
    if (!existsSync(join(root, file))) throw new Error(`${file} is missing; it must go with the app`)
  }
  await build()
  rmSync(join(root, 'release'), { recursive: true, force: true })
  const target = others.length > 0 ? others : TARGETS[process.platform]
  // Its own log is kept for the error only: it lists a thousand duplicate dependencies.
  await execute(
    process.execPath,
    [
      join(root, 'node_modules/electron-builder/cli.js'),
      ...target,
      '--publish=never',
      `-c.electronDist=${installedFolder()}`,
      `-c.electronVersion=${version}`,
      ...(isTestBuild ? ['-c.extraMetadata.testBuild=true'] : []),
    ],
    { cwd: root, tied: true },
  )
  // electron-builder removes it from a downloaded runtime, not from one that it is given.
  rmSync(join(root, 'release/linux-unpacked/resources/default_app.asar'), { force: true })
  const { productName } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.log(`package: ${productName} with Electron ${version}${isTestBuild ? ', a test build,' : ''} is in release/`)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`package: ${error.message}`)
  process.exitCode = 1
}
