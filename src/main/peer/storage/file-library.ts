import { Key, type Datastore } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import { RAW_CODEC } from '@shared/live/content-cid'
import type { StoredFile } from '@shared/storage/stored-file'
import type { DiskBlocks } from './disk-blocks'
import { captionsQuery, type FileCaption } from './file-captions'
import { decodeFileNode, fileUrl } from './file-node'
import { decodeBlocks, decodeRecord, encodeBlocks, encodeRecord, type FileRecord, type HeldBlock } from './file-record'

const RECORDS = '/we/file'
const BLOCKS = '/we/blocks'
/** There while blocks may be on disk that no record names. */
const UNTIDY = new Key('/we/untidy')
/** A use is written down at most so often. */
const TOUCH_EACH_MS = 60_000

interface Entry {
  record: FileRecord
  blocks: Map<string, HeldBlock>
  uses: number
  writtenAt: number
}

/** What a draft becomes. Captions that are left out stay as they were. */
export interface KeptFile {
  cid: CID
  title: string
  size: number
  pinned: boolean
  complete: boolean
  captions?: readonly FileCaption[]
}

/** Blocks on their way into the library: counted at once, kept only when the draft is taken over. */
export interface Draft {
  /** Stores a block. Throws StudioError `no-space`. */
  put: (cid: CID, bytes: Uint8Array) => Promise<void>
  /** Makes the file known, in one write. */
  keep: (file: KeptFile) => Promise<void>
  /** Removes what only the draft held. Does nothing after `keep`. */
  drop: () => Promise<void>
}

/**
 * What this node holds. Every block is counted once, however many files share it; a block goes when the last file with it goes.
 * Helia's own collection is not used: it locks the whole store while it runs.
 */
