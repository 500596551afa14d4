import { BrowserWindow, nativeTheme, session } from 'electron'
import type { Settings } from '@shared/ipc/studio-schema'
import type { CaptureGuard } from './capture-guard'
import { APP_ORIGIN } from './protocols/app-protocol'

export interface WindowPaths {
  preload: string
  icon: string
}

/** What the page may ask the system for; everything else is denied. */
const GRANTED = new Set(['fullscreen', 'clipboard-sanitized-write', 'notifications'])

/** The page's address: the dev server's with hot reload, else our own protocol. */
export function pageUrl(): string {
  return process.env['ELECTRON_RENDERER_URL'] ?? `${APP_ORIGIN}/index.html`
}

/** True when an address belongs to our own page. */
export function isOwnPage(address: string): boolean {
  const own = new URL(pageUrl())
  const url = URL.canParse(address) ? new URL(address) : null
  return url?.protocol === own.protocol && url.host === own.host
}

/**
 * Denies every permission but a few harmless ones, and a capture that main has asked for; refuses pop-ups, web views and
 * foreign navigation.
 */
export function lockDownSession(captures: CaptureGuard): void {
  session.defaultSession.setPermissionRequestHandler((contents, permission, callback, details) => {
    const media = permission === 'media' && 'mediaTypes' in details ? (details.mediaTypes ?? []) : null
    const granted = media ? details.isMainFrame && captures.use(media) : GRANTED.has(permission)
    callback(isOwnPage(contents.getURL()) && granted)
  })
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) =>
      isOwnPage(origin) && (GRANTED.has(permission) || (permission === 'media' && captures.mayKnow)),
  )
  session.defaultSession.setDisplayMediaRequestHandler((_request, callback) => callback({}))
  session.defaultSession.setDevicePermissionHandler(() => false)
}

export function lockDownContents(contents: Electron.WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Colours of the first paint, before the style sheet: `--bg` of the tokens. */
function backgroundFor(theme: Settings['theme']): string {
  const dark = theme === 'system' ? nativeTheme.shouldUseDarkColors : theme === 'dark'
  return dark ? '#0d0e11' : '#f4f4f2'
}

export function createWindow(paths: WindowPaths, theme: Settings['theme']): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'WE Studio',
    icon: paths.icon,
    backgroundColor: backgroundFor(theme),
    autoHideMenuBar: true,
    webPreferences: {
      preload: paths.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // A creator keeps an eye on the chat or a game: the preview and the player must not slow down behind it.
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(pageUrl())
  return window
}
