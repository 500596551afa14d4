import { setMaxListeners } from 'node:events'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import { RAW_CODEC } from '@shared/live/content-cid'
import type { BlockLinks } from './block-links'
import { LentBlock } from './block-memory'
import type { DiskBlocks } from './disk-blocks'
import type { Draft, FileLibrary } from './file-library'
import { decodeFileNode } from './file-node'
import { FileSwarm, type PullFigures } from './file-swarm'
import { READER_STEP } from './pull-plan'
import { fileParts, fileSize, type FilePart, type GetBlock } from './file-walk'
import { isBlockOf } from './verify-block'

/** Asked for and not yet taken by the reader: fills the line of several sources, bounds the memory. */
const AHEAD_BYTES = 16 * 1024 * 1024
/** Branches of the tree kept decoded-ready in memory; a leaf is never kept. */
const MAX_BRANCHES = 64
/** What was fetched becomes part of the library in steps of this. */
const KEEP_EACH_BYTES = 64 * 1024 * 1024

export interface OpenFileParts {
  root: CID
  title: string
  disk: DiskBlocks
  library: FileLibrary
  links: BlockLinks
  foreign: ((cid: CID, signal: AbortSignal) => Promise<Uint8Array | null>) | null
  /** Connects to those who have the file, where a public network is on. */
  find: ((cid: CID, signal: AbortSignal) => Promise<unknown>) | null
  /** Write what is fetched into the library, unpinned, as far as there is room. */
  store: boolean
  fetched: (bytes: number) => void
  /** The file is closed; also when it could not be opened. */
  closed: () => void
}

/** Bytes of the file in a block. */
interface Leaf {
  bytes: Uint8Array
  block: LentBlock
}

/**
 * One file for reading: blocks come from the disk where they are, else from all peers that have them, verified either way. While it is
 * open nothing of it is collected.
 */
export class OpenFile {
  readonly #stop = new AbortController()
  readonly #branches = new Map<string, Uint8Array>()
  #swarm: FileSwarm | null = null
  #release: () => void
  #draft: Draft | null = null
  #draftBytes = 0
  #storing: Promise<void> = Promise.resolve()
  #readers = 0
  #size = 0
  #full = false

  private constructor(private readonly parts: OpenFileParts) {
    this.#release = parts.library.use(parts.root)
  }

