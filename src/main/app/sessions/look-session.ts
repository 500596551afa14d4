import type { BrowserWindow } from 'electron'
import { rm } from 'node:fs/promises'
import type { MediaService } from '@shared/engines/media-service'
import { reportError } from '@shared/errors'
import type { LookSettings, LookSwatch } from '@shared/media/look-settings'
import type { ServiceClient } from '@shared/rpc/rpc'
import { cubePath } from '../../media/look/import-cube'
import { chooseFile } from '../choose-file'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import { LateNotice } from './late-notice'

/** The colours of the picture: what is chosen, and the imported .cube file in the profile. */
export class LookSession {
  readonly #lost: LateNotice

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
    private readonly folder: string,
  ) {
    this.#lost = new LateNotice(notify)
  }

  async set(look: LookSettings): Promise<void> {
    this.settings.set({ look })
    await this.media.client.call('setLook', this.#request(look))
  }

  /** Asks for a .cube file, copies it into the profile and chooses it; null when cancelled. */
  async importCube(window: BrowserWindow | null): Promise<LookSettings | null> {
    const from = await chooseFile(window, 'Choose a .cube colour table', [
      { name: 'Colour tables', extensions: ['cube', 'CUBE'] },
    ])
    if (from === null) return null
    const client = await this.media.ready()
    const cube = await client.call('importCube', { from, folder: this.folder })
    const before = this.settings.value.look
    const look: LookSettings = { ...before, look: 'cube', cube }
    await this.set(look)
    // One imported table at a time: the one before would only fill the profile.
    if (before.cube && before.cube.id !== cube.id) await rm(cubePath(this.folder, before.cube.id), { force: true })
    return look
  }

  async swatches(): Promise<LookSwatch[]> {
    return (await this.media.ready()).call('lookSwatches', undefined)
  }

  /** The window can be told from now on. */
  windowListens(): void {
    this.#lost.windowListens()
  }

  /** Brings a started engine to what is chosen. An imported file that is gone must not keep the engine from starting. */
  async prepare(client: ServiceClient<MediaService>): Promise<void> {
    const { look } = this.settings.value
    try {
      await client.call('setLook', this.#request(look))
    } catch (error) {
      const rest: LookSettings = { ...look, look: look.look === 'cube' ? 'none' : look.look, cube: null }
      this.settings.set({ look: rest })
      this.notify('look', 'changed', rest)
      this.#lost.tell({
        level: 'problem',
        code: reportError(error).code,
        message: `The imported look${look.cube ? ` "${look.cube.name}"` : ''} cannot be read any more. Import it again.`,
      })
      await client.call('setLook', this.#request(rest))
    }
  }

  #request(settings: LookSettings): { settings: LookSettings; cubePath: string | null } {
    return { settings, cubePath: settings.cube && cubePath(this.folder, settings.cube.id) }
  }
}
