import { createHash } from 'node:crypto'
import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { RAW_CODEC } from '@shared/live/content-cid'
import type { StoredFile } from '@shared/storage/stored-file'
import type { Draft, FileLibrary } from './file-library'
import { DAG_PB_CODEC } from './file-node'

const SHA2_256 = 0x12
const MAX_CHILDREN = 1024

interface Part {
  cid: CID
  /** Bytes of the file below it, and bytes of all blocks. */
  size: number
  tsize: number
}

/**
 * A file that grows by whole blocks: the segments of a live, each the block it was published as. Its tree is made at the end, so the
 * finished show is one UnixFS file and nothing is stored twice.
 */
export class GrowingFile {
  readonly #parts: Part[] = []
  #size = 0

  constructor(
    private readonly library: FileLibrary,
    private readonly draft: Draft,
    private readonly title: string,
  ) {}

  get size(): number {
    return this.#size
  }

  /** Throws StudioError `no-space`. */
  async append(bytes: Uint8Array): Promise<void> {
    const cid = cidOf(RAW_CODEC, bytes)
    await this.draft.put(cid, bytes)
    this.#parts.push({ cid, size: bytes.length, tsize: bytes.length })
    this.#size += bytes.length
  }

  /** Makes it a file of the library, unpinned; null when nothing came. */
  async finish(): Promise<StoredFile | null> {
    if (this.#parts.length === 0) {
      await this.draft.drop()
      return null
    }
    let level = this.#parts
    while (level.length > 1) {
      const above: Part[] = []
      for (let at = 0; at < level.length; at += MAX_CHILDREN)
        above.push(await this.#node(level.slice(at, at + MAX_CHILDREN)))
      level = above
    }
    const { cid } = level[0]!
    await this.draft.keep({ cid, title: this.title, size: this.#size, pinned: false, complete: true })
    return this.library.find(cid)
  }

  async #node(children: Part[]): Promise<Part> {
    const entry = new UnixFS({ type: 'file', blockSizes: children.map(({ size }) => BigInt(size)) })
    const links = children.map(({ cid, tsize }) => ({ Name: '', Hash: cid, Tsize: tsize }))
    const bytes = encode(prepare({ Data: entry.marshal(), Links: links }))
    const cid = cidOf(DAG_PB_CODEC, bytes)
    await this.draft.put(cid, bytes)
    const sum = (pick: (part: Part) => number): number => children.reduce((total, part) => total + pick(part), 0)
    return { cid, size: sum(({ size }) => size), tsize: bytes.length + sum(({ tsize }) => tsize) }
  }
}

function cidOf(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, Digest.create(SHA2_256, createHash('sha256').update(bytes).digest()))
}
