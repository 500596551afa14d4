/**
 * What lies in node_modules/electron: the npm package has no binary of its own, only `dist/` and `path.txt` when
 * something has put them there. Electron's index.js, electron-vite and Playwright all find the binary through them.
 */
import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const electronPackage = fileURLToPath(new URL('../../node_modules/electron', import.meta.url))
const dist = join(electronPackage, 'dist')
const pathFile = join(electronPackage, 'path.txt')

/** The version that package.json pins: what people who use WE Studio get. */
export function pinnedVersion() {
  return JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version
}

/** The version of the runtime that is in place, or undefined when there is none. */
export function installedVersion() {
  const binary = installedBinary()
  if (binary === undefined) return undefined
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return undefined
  }
}

/** The path of the Electron executable, or undefined when there is none. */
export function installedBinary() {
  if (!existsSync(pathFile)) return undefined
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

/** The folder of the runtime, links resolved; only valid when there is one. */
export function installedFolder() {
  return realpathSync(dist)
}

/**
 * Removes `dist` and `path.txt`, so that an installer starts from nothing. A link is removed, never what it points to:
 * Electron's own installer would otherwise extract through the link into the shared cache of the fallback.
 */
export function removeInstalled() {
  rmSync(pathFile, { force: true })
  rmSync(dist, { recursive: true, force: true })
}

/** Lets node_modules/electron use the runtime in `folder`, whose executable is called `electron`. */
export function linkRuntime(folder) {
  if (isLinkTo(folder)) return
  removeInstalled()
  symlinkSync(folder, dist, 'dir')
  writeFileSync(pathFile, 'electron') // no newline: Electron's index.js uses the text as it is
}

function isLinkTo(folder) {
  try {
    return (
      lstatSync(dist).isSymbolicLink() && installedBinary() !== undefined && realpathSync(dist) === realpathSync(folder)
    )
  } catch {
    return false
  }
}
