import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { StudioError } from '@shared/errors'

const CHUNK = 256 * 1024

/**
 * Writes text as it comes into a file that appears when all of it is there. Throws StudioError `cancelled`, or
 * `export-failed` when the file cannot be written.
 */
export async function writeExport(path: string, parts: Iterable<string>, signal: AbortSignal): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      let waiting = ''
      for (const part of parts) {
        waiting += part
        if (waiting.length < CHUNK) continue
        if (signal.aborted) throw cancelled()
        await file.appendFile(waiting)
        waiting = ''
      }
      await file.appendFile(waiting)
      await file.sync()
      if (signal.aborted) throw cancelled()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    if (error instanceof StudioError) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    const words = `The file could not be written (${reason}). Check the folder and the free space, or choose another.`
    throw new StudioError('export-failed', words, { cause: error })
  } finally {
    await rm(beside, { force: true })
  }
}

function cancelled(): StudioError {
  return new StudioError('cancelled', 'The export was cancelled; no file was made.')
}
