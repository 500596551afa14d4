/**
 * What the machine itself must have: the shared libraries of Electron, a virtual display where there is no real one,
 * and for the tests Debian's own ffmpeg. As root the missing packages are installed, otherwise the command is named.
 * Never part of postinstall: it needs the runtime, and `npm ci` must not change the system.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { installedBinary } from './electron/installed.mjs'
import { findProgram, hasDisplay } from './process/display.mjs'
import { isEntry } from './process/entry.mjs'

/** Sufficient on a minimal Debian 12 (153 packages with what they depend on); Playwright's own list lacks GTK 3. */
const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2']
/** Debian 13 and Ubuntu 24.04 renamed these for the 64-bit time_t. */
const RENAMED = new Set(['libgtk-3-0', 'libasound2'])
/** Programs and the packages that bring them. */
const PROGRAMS = {
  Xvfb: ['xvfb'],
  ffmpeg: ['ffmpeg'],
  ffprobe: ['ffmpeg'],
  // somebody else's RTMP server for the tests; only CI asks for it, since the package also sets up a service
  nginx: ['nginx-light', 'libnginx-mod-rtmp'],
}

/** What is missing and can only be added by the person; its message says how. */
export class SystemError extends Error {}

/**
 * Makes sure that Electron can start and, where there is no display, that a virtual one can.
 * @param {{ tools?: ('ffmpeg' | 'Xvfb' | 'nginx')[] }} [also] programs of Debian to get in the same step
 * @throws {SystemError} when something is missing and this user may not install it
 */
export function ensureSystemLibraries({ tools = [] } = {}) {
  ensure(missingLibraries(), [...(hasDisplay() ? [] : ['Xvfb']), ...withCompanions(tools)])
}

/**
 * Makes sure that programs of Debian are there, for tests only.
 * @param {('ffmpeg' | 'ffprobe' | 'Xvfb')[]} names 'ffmpeg' brings ffprobe as well
 * @throws {SystemError} as above
 */
export function ensureDebianTools(names) {
  ensure([], withCompanions(names))
}

function withCompanions(names) {
  return names.includes('ffmpeg') ? [...names, 'ffprobe'] : names
}

/** The lines of ldd that name a library without a file. */
function missingLibraries() {
  if (process.platform !== 'linux') return []
  const binary = installedBinary()
  if (binary === undefined) {
    throw new SystemError('The Electron runtime is missing. Run: node scripts/electron-runtime.mjs')
  }
  const { stdout } = spawnSync('ldd', [realpathSync(binary)], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? [])
}

function ensure(libraries, programs) {
  const absent = programs.filter((name) => !findProgram(name))
  if (libraries.length === 0 && absent.length === 0) return
  const what = [...libraries, ...absent].join(', ')
  if (!findProgram('apt-get')) {
    throw new SystemError(`Missing on this system: ${what}. Install them with its package manager and try again.`)
  }
  const wanted = [...(libraries.length > 0 ? LIBRARIES : []), ...absent.flatMap((name) => PROGRAMS[name])]
  const isRoot = process.getuid?.() === 0
  if (isRoot && !isKnown('libnss3')) apt('update', '-qq')
  const packages = [...new Set(wanted)].map(nameHere)
  const install = ['install', '-y', '--no-install-recommends', ...packages]
  if (!isRoot) {
    throw new SystemError(
      `Missing on this system: ${what}. Install with:\n  sudo apt-get update && sudo apt-get ${install.join(' ')}`,
    )
  }
  console.error(`system-libs: installing ${packages.join(' ')}`)
  try {
    apt(...install)
  } catch {
    apt('update', '-qq') // the lists were there but too old
    apt(...install)
  }
  const left = [...(libraries.length > 0 ? missingLibraries() : []), ...programs.filter((name) => !findProgram(name))]
  if (left.length > 0) throw new SystemError(`Still missing after the installation: ${left.join(', ')}`)
}

function nameHere(name) {
  if (!RENAMED.has(name)) return name
  const renamed = `${name}t64`
  if (isKnown(renamed)) return renamed
  return isKnown(name) || !isNewRelease() ? name : renamed
}

/** Whether apt knows a package by this name; false as well while its lists are missing. */
function isKnown(name) {
  return spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0
}

/** Debian 13, Ubuntu 24.04 and later, for a user without package lists. */
function isNewRelease() {
  const file = '/etc/os-release'
  if (!existsSync(file)) return false
  const text = readFileSync(file, 'utf8')
  const value = (key) => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? ''
  const version = Number.parseFloat(value('VERSION_ID'))
  return value('ID') === 'ubuntu' ? version >= 24.04 : version >= 13
}

function apt(...args) {
  const { status, error, stderr, stdout } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status === 0) return
  const log = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-8).join('\n')
  throw new SystemError(`apt-get ${args.join(' ')} failed${error ? `: ${error.message}` : ''}\n${log}`)
}

if (isEntry(import.meta.url)) {
  try {
    ensureSystemLibraries({ tools: process.argv.includes('--tests') ? ['ffmpeg', 'nginx'] : [] })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    console.error(`system-libs: ${error.message}`)
    process.exitCode = 1
  }
}
