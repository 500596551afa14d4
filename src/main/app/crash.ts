import { app, dialog } from 'electron'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An uncaught error: write a file, tell the person, offer to reopen. Keys never pass through main, so none can leak. */
export function handleCrashes(dataDir: string): void {
  const onCrash = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(text)
    let file: string
    try {
      const folder = join(dataDir, 'crashes')
      mkdirSync(folder, { recursive: true })
      file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.txt`)
      writeFileSync(file, `WE Studio ${app.getVersion()}, Electron ${process.versions.electron}\n\n${text}\n`)
    } catch {
      file = '' // a full disk must not hide the crash itself
    }
    if (!app.isReady()) app.exit(1)
    const choice = dialog.showMessageBoxSync({
      type: 'error',
      title: 'WE Studio',
      message: 'WE Studio has met an error it cannot go on from.',
      detail: file ? `A report was written to ${file}.` : 'No report could be written.',
      buttons: ['Reopen', 'Quit'],
      defaultId: 0,
    })
    if (choice === 0) app.relaunch()
    app.exit(1)
  }
  process.on('uncaughtException', onCrash)
  process.on('unhandledRejection', onCrash)
}
