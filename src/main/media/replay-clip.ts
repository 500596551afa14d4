import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { NewFileTarget, SavedFile } from '@shared/media/saved-file'
import { FfmpegProcess } from './ffmpeg-process'
import { openNewFile, whyNotWritten } from './new-file'
import type { EncodedClip } from './replay-buffer'

/** Copying 30 s takes a tenth of a second; longer than this means that the disk hangs. */
const LIMIT_MS = 20_000

/**
 * Writes a clip as a plain MP4 that begins at 0 and can be seeked, without encoding again. The file gets its name when
 * it is whole.
 * @throws StudioError `replay-failed` in plain words; nothing is left behind
 */
export async function saveClip(ffmpegPath: string, clip: EncodedClip, target: NewFileTarget): Promise<SavedFile> {
  const { folder } = target
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw failed(`${folder} cannot be written to: ${whyNotWritten(error)}`, error)
  })
  const beside = join(folder, `.we-replay-${randomBytes(6).toString('hex')}.tmp`)
  try {
    await copy(ffmpegPath, clip, beside)
    const { path, handle } = await openNewFile(target)
    await handle.close()
    await rename(beside, path)
    return { path, name: basename(path), durationMs: clip.durationMs }
  } finally {
    await rm(beside, { force: true }).catch(() => undefined)
  }
}

async function copy(ffmpegPath: string, { init, segments }: EncodedClip, to: string): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS)
  const output = ['-map', '0', '-c', 'copy', '-movflags', '+faststart', '-f', 'mp4', '-y', to]
  const child = new FfmpegProcess(ffmpegPath, ['-v', 'error', '-i', 'pipe:0', ...output], { signal: limit })
  child.stdout.resume()
  child.stdin.write(init.bytes)
  for (const { bytes } of segments) child.stdin.write(bytes)
  child.stdin.end()
  const { code } = await child.exited
  if (child.startError) throw child.startError
  if (limit.aborted) throw failed('the disk does not answer')
  if (code === 0) return
  throw failed(/no space left/i.test(child.stderrTail) ? 'the disk is full' : child.lastWords || 'it was interrupted')
}

function failed(why: string, cause?: unknown): StudioError {
  return new StudioError('replay-failed', `The replay could not be saved: ${why}. Your live goes on.`, { cause })
}