export class FileLibrary {
  readonly #entries = new Map<string, Entry>()
  /** By multihash: who holds it how often. */
  readonly #held = new Map<string, { cid: CID; bytes: number; holders: number }>()
  #storedBytes = 0
  #drafts = 0
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly disk: DiskBlocks,
    private readonly datastore: Datastore,
    private readonly changed: () => void,
    private spaceBytes: number,
  ) {}

  /** Reads what is known; after a crash also clears away what was left half done. */
  static async open(
    disk: DiskBlocks,
    datastore: Datastore,
    options: { spaceBytes: number; changed: () => void },
  ): Promise<FileLibrary> {
    const library = new FileLibrary(disk, datastore, options.changed, options.spaceBytes)
    for await (const { value } of datastore.query({ prefix: RECORDS })) {
      const record = decodeRecord(value)
      if (record === null) continue
      const key = new Key(`${BLOCKS}/${record.cid}`)
      const blocks = (await datastore.has(key)) ? decodeBlocks(await datastore.get(key)) : null
      if (blocks === null) continue
      const entry: Entry = { record, blocks: new Map(), uses: 0, writtenAt: Date.now() }
      for (const block of blocks) library.#hold(entry.blocks, block.cid, block.bytes)
      library.#entries.set(record.cid, entry)
    }
    if (await datastore.has(UNTIDY)) {
      await disk.sweep((name) => library.#held.has(name))
      await datastore.delete(UNTIDY)
    }
    return library
  }

  get storedBytes(): number {
    return this.#storedBytes
  }

  get pinnedBytes(): number {
    let sum = 0
    const seen = new Set<string>()
    for (const { record, blocks } of this.#entries.values()) {
      if (!record.pinned) continue
      for (const [name, { bytes }] of blocks) {
        if (!seen.has(name)) sum += bytes
        seen.add(name)
      }
    }
    return sum
  }

  /** Newest first. */
  list(): StoredFile[] {
    return [...this.#entries.values()].map((entry) => this.#view(entry)).sort((a, b) => b.addedAt - a.addedAt)
  }

  find(cid: CID): StoredFile | null {
    const entry = this.#entries.get(cid.toString())
    return entry === undefined ? null : this.#view(entry)
  }

  /** Captions that are kept with a file. */
  captionsOf(cid: CID): FileCaption[] {
    return this.#entries.get(cid.toString())?.record.captions ?? []
  }

  /** What others are told: all of the file is here, a part, or nothing. */
  holds(cid: CID): 'all' | 'part' | 'none' {
    const entry = this.#entries.get(cid.toString())
    if (entry !== undefined) return entry.record.complete ? 'all' : 'part'
    return this.hasBlock(cid) ? 'part' : 'none'
  }

  hasBlock(cid: CID): boolean {
    return this.#held.has(this.disk.nameOf(cid))
  }

  /** True when the block is kept for this file, not only for another one. */
  keepsFor(root: CID, cid: CID): boolean {
    return this.#entries.get(root.toString())?.blocks.has(this.disk.nameOf(cid)) ?? false
  }

  /** Marks a file as being on screen, written or exported until the returned function is called. */
  use(cid: CID): () => void {
    const entry = this.#entries.get(cid.toString())
    if (entry === undefined) return () => undefined
    entry.uses += 1
    this.touch(cid)
    let over = false
    return () => {
      if (over) return
      over = true
      entry.uses -= 1
      this.changed()
    }
  }

  /** The file was used, here or by others. */
  touch(cid: CID, servedBytes = 0): void {
    const entry = this.#entries.get(cid.toString())
    if (entry === undefined) return
    const now = Date.now()
    entry.record.lastUsedAt = now
    entry.record.servedBytes += servedBytes
    if (now - entry.writtenAt < TOUCH_EACH_MS) return
    entry.writtenAt = now
    void this.#write(() => this.datastore.put(recordKey(entry), encodeRecord(entry.record))).catch(() => undefined)
  }

  /** Looks whether all of a file is here by now, and remembers it. */
  async settle(root: CID): Promise<boolean> {
    const entry = this.#entries.get(root.toString())
    if (entry === undefined) return false
    if (!entry.record.complete && (await this.#isWhole(root, entry.blocks))) {
      entry.record.complete = true
      await this.#write(() => this.datastore.put(recordKey(entry), encodeRecord(entry.record)))
      this.changed()
    }
    return entry.record.complete
  }

  async setPinned(cid: CID, pinned: boolean): Promise<void> {
    const entry = this.#known(cid)
    entry.record.pinned = pinned
    await this.#write(() => this.datastore.put(recordKey(entry), encodeRecord(entry.record)))
    this.changed()
  }

  /** Throws StudioError `no-such-file`, `file-in-use`. */
  async remove(cid: CID): Promise<void> {
    const entry = this.#known(cid)
    if (entry.uses > 0) {
      throw new StudioError('file-in-use', `${entry.record.title} is being played or written. Close it first.`)
    }
    await this.#forget(entry)
    this.changed()
  }

  /** Removes all that is neither pinned nor in use, and blocks without a file. Resolves with the bytes freed. */
  async collect(signal?: AbortSignal): Promise<number> {
    const before = this.#storedBytes
    for (const entry of this.#oldestFirst()) {
      if (signal?.aborted) break
      if (!entry.record.pinned && entry.uses === 0) await this.#forget(entry)
    }
    const freed = before - this.#storedBytes
    const stray = signal?.aborted ? 0 : await this.disk.sweep((name) => this.#held.has(name), signal)
    this.changed()
    return freed + stray
  }

  /** A smaller space takes effect at once, as far as pins allow. */
  async setSpace(bytes: number): Promise<void> {
    this.spaceBytes = bytes
    await this.#makeRoom()
    this.changed()
  }

  async draft(): Promise<Draft> {
    if (this.#drafts === 0) await this.#write(() => this.datastore.put(UNTIDY, new Uint8Array([1])))
    this.#drafts += 1
    const blocks = new Map<string, HeldBlock>()
    let over = false
    const finish = async (): Promise<void> => {
      over = true
      this.#drafts -= 1
      if (this.#drafts === 0) await this.#write(() => this.datastore.delete(UNTIDY))
    }
    return {
      put: async (cid, bytes) => {
        const name = this.disk.nameOf(cid)
        if (over || blocks.has(name)) return
        const here = this.#held.has(name)
        this.#hold(blocks, cid, bytes.length)
        if (!here && !(await this.#makeRoom())) {
          blocks.delete(name)
          await this.#release(name)
          throw new StudioError(
            'no-space',
            'The space for files is used up by what is pinned. Allow more space, or unpin or remove something, and try again.',
          )
        }
        // another draft may hold it and fail before it is written
        if (!here || this.#drafts > 1) await this.disk.put(cid, bytes)
      },
      keep: async ({ cid, title, size, pinned, complete, captions }) => {
        if (over) return
        const now = Date.now()
        const known = this.#entries.get(cid.toString())
        const named = captions ?? known?.record.captions
        const record: FileRecord = {
          v: 1,
          cid: cid.toString(),
          title: title.slice(0, 200),
          size,
          pinned: pinned || (known?.record.pinned ?? false),
          complete: complete || (known?.record.complete ?? false),
          addedAt: known?.record.addedAt ?? now,
          lastUsedAt: now,
          servedBytes: known?.record.servedBytes ?? 0,
          ...(named === undefined ? {} : { captions: [...named] }),
        }
        const entry: Entry = known ?? { record, blocks: new Map(), uses: 0, writtenAt: now }
        const all = new Map([...entry.blocks, ...blocks])
        await this.#write(async () => {
          const batch = this.datastore.batch()
          batch.put(new Key(`${BLOCKS}/${record.cid}`), encodeBlocks(all.values()))
          batch.put(new Key(`${RECORDS}/${record.cid}`), encodeRecord(record))
          await batch.commit()
        })
        for (const [name, block] of blocks) {
          if (entry.blocks.has(name)) await this.#release(name)
          else entry.blocks.set(name, block)
        }
        entry.record = record
        entry.writtenAt = now
        this.#entries.set(record.cid, entry)
        await finish()
        this.changed()
      },
      drop: async () => {
        if (over) return
        for (const name of blocks.keys()) await this.#release(name)
        await finish()
      },
    }
  }

  /** Resolves when everything said so far is on disk; uses and bytes served since the last write too. */
  async flush(): Promise<void> {
    for (const entry of this.#entries.values()) {
      void this.#write(() => this.datastore.put(recordKey(entry), encodeRecord(entry.record))).catch(() => undefined)
    }
    await this.#writing
  }

  /** False when pins and what is in use leave no room. */
  async #makeRoom(): Promise<boolean> {
    if (this.#storedBytes <= this.spaceBytes) return true
    for (const entry of this.#oldestFirst()) {
      if (entry.record.pinned || entry.uses > 0) continue
      await this.#forget(entry)
      if (this.#storedBytes <= this.spaceBytes) return true
    }
    return false
  }

  /** Blocks that only another file or a draft holds do not count: they may go with it. */
  async #isWhole(root: CID, blocks: ReadonlyMap<string, HeldBlock>): Promise<boolean> {
    const open = [root]
    for (let cid = open.pop(); cid !== undefined; cid = open.pop()) {
      if (!blocks.has(this.disk.nameOf(cid))) return false
      if (cid.code === RAW_CODEC) continue
      const bytes = await this.disk.get(cid)
      if (bytes === null) return false
      const node = decodeFileNode(cid, bytes)
      if (node.kind === 'branch') open.push(...node.children.map((child) => child.cid))
    }
    return true
  }

  #oldestFirst(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.record.lastUsedAt - b.record.lastUsedAt)
  }

  /** The record goes first: a crash in between leaves blocks to sweep, never a file with holes. */
  async #forget(entry: Entry): Promise<void> {
    if (!this.#entries.delete(entry.record.cid)) return
    await this.#write(async () => {
      const batch = this.datastore.batch()
      batch.put(UNTIDY, new Uint8Array([1]))
      batch.delete(recordKey(entry))
      batch.delete(new Key(`${BLOCKS}/${entry.record.cid}`))
      await batch.commit()
    })
    for (const name of entry.blocks.keys()) await this.#release(name)
    if (this.#drafts === 0) await this.#write(() => this.datastore.delete(UNTIDY))
  }

  #hold(into: Map<string, HeldBlock>, cid: CID, bytes: number): void {
    const name = this.disk.nameOf(cid)
    if (into.has(name)) return
    into.set(name, { cid, bytes })
    const held = this.#held.get(name)
    if (held) held.holders += 1
    else {
      this.#held.set(name, { cid, bytes, holders: 1 })
      this.#storedBytes += bytes
    }
  }

  async #release(name: string): Promise<void> {
    const held = this.#held.get(name)
    if (!held) return
    held.holders -= 1
    if (held.holders > 0) return
    this.#held.delete(name)
    this.#storedBytes -= held.bytes
    await this.disk.delete(held.cid)
  }

  #known(cid: CID): Entry {
    const entry = this.#entries.get(cid.toString())
    if (entry === undefined) throw new StudioError('no-such-file', 'This file is not on this computer any more.')
    return entry
  }

  #view({ record, blocks, uses }: Entry): StoredFile {
    let storedBytes = 0
    for (const { bytes } of blocks.values()) storedBytes += bytes
    const { cid, title, size, complete, pinned, addedAt, lastUsedAt, servedBytes, captions = [] } = record
    const url = fileUrl(CID.parse(cid), title, captionsQuery(captions))
    const inUse = uses > 0
    return { cid, url, title, size, storedBytes, complete, pinned, inUse, addedAt, lastUsedAt, servedBytes }
  }

  /** One write after the other, so that an older one never lands last. */
  #write(work: () => unknown): Promise<void> {
    const next = this.#writing.then(async () => {
      await work()
    })
    this.#writing = next.catch(() => undefined)
    return next
  }
}

function recordKey(entry: Entry): Key {
  return new Key(`${RECORDS}/${entry.record.cid}`)
}
