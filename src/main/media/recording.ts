import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { StudioError } from '@shared/errors'
import type { SavedFile } from '@shared/media/saved-file'
import { children, join, typeOf } from '@shared/media/mp4-boxes'
import { Mp4Index } from './mp4-index'
import { openNewFile, whyNotWritten, type NewFile } from './new-file'

/** What may wait for a slow disk; more would only be lost later, and all of it. */
const MAX_WAITING = 64 << 20

/** A free box with room for the head of an mdat of any length. */
const PLACE = Buffer.from('\0\0\0\x10free\0\0\0\0\0\0\0\0', 'latin1')

/**
 * A local copy of what goes out. [Note: recordings] Start and segments one behind the other are a fragmented MP4 that
 * plays at every moment: it has its final name from the beginning, and whoever kills us or fills the disk takes at
 * most the segment that was being written. Editors want a plain MP4. So at the end an index is appended, and then, by
 * one write of 16 bytes into a place that was kept free, everything before it becomes that index's data; nothing is
 * copied, and a crash in between leaves the fragmented file.
 */
export class Recording {
  /** Called once when writing fails; the show does not end by it. */
  onFailure: (error: StudioError) => void = () => undefined
  /** A part is closed (null: nothing was in it), and the stream goes on with another start in another file. */
  onPart: (file: SavedFile | null, nextPath: string) => void = () => undefined
  private started = false
  private turn: Promise<void> = Promise.resolve()
  private waiting = 0
  /** Length of what is whole in the file. */
  private size = 0
  /** Null when it is not a stream that can be indexed: it stays fragmented. */
  private index: Mp4Index | null = null
  private place = 0
  private durationMs = 0
  private failed = false
  private finished: Promise<SavedFile | null> | null = null

  constructor(private file: NewFile) {}

  get path(): string {
    return this.file.path
  }

  /** Begins with the start of the encoding, `ftyp` and `moov`; a second time in another file beside, `NAME (2).mp4`. */
  start(init: Uint8Array): void {
    if (this.started) this.turn = this.turn.then(() => this.nextFile(init))
    else this.write(this.head(init), 0)
    this.started = true
  }

  /** Appends a whole segment, in the order of the calls. Ignored after a failure. */
  write(bytes: Uint8Array, durationMs: number): void {
    if (this.failed) return
    this.waiting += bytes.length
    if (this.waiting > MAX_WAITING) {
      this.fail('the disk is too slow')
      return
    }
    this.turn = this.turn.then(() => this.take(bytes, durationMs))
  }

  /** Closes the file, once. Null when nothing of the show got into it: then there is no file either. */
  finish(): Promise<SavedFile | null> {
    this.finished ??= this.close()
    return this.finished
  }

  /** The beginning of the file, with a place kept free where the stream can be indexed. */
  private head(init: Uint8Array): Uint8Array {
    try {
      this.index = new Mp4Index(init)
      const [ftyp, ...others] = children(init, 0)
      if (!ftyp || typeOf(ftyp) !== 'ftyp') throw new Error('no ftyp')
      this.place = ftyp.length
      return join([ftyp, PLACE, ...others])
    } catch {
      this.index = null
      return init
    }
  }

  private async nextFile(init: Uint8Array): Promise<void> {
    if (this.failed) return
    const name = basename(this.path, '.mp4').replace(/ \(\d+\)$/, '')
    try {
      const next = await openNewFile({ folder: dirname(this.path), name })
      const part = await this.closeFile()
      this.file = next
      this.onPart(part, next.path)
      this.size = 0
      this.durationMs = 0
      await this.append(this.head(init), 0)
    } catch (error) {
      this.fail(error instanceof StudioError ? error.message.replace(/\.$/, '') : whyNotWritten(error))
    }
  }

  private async close(): Promise<SavedFile | null> {
    await this.turn
    this.failed = true // nothing may follow
    return this.closeFile()
  }

  private async closeFile(): Promise<SavedFile | null> {
    const { path, handle } = this.file
    if (this.durationMs > 0) await this.writeIndex().catch(() => handle.truncate(this.size).catch(() => undefined))
    await handle.close().catch(() => undefined)
    if (this.durationMs > 0) return { path, name: basename(path), durationMs: this.durationMs }
    await rm(path, { force: true }).catch(() => undefined)
    return null
  }

  private async take(bytes: Uint8Array, durationMs: number): Promise<void> {
    this.waiting -= bytes.length
    if (!this.failed) await this.append(bytes, durationMs)
  }

  private async append(bytes: Uint8Array, durationMs: number): Promise<void> {
    try {
      await this.put(bytes, this.size)
      if (durationMs > 0) this.addToIndex(bytes)
      this.size += bytes.length
      this.durationMs += durationMs
    } catch (error) {
      this.fail(whyNotWritten(error))
      // What was begun of the segment goes, so that the file ends with a whole one.
      await this.file.handle.truncate(this.size).catch(() => undefined)
    }
  }

  private async put(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.file.handle.write(bytes, done, bytes.length - done, position + done)
      done += bytesWritten
    }
  }

  private addToIndex(segment: Uint8Array): void {
    try {
      this.index?.add(segment, this.size)
    } catch {
      this.index = null
    }
  }

  private async writeIndex(): Promise<void> {
    const { handle } = this.file
    if (!this.index) return handle.datasync()
    await this.put(this.index.build(), this.size)
    await handle.datasync()
    const head = Buffer.from('\0\0\0\x01mdat\0\0\0\0\0\0\0\0', 'latin1') // 1: the length is in 64 bits behind
    head.writeBigUInt64BE(BigInt(this.size - this.place), 8)
    await this.put(head, this.place)
    await handle.datasync()
  }

  private fail(why: string): void {
    this.failed = true
    const kept = this.durationMs > 0 ? ` What was recorded before is in ${basename(this.path)}.` : ''
    this.onFailure(new StudioError('recording-failed', `The recording has stopped: ${why}. Your live goes on.${kept}`))
  }
}
