import { dialog, type BrowserWindow, type FileFilter } from 'electron'

export const ALL_FILES: FileFilter = { name: 'All files', extensions: ['*'] }
export const BACKUPS: FileFilter = { name: 'Backups', extensions: ['car'] }
export const CAPTIONS: FileFilter = { name: 'Captions', extensions: ['vtt', 'srt'] }
export const VIDEOS: FileFilter = {
  name: 'Videos',
  extensions: ['mp4', 'mov', 'm4v', 'mkv', 'webm', 'avi', 'ts', 'flv'],
}
export const PICTURES: FileFilter = {
  name: 'Pictures',
  extensions: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'tif', 'tiff'],
}

/** Asks for one file by the system's dialog, before the window where there is one; null when cancelled. */
export async function chooseFile(
  window: BrowserWindow | null,
  title: string,
  filters: FileFilter[],
): Promise<string | null> {
  const options: Electron.OpenDialogOptions = { title, properties: ['openFile'], filters }
  const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
}

/** The same for any number of files; none when cancelled. */
export async function chooseFiles(window: BrowserWindow | null, title: string): Promise<readonly string[]> {
  const options: Electron.OpenDialogOptions = { title, properties: ['openFile', 'multiSelections'] }
  const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return chosen.canceled ? [] : chosen.filePaths
}

/** Where to save a file; null when cancelled. */
export async function chooseTarget(window: BrowserWindow | null, title: string, name: string): Promise<string | null> {
  const options: Electron.SaveDialogOptions = { title, defaultPath: name }
  const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
  return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath
}
