import { appendFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { FfmpegProcess } from './ffmpeg-process'

/**
 * A watched show on its way into one MP4 file. Segments are appended as they come to a fragmented part beside the
 * target, which plays even when the process is killed; `finish` joins the parts without re-encoding, then renames.
 */
export class ShowFile {
  readonly #target: string
  #parts: { initCid: string; path: string; segments: number }[] = []

  private constructor(
    target: string,
    private readonly ffmpegPath: string,
  ) {
    this.#target = target
  }

  /** Fails at once when the folder is missing or cannot be written, not after an hour of watching. */
  static async create(target: string, ffmpegPath: string): Promise<ShowFile> {
    const path = resolve(target)
    if (extname(path).toLowerCase() !== '.mp4') {
      throw new StudioError('bad-target', 'The file to write must end in .mp4.')
    }
    if (!existsSync(dirname(path))) throw new StudioError('no-such-folder', `There is no folder ${dirname(path)}.`)
    const file = new ShowFile(path, ffmpegPath)
    const probe = file.#beside('probe')
    try {
      await writeFile(probe, '')
      await rm(probe)
    } catch (error) {
      throw new StudioError('not-writable', `${dirname(path)} cannot be written to.`, { cause: error })
    }
    return file
  }

  /** Appends one segment; a new init (the encoder was restarted) begins a new part. */
  async append(initCid: string, init: Uint8Array, segment: Uint8Array): Promise<void> {
    let part = this.#parts.at(-1)
    if (part?.initCid !== initCid) {
      part = { initCid, path: this.#beside(`part${this.#parts.length + 1}`), segments: 0 }
      await writeFile(part.path, init)
      this.#parts.push(part)
    }
    await appendFile(part.path, segment)
    part.segments += 1
  }

  /** Joins what was appended into the target. Returns the number of segments; 0 writes nothing. */
  async finish(): Promise<number> {
    const segments = this.#parts.reduce((sum, part) => sum + part.segments, 0)
    if (segments > 0) {
      const joined = this.#beside('joined')
      const list = this.#beside('list')
      const lines = this.#parts.map(({ path }) => `file '${path.replaceAll("'", "'\\''")}'`)
      await writeFile(list, lines.join('\n'))
      const input = this.#parts.length === 1 ? ['-i', this.#parts[0]!.path] : ['-f', 'concat', '-safe', '0', '-i', list]
      const copy = [
        '-c',
        'copy',
        '-avoid_negative_ts',
        'make_zero',
        '-movflags',
        '+faststart',
        '-f',
        'mp4',
        '-y',
        joined,
      ]
      const remux = new FfmpegProcess(this.ffmpegPath, ['-v', 'error', '-nostdin', ...input, ...copy])
      const { code } = await remux.exited
      if (code !== 0) {
        throw (
          remux.startError ??
          new StudioError('show-file-failed', `The show could not be written to ${this.#target}: ${remux.lastWords}`)
        )
      }
      await rename(joined, this.#target)
      await rm(list, { force: true })
    }
    await this.discard()
    return segments
  }

  /** Removes the parts. */
  async discard(): Promise<void> {
    for (const { path } of this.#parts) await rm(path, { force: true })
    this.#parts = []
  }

  #beside(what: string): string {
    return join(dirname(this.#target), `.${basename(this.#target, '.mp4')}.${what}.mp4`)
  }
}
