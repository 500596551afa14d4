import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { NewFileTarget } from '@shared/media/saved-file'

/** More files of one name in one second are a fault of ours. */
const MAX_NUMBER = 9999

export interface NewFile {
  path: string
  handle: FileHandle
}

/**
 * Makes an empty file that was not there before, `NAME.mp4` or `NAME (2).mp4` and so on; no other file is touched.
 * @throws StudioError `not-writable` in plain words
 */
export async function openNewFile({ folder, name }: NewFileTarget): Promise<NewFile> {
  try {
    await mkdir(folder, { recursive: true })
    for (let number = 1; number <= MAX_NUMBER; number++) {
      const path = join(folder, number === 1 ? `${name}.mp4` : `${name} (${number}).mp4`)
      const handle = await open(path, 'wx').catch((error: unknown) => {
        if (codeOf(error) === 'EEXIST') return null
        throw error
      })
      if (handle) return { path, handle }
    }
  } catch (error) {
    throw new StudioError('not-writable', `${folder} cannot be written to: ${whyNotWritten(error)}.`, { cause: error })
  }
  throw new StudioError('not-writable', `There are too many files named ${name} in ${folder}.`)
}

/**
 * Makes exactly this file, which must not be there yet, in a folder that is.
 * @throws StudioError `bad-target`, `file-exists`, `no-such-folder`, `not-writable`
 */
export async function openExactFile(path: string): Promise<NewFile> {
  if (!path.toLowerCase().endsWith('.mp4')) throw new StudioError('bad-target', 'The file to write must end in .mp4.')
  try {
    return { path, handle: await open(path, 'wx') }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') {
      throw new StudioError('file-exists', `${basename(path)} is there already. Choose another name.`)
    }
    if (code === 'ENOENT') throw new StudioError('no-such-folder', `There is no folder ${dirname(path)}.`)
    throw new StudioError('not-writable', `${path} cannot be written: ${whyNotWritten(error)}.`, { cause: error })
  }
}

/** Why a file could not be written, as a part of a sentence. */
export function whyNotWritten(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    case 'EFBIG':
      return 'the disk cannot hold a file of that size'
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there'
    case 'EROFS':
      return 'the disk can only be read'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'there is a file where its folder should be'
    case 'EIO':
    case 'ENODEV':
    case 'ENOENT':
      return 'the disk does not answer'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
