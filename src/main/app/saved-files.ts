import { existsSync } from 'node:fs'
import { StudioError } from '@shared/errors'
import { showFileName } from '../media/show-file-name'
import type { NewFileTarget } from '@shared/media/saved-file'

/** Where recordings and clips go, and which ones this run of the app has made. */
export class SavedFiles {
  readonly #paths = new Set<string>()

  /**
   * @param folder asked each time: the person may move it
   * @param show shows a file in the system's file manager
   */
  constructor(
    private readonly folder: () => string,
    private readonly show: (path: string) => void,
  ) {}

  /** A new file for a show of this title that is made now. */
  target(title: string, kind?: 'replay'): NewFileTarget {
    return { folder: this.folder(), name: showFileName(title, new Date(), kind) }
  }

  add(path: string): void {
    this.#paths.add(path)
  }

  /**
   * Shows a file that was made here; nothing else, so that the window cannot look around the disk.
   * @throws StudioError `not-ours`, `file-missing`
   */
  showInFolder(path: string): void {
    this.refuseOthers(path)
    this.show(path)
  }

  /** @throws StudioError `not-ours`, `file-missing` */
  refuseOthers(path: string): void {
    if (!this.#paths.has(path)) throw new StudioError('not-ours', 'WE Studio has not saved this file.')
    if (!existsSync(path)) throw new StudioError('file-missing', `${path} has been moved or deleted.`)
  }
}
