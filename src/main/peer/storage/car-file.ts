import { encode } from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import { openCar } from './car-reader'
import type { Draft } from './file-library'
import { isFileCid } from './file-node'
import { fileBlocks, fileSize, type GetBlock } from './file-walk'
import { isBlockOf } from './verify-block'

/** The bytes of a CARv1 (ipld.io/specs/transport/car/carv1) with one root: header, then the blocks from the root down, each once. */
export async function* carBytes(root: CID, get: GetBlock): AsyncGenerator<Uint8Array> {
  const header = encode({ version: 1, roots: [root] })
  yield Buffer.concat([varint(header.length), header])
  for await (const { cid, bytes } of fileBlocks(root, get)) {
    yield Buffer.concat([varint(cid.bytes.length + bytes.length), cid.bytes])
    yield bytes
  }
}

export interface CarImportOptions {
  signal?: AbortSignal
  onProgress?: (doneBytes: number, totalBytes: number) => void
}

/**
 * Reads a CAR into the draft: every block is verified before it is written, and every file it is about must be whole. Keeping is the
 * caller's. Throws StudioError `bad-car`, `no-such-file`, `no-space`, or the signal's reason.
 */
export async function importCar(
  path: string,
  draft: Draft,
  stored: (cid: CID) => Promise<Uint8Array | null>,
  { signal, onProgress }: CarImportOptions,
): Promise<{ root: CID; size: number }> {
  const car = await openCar(path)
  try {
    const [root, ...more] = car.roots
    if (root === undefined || more.length > 0 || !isFileCid(root)) {
      throw bad('it holds no single file')
    }
    for await (const { cid, bytes, position } of car.blocks()) {
      signal?.throwIfAborted()
      if (!isFileCid(cid)) throw bad('it holds something else than a file')
      if (!isBlockOf(cid, bytes)) throw bad('a part of it was changed or damaged')
      await draft.put(cid, bytes)
      onProgress?.(position, car.size)
    }
    const get: GetBlock = async (cid, size) => {
      const bytes = await stored(cid)
      if (bytes === null) throw bad('a part of the file is missing')
      if (size !== null && bytes.length !== size) throw bad('its parts contradict each other')
      return bytes
    }
    // the walk also refuses folders and parts that contradict each other
    const blocks = fileBlocks(root, get)
    while ((await blocks.next()).done !== true) signal?.throwIfAborted()
    return { root, size: await fileSize(root, get) }
  } finally {
    await car.close()
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value & 127) | 128)
  return Buffer.from([...bytes, value])
}

function bad(why: string): StudioError {
  return new StudioError('bad-car', `This CAR file cannot be used: ${why}. Fetch or export it again.`)
}