  /** Resolves when the root is here and is a file. Throws StudioError `file-unreachable`, `not-a-file`. */
  static async open(parts: OpenFileParts, signal?: AbortSignal): Promise<OpenFile> {
    const file = new OpenFile(parts)
    try {
      file.#size = await fileSize(parts.root, file.#getter(0, signal))
      if (parts.store && parts.library.find(parts.root)?.complete !== true) await file.#startStoring()
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get root(): CID {
    return this.parts.root
  }

  get size(): number {
    return this.#size
  }

  get sources(): string[] {
    return this.#swarm?.sources ?? []
  }

  /** Null when all of it came from the disk. */
  get figures(): PullFigures | null {
    return this.#swarm?.figures ?? null
  }

  /**
   * Bytes `start` to `end` (exclusive), in order, in pieces of at most a block. The newest reader is served first.
   * @param lends a piece is there only until the next one is asked for: see [Note: Block memory]
   */
  async *read(
    start = 0,
    end = this.#size,
    signal?: AbortSignal,
    { lends = false }: { lends?: boolean } = {},
  ): AsyncGenerator<Uint8Array> {
    this.#readers += 1
    const left = new AbortController()
    const stop = AbortSignal.any([left.signal, this.#stop.signal, ...(signal ? [signal] : [])])
    setMaxListeners(0, stop) // one for each block on its way, which are bounded
    const from = Math.max(0, start)
    const to = Math.min(end, this.#size)
    // later readers go first: a seek must not wait for what was read ahead before it
    const base = -this.#readers * READER_STEP
    const get = this.#getter(base, stop)
    const parts = fileParts(this.root, get, from, to)
    const ahead: { part: FilePart; leaf: Promise<Leaf> }[] = []
    let aheadBytes = 0
    let more = from < to
    try {
      for (;;) {
        while (more && (aheadBytes < AHEAD_BYTES || ahead.length === 0)) {
          const next = await parts.next()
          if (next.done) {
            more = false
            break
          }
          const part = next.value
          const leaf = this.#leaf(part, base + part.offset, stop)
          leaf.catch(() => undefined) // thrown where it is taken
          ahead.push({ part, leaf })
          aheadBytes += part.size
        }
        const first = ahead.shift()
        if (!first) return
        const { bytes, block } = await first.leaf
        aheadBytes -= first.part.size
        const cutFrom = Math.max(0, from - first.part.offset)
        const cutTo = Math.min(bytes.length, to - first.part.offset)
        if (cutTo > cutFrom) yield bytes.subarray(cutFrom, cutTo)
        if (lends) block.drop()
      }
    } finally {
      left.abort(new StudioError('file-closed', 'This file was closed.'))
      for (const { leaf } of ahead) {
        leaf.then(
          ({ block }) => block.drop(),
          () => undefined,
        )
      }
      await parts.return(undefined)
    }
  }

  /** A verified block that is none of the file's but goes with it, as captions do; kept with the file where that is kept. */
  async beside(cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    const stop = AbortSignal.any([signal, this.#stop.signal])
    return (await this.#block(cid, null, -this.#readers * READER_STEP, stop)).bytes
  }

  /** Ends all readers; what was fetched and may be kept is kept. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort(new StudioError('file-closed', 'This file was closed.'))
    this.#swarm?.close()
    await this.#storing.catch(() => undefined)
    await this.#keep().catch(() => undefined)
    if (this.parts.store) await this.parts.library.settle(this.root).catch(() => false)
    this.#release()
    this.parts.closed()
  }

  /** Bytes of one leaf of the file, unwrapped. */
  async #leaf(part: FilePart, priority: number, signal: AbortSignal): Promise<Leaf> {
    const raw = part.cid.code === RAW_CODEC
    const block = await this.#block(part.cid, raw ? part.size : null, priority, signal)
    const node = decodeFileNode(part.cid, block.bytes)
    if (node.kind !== 'leaf' || node.bytes.length !== part.size) {
      throw new StudioError('not-a-file', 'The parts of this file contradict each other. It cannot be opened.')
    }
    return { bytes: node.bytes, block }
  }

  #getter(priority: number, signal?: AbortSignal): GetBlock {
    const stop = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
    return async (cid, size) => {
      const key = cid.toString()
      const known = this.#branches.get(key)
      if (known) return known
      const { bytes } = await this.#block(cid, size, priority, stop)
      if (this.#branches.size >= MAX_BRANCHES) this.#branches.delete(this.#branches.keys().next().value!)
      this.#branches.set(key, bytes)
      return bytes
    }
  }

  /** A verified block, held for the caller. */
  async #block(cid: CID, size: number | null, priority: number, signal: AbortSignal): Promise<LentBlock> {
    const { disk, library, links, foreign, fetched } = this.parts
    signal.throwIfAborted()
    const here = library.hasBlock(cid)
    if (here) {
      const stored = await disk.get(cid)
      // a disk may lie too; what does not fit is fetched anew
      if (stored !== null && isBlockOf(cid, stored)) {
        const block = new LentBlock(stored)
        if (!library.keepsFor(this.root, cid)) this.#store(cid, block)
        return block
      }
    }
    if (size === 0 || isBlockOf(cid, EMPTY)) return new LentBlock(EMPTY)
    this.#swarm ??= new FileSwarm(this.root, links, foreign, this.parts.find)
    const block = await this.#swarm.get(cid, size, priority, signal)
    fetched(block.bytes.length)
    if (here) await disk.put(cid, block.bytes).catch(() => undefined)
    else this.#store(cid, block)
    return block
  }

  async #startStoring(): Promise<void> {
    this.#draft = await this.parts.library.draft()
    // known from the first block on, so that it is in the list and others may ask
    for (const [key, bytes] of this.#branches) if (key === this.root.toString()) await this.#draft.put(this.root, bytes)
    await this.#keep()
    this.#release()
    this.#release = this.parts.library.use(this.root)
    this.#draft = await this.parts.library.draft()
  }

  #store(cid: CID, block: LentBlock): void {
    if (!this.parts.store || this.#draft === null || this.#full) return
    block.hold()
    this.#storing = this.#storing
      .then(async () => {
        await this.#draft?.put(cid, block.bytes)
        this.#draftBytes += block.bytes.length
        if (this.#draftBytes < KEEP_EACH_BYTES) return
        await this.#keep()
        this.#draft = await this.parts.library.draft()
      })
      .catch(() => {
        this.#full = true // no room, or a full disk: it plays all the same
      })
      .finally(() => block.drop())
  }

  async #keep(): Promise<void> {
    const draft = this.#draft
    this.#draft = null
    this.#draftBytes = 0
    if (draft === null) return
    const { library, root, title } = this.parts
    const known = library.find(root)
    try {
      await draft.keep({ cid: root, title: known?.title ?? title, size: this.#size, pinned: false, complete: false })
    } finally {
      await draft.drop()
    }
  }
}

const EMPTY = new Uint8Array(0)
