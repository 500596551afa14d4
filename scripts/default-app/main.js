/**
 * What `electron <path>` runs in the fallback runtime, whose own default app was left out. It must be an ES module with
 * top-level await: Electron holds `ready` back until this module has loaded, and so until the app's own modules have.
 * Modelled on default_app/main.ts of Electron (MIT).
 */
import { app } from 'electron'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const { modules, appPath, wantsVersion } = readArguments(process.argv.slice(1))
if (wantsVersion) {
  console.log(`v${process.versions.electron}`)
  process.exit(0)
}
if (appPath === undefined) {
  console.error('Usage: electron [options] <path of the app>')
  process.exit(1)
}
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })
try {
  const require = createRequire(join(process.cwd(), 'electron-default-app.js'))
  for (const module of modules) require(module)
  const folder = resolve(appPath)
  describeApp(folder)
  const entry = require.resolve(folder)
  app.setAppPath(existsSync(join(folder, 'package.json')) ? folder : dirname(entry))
  await import(pathToFileURL(entry).href)
} catch (error) {
  console.error('The app could not be started:', error)
  process.exit(1)
}

/** Takes name, version and profile folder from the app's package.json, as a packaged app would. */
function describeApp(folder) {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return
  const info = JSON.parse(readFileSync(file, 'utf8'))
  if (info.version) app.setVersion(info.version)
  if (info.productName ?? info.name) app.setName(info.productName ?? info.name)
  app.setDesktopName(info.desktopName ?? `${app.name}.desktop`)
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), app.name))
}

/** Electron's own switches first, then the path of the app; what follows is for the app. */
function readArguments(args) {
  const found = { modules: [], appPath: undefined, wantsVersion: false }
  for (let i = 0; i < args.length && found.appPath === undefined; i++) {
    const arg = args[i]
    if (arg === '-v' || arg === '--version') found.wantsVersion = true
    else if (arg === '-r' || arg === '--require') found.modules.push(args[++i])
    else if (/^(-r|--require)=/.test(arg)) found.modules.push(arg.slice(arg.indexOf('=') + 1))
    else if (!arg.startsWith('-')) found.appPath = arg
  }
  return found
}
