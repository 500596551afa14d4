import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import type { SavedFile } from '@shared/media/saved-file'
import { whyNotWritten, type NewFile } from './new-file'

/** What may wait for a slow disk; more would only be lost later, and all of it. */
const MAX_WAITING = 64 << 20

/**
 * A local copy of what goes out. [Note: recordings] Start and segments one behind the other are a fragmented MP4 that
 * plays at every moment: it has its final name from the beginning, and whoever kills us or fills the disk takes at
 * most the segment that was being written.
 */
export class Recording {
  /** Called once when writing fails; the show does not end by it. */
  onFailure: (error: StudioError) => void = () => undefined
  private turn: Promise<void> = Promise.resolve()
  private waiting = 0
  /** Length of the whole segments in the file. */
  private size = 0
  private durationMs = 0
  private failed = false
  private finished: Promise<SavedFile | null> | null = null

  constructor(private readonly file: NewFile) {}

  get path(): string {
    return this.file.path
  }

  /** Appends the start (no duration) or a whole segment, in the order of the calls. Ignored after a failure. */
  write(bytes: Uint8Array, durationMs = 0): void {
    if (this.failed) return
    this.waiting += bytes.length
    if (this.waiting > MAX_WAITING) {
      this.fail('the disk is too slow')
      return
    }
    this.turn = this.turn.then(() => this.append(bytes, durationMs))
  }

  /** Closes the file, once. Null when nothing of the show got into it: then there is no file either. */
  finish(): Promise<SavedFile | null> {
    this.finished ??= this.close()
    return this.finished
  }

  private async close(): Promise<SavedFile | null> {
    await this.turn
    this.failed = true // nothing may follow
    const { path, handle } = this.file
    await handle.datasync().catch(() => undefined)
    await handle.close().catch(() => undefined)
    if (this.durationMs > 0) return { path, name: basename(path), durationMs: this.durationMs }
    await rm(path, { force: true }).catch(() => undefined)
    return null
  }

  private async append(bytes: Uint8Array, durationMs: number): Promise<void> {
    this.waiting -= bytes.length
    if (this.failed) return
    try {
      await this.file.handle.writeFile(bytes)
      this.size += bytes.length
      this.durationMs += durationMs
    } catch (error) {
      this.fail(whyNotWritten(error))
      // What was begun of the segment goes, so that the file ends with a whole one.
      await this.file.handle.truncate(this.size).catch(() => undefined)
    }
  }

  private fail(why: string): void {
    this.failed = true
    const kept = this.durationMs > 0 ? ` What was recorded before is in ${basename(this.path)}.` : ''
    this.onFailure(new StudioError('recording-failed', `The recording has stopped: ${why}. Your live goes on.${kept}`))
  }
}
