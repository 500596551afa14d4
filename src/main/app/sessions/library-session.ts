import { dialog, type BrowserWindow } from 'electron'
import type { PeerService } from '@shared/engines/peer-service'
import { reportError } from '@shared/errors'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { StorageLimits } from '@shared/storage/stored-file'
import type { CaptionFile } from '@shared/captions/caption-file'
import { writeCaptions } from '@shared/captions/write-captions'
import { withCarried, type CaptionShelf } from '../caption-shelf'
import { ALL_FILES, CAPTIONS, chooseFile } from '../choose-file'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import type { SettingsFile } from '../settings-file'

const CAR = { name: 'CAR archive', extensions: ['car'] }

/** Files that this computer holds and gives: what the library page asks for. */
export class LibrarySession {
  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
    private readonly captions: CaptionShelf,
  ) {}

  prepare(client: ServiceClient<PeerService>): void {
    client.on('libraryChanged', (state) => this.notify('library', 'changed', state))
  }

  async state(): Promise<PeerService['calls']['libraryState']['output']> {
    return (await this.peer.ready()).call('libraryState', undefined)
  }

  /** Asks which file, then publishes it in the background; progress and problems come as notifications. False when cancelled. */
  async publish(window: BrowserWindow | null): Promise<boolean> {
    const path = await chooseFile(window, 'Publish a file', [ALL_FILES])
    if (path === null) return false
    this.#run(this.#publish(path), (title) => `${title} is published. Copy its link to share it.`)
    return true
  }

  async importCar(window: BrowserWindow | null): Promise<boolean> {
    const path = await chooseFile(window, 'Import a CAR archive', [CAR, ALL_FILES])
    if (path === null) return false
    this.#run(this.#call('importCar', path), (title) => `${title} is in your library.`)
    return true
  }

  async exportCar(window: BrowserWindow | null, file: { cid: string; title: string }): Promise<boolean> {
    const name = `${file.title.replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 80)}.car`
    const options: Electron.SaveDialogOptions = { title: 'Export as CAR', defaultPath: name, filters: [CAR] }
    const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
    if (chosen.canceled || chosen.filePath === '') return false
    this.#run(this.#export(file, chosen.filePath), (title) => `${title} is exported.`)
    return true
  }

  /** Pins a file; fetches what is missing in the background. */
  pin(cid: string): void {
    this.#run(this.#call('pinFile', cid), (title) => `${title} stays on this computer.`)
  }

  /** Opens a file by CID or link, from here or from peers. */
  async play(
    address: string,
  ): Promise<{ cid: string; mediaUrl: string; contentType: string; size: number; captions: CaptionFile[] }> {
    const peer = await this.peer.ready()
    const about = await peer.call('aboutFile', address)
    const own = await this.captions.find(about.cid)
    const carried = await peer.call('captionsOf', address).catch(() => [])
    return { mediaUrl: fileMediaUrl(about.cid), ...about, captions: withCarried(own, carried) }
  }

  /** Asks for a file of captions and reads it; for a video of the library it is kept. Null when cancelled. */
  async openCaptions(window: BrowserWindow | null, cid: string | null): Promise<CaptionFile | null> {
    const path = await chooseFile(window, 'Open captions', [CAPTIONS, ALL_FILES])
    return path === null ? null : this.captions.take(cid, path)
  }

  async remove(cid: string): Promise<void> {
    await (await this.peer.ready()).call('removeFile', cid)
    await this.captions.remove(cid)
  }

  async setLimits(limits: StorageLimits): Promise<void> {
    this.settings.set({ storage: limits })
    await (await this.peer.ready()).call('setStorageLimits', limits)
  }

  /** With the captions that lie beside it. */
  async #publish(path: string): Promise<{ title: string }> {
    const peer = await this.peer.ready()
    const file = await peer.call('publishFile', path)
    const taken = await this.captions.takeBeside(file.cid, path).catch(() => 0)
    if (taken === 0) return file
    const found = await this.captions.find(file.cid)
    const captions = found.map(({ language, cues }) => ({ lang: language, text: writeCaptions(cues) }))
    await peer.call('keepCaptions', { cid: file.cid, captions })
    return { ...file, title: `${file.title}, with its captions,` }
  }

  async #call(name: 'importCar' | 'pinFile', text: string): Promise<{ title: string }> {
    return (await this.peer.ready()).call(name, text)
  }

  async #export<F extends { cid: string }>(file: F, path: string): Promise<F> {
    await (await this.peer.ready()).call('exportCar', { cid: file.cid, path })
    return file
  }

  #run(work: Promise<{ title: string }>, done: (title: string) => string): void {
    work.then(
      ({ title }) => this.notify('app', 'notice', { level: 'info', code: 'library', message: done(title) }),
      (error: unknown) => {
        const { code, message } = reportError(error)
        if (code !== 'cancelled') this.notify('app', 'notice', { level: 'problem', code, message })
      },
    )
  }
}
