import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { StudioError } from '@shared/errors'

/**
 * Writes what comes beside `path` and renames it when all is there: a broken run leaves nothing. Replaces an older file.
 * Throws StudioError `not-writable`, or what the source throws.
 */
export async function writeNewFile(path: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  const beside = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.part`
  let written = 0
  const handle = await open(beside, 'wx').catch((error: unknown) => {
    throw notWritable(path, error)
  })
  try {
    for await (const bytes of source) {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, at).catch((error: unknown) => {
          throw notWritable(path, error)
        })
        at += bytesWritten
      }
      written += bytes.length
    }
    await handle.sync()
    await handle.close()
    await rename(beside, path).catch((error: unknown) => {
      throw notWritable(path, error)
    })
    return written
  } finally {
    await handle.close().catch(() => undefined)
    await rm(beside, { force: true })
  }
}

function notWritable(path: string, error: unknown): StudioError {
  const why = error instanceof Error ? error.message : String(error)
  return new StudioError('not-writable', `${path} cannot be written: ${why}. Choose another place, or make room.`, {
    cause: error,
  })
}
