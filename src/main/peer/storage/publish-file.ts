import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { unixfs } from '@helia/unixfs'
import { BaseBlockstore } from 'blockstore-core'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import type { Draft } from './file-library'

/** `modern`: 1 MiB chunks, raw leaves, 1024 children, CIDv1, as ipfs-car and Helia; `kubo`: 256 KiB, dag-pb leaves, 174, CIDv0. */
export type FileLayout = 'modern' | 'kubo'

const LAYOUTS = {
  modern: {
    cidVersion: 1,
    rawLeaves: true,
    chunker: fixedSize({ chunkSize: 1024 * 1024 }),
    layout: balanced({ maxChildrenPerNode: 1024 }),
  },
  kubo: {
    cidVersion: 0,
    rawLeaves: false,
    chunker: fixedSize({ chunkSize: 256 * 1024 }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  },
} as const

export interface PublishOptions {
  /** Shown in lists; the file's name where none is given. */
  title?: string
  layout?: FileLayout
  /** By which its task is known; one of its own where none is given. */
  task?: string
  signal?: AbortSignal
  onProgress?: (doneBytes: number, totalBytes: number) => void
}

/** Gives what is written to a draft. Nothing is read back: the importer never does. */
class DraftStore extends BaseBlockstore {
  constructor(
    private readonly draft: Draft,
    private readonly signal: AbortSignal | undefined,
  ) {
    super()
  }

  override async put(cid: CID, bytes: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<CID> {
    this.signal?.throwIfAborted()
    if (!(bytes instanceof Uint8Array)) throw new TypeError('blocks come whole')
    await this.draft.put(cid, bytes)
    return cid
  }
}

/**
 * Chops a file into UnixFS blocks and writes them to the draft; keeping them is the caller's. Throws StudioError
 * `no-such-file`, `file-changed`, `no-space`, or the signal's reason.
 */
export async function importFile(
  path: string,
  draft: Draft,
  { layout = 'modern', signal, onProgress }: PublishOptions,
): Promise<{ cid: CID; size: number; name: string }> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) {
    throw new StudioError('no-such-file', `There is no file ${path}, or it may not be read. Choose another one.`)
  }
  const total = found.size
  let done = 0
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) })) {
      done += (chunk as Uint8Array).length
      yield chunk as Uint8Array
      onProgress?.(done, total)
    }
  }
  const store = new DraftStore(draft, signal)
  const files = unixfs({ blockstore: store })
  const cid = await files.addByteStream(bytes(), { ...LAYOUTS[layout], blockWriteConcurrency: 8 })
  signal?.throwIfAborted()
  const after = await stat(path).catch(() => null)
  if (done !== found.size || after?.size !== found.size || after.mtimeMs !== found.mtimeMs) {
    throw new StudioError(
      'file-changed',
      `${basename(path)} was changed while it was read. Publish it again when it is finished.`,
    )
  }
  return { cid, size: done, name: basename(path) }
}
