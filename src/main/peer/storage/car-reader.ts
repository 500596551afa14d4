import { open, type FileHandle } from 'node:fs/promises'
import { decode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import { MAX_BLOCK_BYTES } from './disk-blocks'

const MAX_HEADER_BYTES = 64 * 1024
const MAX_CID_BYTES = 128
const WINDOW_BYTES = 256 * 1024
/** A CARv2 begins with this header of a CARv1 that says version 2 (CARv2 specification, "Pragma"). */
const V2_HEADER_BYTES = 40

/** A CAR's bytes, read in order; no more than a window and one block is in memory, whatever the file claims. */
class CarBytes {
  #window = Buffer.alloc(0)
  #at = 0
  #read = 0

  constructor(
    private readonly file: FileHandle,
    private end: number,
  ) {}

  get position(): number {
    return this.#read - (this.#window.length - this.#at)
  }

  /** Goes on at `position` and ends at `end`, both from the start of the file. */
  narrow(position: number, end: number): void {
    if (position < 0 || end > this.end || position > end) throw broken('it points outside itself')
    this.end = end
    this.#window = Buffer.alloc(0)
    this.#at = 0
    this.#read = position
  }

  get atEnd(): boolean {
    return this.position >= this.end
  }

  async take(length: number): Promise<Buffer> {
    if (length > this.end - this.position) throw broken('it is cut off')
    if (this.#window.length - this.#at < length) await this.#fill(length)
    const bytes = this.#window.subarray(this.#at, this.#at + length)
    this.#at += length
    return bytes
  }

  /** Unsigned LEB128 of at most `most` (multiformats varint). */
  async varint(most: number): Promise<number> {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = (await this.take(1))[0]!
      value += (byte & 127) * factor
      if (value > most) throw broken('one of its parts is too large')
      if (byte < 128) return value
      if (factor > 2 ** 35) throw broken('one of its lengths is wrong')
    }
  }

  async #fill(least: number): Promise<void> {
    const rest = this.#window.subarray(this.#at)
    const next = Buffer.allocUnsafe(Math.max(least, Math.min(WINDOW_BYTES, this.end - this.#read + rest.length)))
    rest.copy(next)
    let filled = rest.length
    while (filled < next.length) {
      const { bytesRead } = await this.file.read(next, filled, next.length - filled, this.#read)
      if (bytesRead === 0) break
      filled += bytesRead
      this.#read += bytesRead
    }
    if (filled < least) throw broken('it is cut off')
    this.#window = next.subarray(0, filled)
    this.#at = 0
  }
}

/** An opened CAR file: its roots, and its blocks in the order of the file. */
export interface CarReader {
  roots: CID[]
  size: number
  /** Blocks are not verified; `position` is where the reader is in the file. */
  blocks: () => AsyncGenerator<{ cid: CID; bytes: Uint8Array; position: number }>
  close: () => Promise<void>
}

/** Opens a CAR, version 1 or 2 (ipld.io/specs/transport/car). Throws StudioError `no-such-file`, `bad-car`. */
export async function openCar(path: string): Promise<CarReader> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new StudioError('no-such-file', `There is no file ${path}, or it may not be read.`, { cause: error })
  })
  try {
    const { size } = await file.stat()
    const bytes = new CarBytes(file, size)
    let header = await readHeader(bytes)
    if (header.version === 2) {
      const v2 = await bytes.take(V2_HEADER_BYTES)
      const [offset, length] = [Number(v2.readBigUInt64LE(16)), Number(v2.readBigUInt64LE(24))]
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) throw broken('it points outside itself')
      bytes.narrow(offset, offset + length)
      header = await readHeader(bytes)
    }
    if (header.version !== 1) throw broken('it is of a version that is not known')
    return {
      roots: header.roots,
      size,
      blocks: () => readBlocks(bytes),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readHeader(bytes: CarBytes): Promise<{ version: unknown; roots: CID[] }> {
  const raw = await bytes.take(await bytes.varint(MAX_HEADER_BYTES))
  try {
    const { version, roots = [] } = decode<{ version: unknown; roots?: unknown[] }>(raw)
    return { version, roots: roots.map((root) => CID.asCID(root)!) }
  } catch (error) {
    throw broken('it does not begin as one', error)
  }
}

async function* readBlocks(bytes: CarBytes): ReturnType<CarReader['blocks']> {
  while (!bytes.atEnd) {
    const section = await bytes.take(await bytes.varint(MAX_BLOCK_BYTES + MAX_CID_BYTES))
    let cid: CID
    let rest: Uint8Array
    try {
      ;[cid, rest] = CID.decodeFirst(section)
    } catch (error) {
      throw broken('one of its parts has no address', error)
    }
    // a copy: the window goes on being used
    yield { cid, bytes: new Uint8Array(rest), position: bytes.position }
  }
}

function broken(why: string, cause?: unknown): StudioError {
  return new StudioError('bad-car', `This CAR file cannot be used: ${why}. Fetch or export it again.`, { cause })
}
