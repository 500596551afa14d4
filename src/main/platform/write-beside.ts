import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'

export interface WriteBesideOptions {
  /** Permission bits, e.g. 0o600. */
  mode?: number
  /** Refuse (error code EEXIST) when the file is there already, also when another process was first. */
  onlyIfNew?: boolean
}

/**
 * Writes a file whole or not at all: into a new file beside it, flushed to the disk, then renamed. A crash leaves the
 * old content or the new one, never a half.
 */
export async function writeBeside(path: string, data: string | Uint8Array, options: WriteBesideOptions = {}) {
  const beside = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(beside, 'wx', options.mode ?? 0o644)
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    // link() fails when the name exists, rename() would replace it
    if (options.onlyIfNew) await link(beside, path)
    else await rename(beside, path)
  } finally {
    await rm(beside, { force: true })
  }
}
