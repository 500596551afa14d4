import { BaseBlockstore } from 'blockstore-core'
import type { FsBlockstore } from 'blockstore-fs'
import type { CID } from 'multiformats/cid'

/** What can look up bytes by CID without a disk. */
export interface BlockSource {
  block: (cid: CID) => Uint8Array | undefined
}

/**
 * Helia's store: the disk, with the live windows of this node read through it. Writes and deletes go to the disk alone:
 * a window drops its blocks by itself, and Helia's own delete needs a content router (helia#1007).
 */
export class LiveBlockstore extends BaseBlockstore {
  readonly #disk: FsBlockstore
  readonly #windows = new Set<BlockSource>()

  constructor(disk: FsBlockstore) {
    super()
    this.#disk = disk
  }

  addWindow(window: BlockSource): void {
    this.#windows.add(window)
  }

  removeWindow(window: BlockSource): void {
    this.#windows.delete(window)
  }

  override async has(cid: CID, options?: { signal?: AbortSignal }): Promise<boolean> {
    return this.liveBlock(cid) !== undefined || (await this.#disk.has(cid, options))
  }

  override async *get(cid: CID, options?: { signal?: AbortSignal }): AsyncGenerator<Uint8Array> {
    const live = this.liveBlock(cid)
    if (live === undefined) yield* this.#disk.get(cid, options)
    else yield live
  }

  override put(...args: Parameters<BaseBlockstore['put']>): ReturnType<BaseBlockstore['put']> {
    return this.#disk.put(...args)
  }

  override delete(...args: Parameters<BaseBlockstore['delete']>): ReturnType<BaseBlockstore['delete']> {
    return this.#disk.delete(...args)
  }

  override getAll(...args: Parameters<BaseBlockstore['getAll']>): ReturnType<BaseBlockstore['getAll']> {
    return this.#disk.getAll(...args)
  }

  /** A block of a live window; undefined when it is in none. */
  liveBlock(cid: CID): Uint8Array | undefined {
    for (const window of this.#windows) {
      const bytes = window.block(cid)
      if (bytes !== undefined) return bytes
    }
    return undefined
  }
}
