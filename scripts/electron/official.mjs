/** The official way: Electron's own installer downloads the release from its mirror and checks it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronPackage, installedVersion, pinnedVersion, removeInstalled } from './installed.mjs'

/** Enough for 120 MB at 2 Mbit/s; a network that swallows packets fails after the 10 s connect limit of undici. */
const DEFAULT_LIMIT_S = 600

/**
 * Downloads the pinned Electron. Honours ELECTRON_MIRROR and npm_config_electron_mirror (docs of @electron/get).
 * @returns {Promise<string | undefined>} undefined on success, otherwise one line that says why not
 */
export async function installOfficial() {
  if (process.env.WE_SKIP_OFFICIAL_ELECTRON === '1') return 'WE_SKIP_OFFICIAL_ELECTRON=1'
  const limitS = Number(process.env.WE_OFFICIAL_ELECTRON_SECONDS ?? DEFAULT_LIMIT_S)
  removeInstalled()
  const failure = await runInstaller(Number.isFinite(limitS) && limitS > 0 ? limitS : DEFAULT_LIMIT_S)
  if (failure === undefined && installedVersion() === pinnedVersion()) return undefined
  removeInstalled() // a half extracted runtime would look whole to Electron's index.js
  return failure ?? 'the installer ended without a runtime'
}

function runInstaller(limitS) {
  return new Promise((resolve) => {
    // @electron/get 5 is ESM and install.js is CommonJS: Node before 20.19 needs the flag to require it.
    const flags = process.features.require_module ? [] : ['--experimental-require-module', '--no-warnings']
    const child = spawn(process.execPath, [...flags, join(electronPackage, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let log = ''
    child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)))
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, limitS * 1000)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve(error.message)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(undefined)
      else resolve(late ? `no result within ${limitS} s` : reason(log))
    })
  })
}

/** One line for the person out of what the installer printed. */
function reason(log) {
  const line = log.trim().split('\n')[0] ?? ''
  if (line.includes('fetch failed')) return 'its release host cannot be reached'
  return line || 'the installer failed'
}
