import { ipcMain, type IpcMainEvent } from 'electron'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { DROPPED_FILES } from '@shared/ipc/dropped-files'

/** More are left lying. */
const MOST = 10
const Paths = z.array(z.string().min(1).max(4_096).refine(isAbsolute)).max(10_000)

/**
 * What the person dropped on the window last. The preload script hears of it, not the page: a path is named by a real
 * drop alone, and the page can do no more than ask for what lies here, once.
 */
export class DroppedFiles {
  #paths: readonly string[] = []

  listen(isTrusted: (event: IpcMainEvent) => boolean): void {
    ipcMain.on(DROPPED_FILES, (event, raw: unknown) => {
      const paths = Paths.safeParse(raw)
      if (isTrusted(event) && paths.success) this.#paths = paths.data.slice(0, MOST)
    })
  }

  take(): readonly string[] {
    const paths = this.#paths
    this.#paths = []
    return paths
  }
}
