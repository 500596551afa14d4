import { randomUUID } from 'node:crypto'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import type { FileStorage } from './file-storage'
import { mediaType } from './media-type'
import type { OpenFile } from './open-file'
import { parseFileAddress, titleInAddress } from './file-node'

/** A player that seeks wildly leaves readers behind for a moment; the oldest goes. */
const MAX_READERS = 12
/** A file nobody reads is closed after so long: a paused player comes back sooner, or opens it anew. */
const IDLE_MS = 30_000
const SNIFF_BYTES = 16

interface Opened {
  file: Promise<OpenFile>
  type: string | null
  readers: number
  idle: NodeJS.Timeout | null
}

interface Reader {
  cid: string
  pieces: AsyncGenerator<Uint8Array>
  stop: AbortController
}

/** Stretches of files for players: opened once, read by several readers at once. */
export class FileReaders {
  readonly #opened = new Map<string, Opened>()
  readonly #readers = new Map<string, Reader>()

  constructor(private readonly files: FileStorage) {}

  /** What a CID or link leads to. Throws StudioError `bad-cid`, or as `FileStorage.open`. */
  async about(address: string): Promise<{ cid: string; size: number; contentType: string }> {
    const cid = parseFileAddress(address).toString()
    const opened = this.#open(cid, titleInAddress(address))
    const file = await opened.file
    if (opened.type === null) {
      let head = new Uint8Array(0)
      const reader = file.read(0, SNIFF_BYTES)
      for await (const piece of reader) head = new Uint8Array(piece)
      opened.type = mediaType(head)
    }
    this.#rest(cid, opened)
    return { cid, size: file.size, contentType: opened.type }
  }

  /** Blocks that go with a file, from whoever has them; null for what could not be had before the signal. */
  async beside(cid: string, blocks: readonly CID[], signal: AbortSignal): Promise<(Uint8Array | null)[]> {
    const opened = this.#open(cid)
    opened.readers += 1
    try {
      const file = await opened.file
      return await Promise.all(blocks.map((one) => file.beside(one, signal).catch(() => null)))
    } finally {
      opened.readers -= 1
      this.#rest(cid, opened)
    }
  }

  /**
   * Begins to read bytes `start` to `end` (exclusive). It can be read from at once: what cannot be opened is said by `next`.
   * @param id how the caller calls it
   */
  begin(cid: string, start: number, end: number, id: string = randomUUID()): string {
    const opened = this.#open(cid)
    opened.readers += 1
    if (opened.idle !== null) clearTimeout(opened.idle)
    opened.idle = null
    const stop = new AbortController()
    this.#readers.set(id, { cid, pieces: piecesOf(opened.file, start, end, stop.signal), stop })
    if (this.#readers.size > MAX_READERS) this.end(this.#readers.keys().next().value!)
    return id
  }

  /** The next piece, there until the one after it is asked for; null at the end, or when the reader was ended. */
  async next(id: string): Promise<Uint8Array | null> {
    const reader = this.#readers.get(id)
    if (!reader) return null
    try {
      const piece = await reader.pieces.next()
      if (piece.done !== true) return light(piece.value)
    } catch (error) {
      if (!reader.stop.signal.aborted) {
        this.end(id)
        throw error
      }
    }
    this.end(id)
    return null
  }

  end(id: string): void {
    const reader = this.#readers.get(id)
    if (!reader) return
    this.#readers.delete(id)
    reader.stop.abort(new StudioError('file-closed', 'This file was closed.'))
    void reader.pieces.return(undefined).catch(() => undefined)
    const opened = this.#opened.get(reader.cid)
    if (!opened) return
    opened.readers -= 1
    this.#rest(reader.cid, opened)
  }

  /** Ends all that reads this file, so that it can be removed. */
  async close(cid: string): Promise<void> {
    for (const [id, reader] of [...this.#readers]) if (reader.cid === cid) this.end(id)
    const opened = this.#opened.get(cid)
    if (!opened) return
    this.#opened.delete(cid)
    if (opened.idle !== null) clearTimeout(opened.idle)
    await opened.file.then((file) => file.close()).catch(() => undefined)
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((cid) => this.close(cid)))
  }

  #open(cid: string, title: string | null = null): Opened {
    const known = this.#opened.get(cid)
    if (known) return known
    const opened: Opened = {
      file: this.files.open(parseFileAddress(cid), title === null ? {} : { title }),
      type: null,
      readers: 0,
      idle: null,
    }
    this.#opened.set(cid, opened)
    opened.file.catch(() => {
      if (this.#opened.get(cid) === opened) this.#opened.delete(cid)
    })
    return opened
  }

  #rest(cid: string, opened: Opened): void {
    if (opened.readers > 0) return
    if (opened.idle !== null) clearTimeout(opened.idle)
    opened.idle = setTimeout(() => void this.close(cid), IDLE_MS)
    opened.idle.unref()
  }
}

async function* piecesOf(
  opened: Promise<OpenFile>,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield* (await opened).read(start, end, signal, { lends: true })
}

/** On its way to another process all memory around a piece would be copied with it: a seek begins in the middle of a block. */
function light(piece: Uint8Array): Uint8Array {
  return piece.length < piece.buffer.byteLength / 2 ? piece.slice() : piece
}
