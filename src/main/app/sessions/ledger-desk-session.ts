import { dialog, type BrowserWindow } from 'electron'
import type { LedgerEngineService } from '@shared/engines/ledger-desk-service'
import { reportError } from '@shared/errors'
import type { Handlers } from '@shared/ipc/channel'
import type { StudioSchema } from '@shared/ipc/studio-schema'
import type { ExportFormat, LedgerFilter } from '@shared/ledger/ledger-query'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { Notifier } from '../ipc/handle-calls'

const FILES = {
  csv: { name: 'Table for spreadsheets (CSV)', extensions: ['csv'] },
  json: { name: 'JSON', extensions: ['json'] },
} as const

/** The Ledger page's way to the ledger engine, which starts when it is first asked for. */
export class LedgerDeskSession {
  #used = false

  constructor(
    private readonly client: () => Promise<ServiceClient<LedgerEngineService>>,
    private readonly notify: Notifier,
  ) {}

  /** The engine has started (again): whoever looked at the ledger goes on looking. */
  prepare(client: ServiceClient<LedgerEngineService>): void {
    client.on('deskChanged', (state) => this.notify('ledger', 'changed', state))
    if (!this.#used) return
    client.call('deskState', undefined).then(
      (state) => this.notify('ledger', 'changed', state),
      () => undefined, // the engine says itself that it stopped
    )
  }

  handlers(window: () => BrowserWindow | null): Handlers<StudioSchema>['ledger'] {
    const client = (): Promise<ServiceClient<LedgerEngineService>> => {
      this.#used = true
      return this.client()
    }
    return {
      getState: async () => (await client()).call('deskState', undefined),
      query: async (query) => (await client()).call('queryEntries', query),
      getEntry: async (id) => (await client()).call('getEntry', id),
      exportEntries: ({ filter, format }) => this.#export(window(), filter, format),
      cancelExport: async () => (await client()).call('cancelExport', undefined),
      addNetwork: async (wanted) => (await client()).call('addNetwork', wanted),
      removeNetwork: async (key) => (await client()).call('removeNetwork', key),
      chooseNetwork: async (key) => (await client()).call('chooseNetwork', key),
      checkNetwork: async (key) => (await client()).call('checkNetwork', key),
    }
  }

  /** Asks where to, then writes in the background. */
  async #export(window: BrowserWindow | null, filter: LedgerFilter, format: ExportFormat): Promise<boolean> {
    const day = new Date().toISOString().slice(0, 10)
    const options: Electron.SaveDialogOptions = {
      ...{ title: 'Export what is listed', defaultPath: `ledger-${day}.${format}` },
      filters: [{ ...FILES[format], extensions: [...FILES[format].extensions] }],
    }
    const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
    if (chosen.canceled || chosen.filePath === '') return false
    const client = await this.client()
    client.call('exportEntries', { filter, format, path: chosen.filePath }).then(
      (rows) => {
        const message = `${rows.toLocaleString('en')} ${rows === 1 ? 'entry is' : 'entries are'} exported.`
        this.notify('app', 'notice', { level: 'info', code: 'ledger', message })
      },
      (error: unknown) => {
        const { code, message } = reportError(error)
        if (code !== 'cancelled') this.notify('app', 'notice', { level: 'problem', code, message })
      },
    )
    return true
  }
}
