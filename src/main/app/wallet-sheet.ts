import { WebContentsView, session, type BrowserWindow, type MessagePortMain } from 'electron'
import { serveFiles, SHEET_ORIGIN } from './protocols/app-protocol'

/** In memory, so that nothing of it reaches the disk, and of its own, so that it gets a process of its own. */
const PARTITION = 'wallet-sheet'

export interface WalletSheetParts {
  /** Where the pages were built to. */
  pages: string
  preload: string
  window: () => BrowserWindow | null
  /** One end of a fresh channel to the wallet engine. */
  openPort: () => MessagePortMain
  /** The sheet died or was reloaded: what it showed counts as refused. */
  onGone: () => void
}

/**
 * The wallet's sheet: a view over the whole window with a page, session and process of its own. [Note: Why a sheet]
 * The window shows what strangers send and will host mini apps; were it also the place where signatures are agreed to,
 * whoever runs a script in it could press yes. Here it cannot: the sheet has no part in the window's bridge, and its
 * answers go to the engine by a port that the window never sees. What is signed without asking is agreed to here too:
 * the engine takes lower limits from anybody, higher ones only after a yes on the sheet.
 */
export class WalletSheet {
  #view: WebContentsView | null = null
  #isReady = false
  #wanted = false

  constructor(private readonly parts: WalletSheetParts) {}

  /** Shows or hides it; made at the first need. */
  set(open: boolean): void {
    this.#wanted = open
    const window = this.parts.window()
    if (!window) return
    if (!open) {
      this.#view?.setVisible(false)
      window.webContents.focus()
      return
    }
    const view = this.#view ?? this.#make(window)
    if (this.#isReady) this.#show(view, window)
  }

  /** The window is gone, and the sheet with it. */
  close(): void {
    this.#view?.webContents.close()
    this.#view = null
    this.#isReady = false
  }

  /** The engine is another one. */
  reconnect(): void {
    if (this.#isReady) this.#connect()
  }

  #make(window: BrowserWindow): WebContentsView {
    const { pages, preload } = this.parts
    const own = session.fromPartition(PARTITION, { cache: false })
    if (!own.protocol.isProtocolHandled('app')) {
      serveFiles(own.protocol, SHEET_ORIGIN, pages)
      own.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
      own.setPermissionCheckHandler(() => false)
      own.setDevicePermissionHandler(() => false)
    }
    const view = new WebContentsView({
      webPreferences: {
        ...{ preload, partition: PARTITION, contextIsolation: true, sandbox: true, nodeIntegration: false },
        ...{ webviewTag: false, spellcheck: false },
      },
    })
    this.#view = view
    view.setBackgroundColor('#00000000')
    view.setVisible(false)
    window.contentView.addChildView(view)
    const fill = (): void => {
      const { width, height } = window.contentView.getBounds()
      view.setBounds({ x: 0, y: 0, width, height })
    }
    fill()
    window.on('resize', fill)
    const { webContents } = view
    webContents.on('did-finish-load', () => {
      this.#isReady = true
      this.#connect()
      if (this.#wanted) this.#show(view, window)
    })
    webContents.on('render-process-gone', () => {
      if (this.#view !== view) return
      window.off('resize', fill)
      window.contentView.removeChildView(view)
      this.close()
      this.parts.onGone()
    })
    window.once('closed', () => {
      this.#view = null
      this.#isReady = false
      this.parts.onGone()
    })
    void webContents.loadURL(sheetUrl())
    return view
  }

  #connect(): void {
    this.#view?.webContents.postMessage('sheet.port', null, [this.parts.openPort()])
  }

  #show(view: WebContentsView, window: BrowserWindow): void {
    // On top of whatever was added meanwhile.
    window.contentView.addChildView(view)
    view.setVisible(true)
    view.webContents.focus()
  }
}

/** In development the pages come from the dev server, in a session of their own all the same. */
function sheetUrl(): string {
  const dev = process.env['ELECTRON_RENDERER_URL']
  return dev === undefined ? `${SHEET_ORIGIN}/sheet.html` : `${dev}/sheet.html`
}
