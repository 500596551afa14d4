import '../platform/runtime-floor'
import { app, BrowserWindow, dialog, Menu, nativeTheme } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpegPath } from '../media/ffmpeg-path'
import { defaultBeaconDir } from '../peer/local-beacon'
import { handleCrashes } from './crash'
import { handleCalls, notifier } from './ipc/handle-calls'
import { APP_ORIGIN, registerSchemes, serveApp } from './protocols/app-protocol'
import { fileResponse } from './protocols/file-response'
import { serveMedia } from './protocols/media-protocol'
import { SettingsFile } from './settings-file'
import { Studio } from './studio'
import { createWindow, isOwnPage, lockDownContents, lockDownSession, pageUrl } from './window'

/** Composition root of the app: the one place where paths, engines, protocols and the window are joined. */
const out = import.meta.dirname
const resources = app.isPackaged ? join(process.resourcesPath, 'resources') : join(out, '../../resources')
/** Electron majors still supported when this was written start here; an older one is the development fallback. */
const OLDEST_SHIPPED_ELECTRON = 43
const testBuild = Number.parseInt(process.versions.electron, 10) < OLDEST_SHIPPED_ELECTRON

let window: BrowserWindow | null = null
let quitting = false
/** The person has agreed to end the live: not asked twice for one way out. */
let confirmed = false

/** Links that are pressed elsewhere come to this app. */
const LINK_SCHEME = 'we'
/** macOS hands on a link before the app is ready. */
const earlyLinks: string[] = []
let followLink = (link: string): void => {
  earlyLinks.splice(0, earlyLinks.length, link)
}

registerSchemes()
app.on('open-url', (event, link) => {
  event.preventDefault()
  followLink(link)
})

if (!app.requestSingleInstanceLock()) app.quit()
else void app.whenReady().then(start)

async function start(): Promise<void> {
  if (testBuild && app.isPackaged && !(await isMarkedTestBuild())) {
    dialog.showErrorBox(
      'WE Studio',
      'This package was built on a test runtime and must not be used. Install a release.',
    )
    app.exit(1)
    return
  }
  const dataDir = join(app.getPath('userData'), 'profile')
  handleCrashes(app.getPath('userData'))
  Menu.setApplicationMenu(
    process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null,
  )
  const settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'))
  nativeTheme.themeSource = (await settings.load()).theme

  const studio = new Studio(
    {
      out,
      resources,
      dataDir,
      ffmpeg: ffmpegPath(),
      beaconDir: process.env['WE_BEACON_DIR'] ?? defaultBeaconDir(),
      videos: () => join(process.env['WE_VIDEOS_DIR'] ?? app.getPath('videos'), 'WE Studio'),
    },
    settings,
    notifier(() => window?.webContents ?? null),
    () => window,
  )
  const isTrusted = ({ senderFrame }: { senderFrame: Electron.WebFrameMain | null }): boolean =>
    senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url)
  handleCalls(
    studio.handlers(() => window, testBuild),
    isTrusted,
  )
  studio.droppedFiles.listen(isTrusted)
  serveApp(join(out, '../renderer'))
  serveMedia(
    (request) => studio.watch.file(request),
    (cid, request, headers) => fileResponse(studio.peer.client, cid, request, headers),
    (id) => studio.publishing.mediaOf(id),
    new URL(pageUrl()).protocol === 'app:' ? APP_ORIGIN : new URL(pageUrl()).origin,
  )
  lockDownSession(studio.captureGuard)
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents))

  studio.start()
  openWindow()

  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  const linkOf = (argv: readonly string[]): string | undefined =>
    argv.find((one) => one.startsWith(`${LINK_SCHEME}://`))
  const follow = (link: string | undefined): void => {
    if (link !== undefined) studio.sharing.systemLink(link)
  }
  follow(linkOf(process.argv))
  for (const link of earlyLinks.splice(0)) follow(link)
  followLink = follow

  app.on('second-instance', (_event, argv) => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
    follow(linkOf(argv))
  })
  app.on('activate', () => {
    if (!window) openWindow()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (quitting) return
    event.preventDefault()
    if (!mayQuit()) return
    quitting = true
    void studio.stop().finally(() => app.quit())
  })

  function openWindow(): void {
    window = createWindow(
      { preload: join(out, '../preload/preload.cjs'), icon: join(resources, 'icon.png') },
      settings.value.theme,
    )
    window.on('close', (event) => {
      if (!quitting && !mayQuit()) event.preventDefault()
    })
    window.on('closed', () => {
      window = null
      studio.sharing.windowClosed()
    })
  }

  function mayQuit(): boolean {
    confirmed ||= studio.live.state.state !== 'live' || confirmEndLive()
    return confirmed
  }
}

/** A package on the fallback runtime starts only when it was built as a test build (scripts/package.mjs). */
async function isMarkedTestBuild(): Promise<boolean> {
  const text = await readFile(join(app.getAppPath(), 'package.json'), 'utf8')
  return (JSON.parse(text) as { testBuild?: unknown }).testBuild === true
}

function confirmEndLive(): boolean {
  const choice = dialog.showMessageBoxSync({
    type: 'question',
    title: 'WE Studio',
    message: 'You are live. End the live and quit?',
    buttons: ['Stay live', 'End and quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return choice === 1
}
