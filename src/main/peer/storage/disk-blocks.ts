import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NextToLast } from 'blockstore-fs/sharding'
import type { CID } from 'multiformats/cid'

/** IPFS nodes send nothing larger: 2 MiB of data and its wrapping (the limit of bitswap and of the block specification). */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024 + 64 * 1024

/**
 * The files of blockstore-fs, read and written in one piece: its own reader streams 64 KiB at a time, which costs a file
 * of 100 MB half a second. Both may work on one folder, since a block never changes.
 */
export class DiskBlocks {
  readonly #names = new NextToLast()
  readonly #folders = new Set<string>()
  #writes = 0

  constructor(private readonly folder: string) {}

  /** The block's bytes, not checked; null when it is not here or larger than a block may be. */
  async get(cid: CID): Promise<Uint8Array | null> {
    try {
      const bytes = await readFile(this.#path(cid))
      return bytes.length > MAX_BLOCK_BYTES ? null : bytes
    } catch {
      return null
    }
  }

  /** Bytes on disk; null when the block is not here. */
  async size(cid: CID): Promise<number | null> {
    const found = await stat(this.#path(cid)).catch(() => null)
    return found?.size ?? null
  }

  /** Writes beside and renames: a block is whole or not there. */
  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    const { dir, file } = this.#names.encode(cid)
    const folder = join(this.folder, dir)
    if (!this.#folders.has(dir)) {
      await mkdir(folder, { recursive: true })
      this.#folders.add(dir)
    }
    const beside = join(folder, `.${file}.${process.pid}.${(this.#writes += 1)}`)
    try {
      await writeFile(beside, bytes)
      await rename(beside, join(folder, file))
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined)
      throw error
    }
  }

  async delete(cid: CID): Promise<void> {
    await unlink(this.#path(cid)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  }

  /**
   * Removes what `keep` does not know, half-written files too. For after a crash and for collecting: `keep` is asked right before
   * each removal. Resolves with the bytes removed.
   * @param keep multihash of a block, base32 upper case with its prefix, as in the file names
   */
  async sweep(keep: (name: string) => boolean, signal?: AbortSignal): Promise<number> {
    let freed = 0
    for (const dir of await readdir(this.folder, { withFileTypes: true }).catch(() => [])) {
      if (!dir.isDirectory()) continue
      for (const file of await readdir(join(this.folder, dir.name))) {
        if (signal?.aborted) return freed
        const half = file.startsWith('.') && !file.includes(`.${process.pid}.`)
        if (!half && (!file.endsWith('.data') || keep(file.slice(0, -5)))) continue
        const path = join(this.folder, dir.name, file)
        const { size } = await stat(path).catch(() => ({ size: 0 }))
        if (!half && keep(file.slice(0, -5))) continue
        await unlink(path).catch(() => undefined)
        freed += size
      }
    }
    return freed
  }

  /** The name under which `sweep` knows a block. */
  nameOf(cid: CID): string {
    return this.#names.encode(cid).file.slice(0, -5)
  }

  #path(cid: CID): string {
    const { dir, file } = this.#names.encode(cid)
    return join(this.folder, dir, file)
  }
}
