import { randomUUID } from 'node:crypto'
import type { Libp2p } from '@libp2p/interface'
import type { Datastore } from 'interface-datastore'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import {
  DEFAULT_LIMITS,
  type LibraryState,
  type StorageFigures,
  type StorageLimits,
  type StorageTask,
  type StoredFile,
} from '@shared/storage/stored-file'
import { rawCid } from '../content-id'
import { OwnerUplink } from '../owner-uplink'
import { BlockLinks } from './block-links'
import { carBytes, importCar, type CarImportOptions } from './car-file'
import { DiskBlocks } from './disk-blocks'
import { FileCaptions, MOST_CAPTION_BYTES, MOST_CAPTIONS, type FileCaption } from './file-captions'
import { FileLibrary, type Draft } from './file-library'
import { GrowingFile } from './growing-file'
import { OpenFile } from './open-file'
import { importFile, type PublishOptions } from './publish-file'
import { isBlockOf } from './verify-block'
import { writeNewFile } from '../../platform/write-new-file'

const MOST_PEERS_COUNTED = 1_000
const MOST_PEERS_SHOWN = 20

export interface FileStorageParts {
  /** Folder of the blocks. */
  blocksDir: string
  datastore: Datastore
  libp2p: Libp2p
  /** Blocks that are not files of the library but may be had: the live windows. */
  liveBlock: (cid: CID) => Uint8Array | undefined
  foreign: ((cid: CID, signal: AbortSignal) => Promise<Uint8Array | null>) | null
  limits?: StorageLimits
  /** Bytes were handed to the link of a peer. */
  served?: (peerId: string, bytes: number) => void
  /** The owner's limit, which files share with all else that is given; left out: one for files alone. */
  uplink?: OwnerUplink
  /** Connects this node to those who have a file; null or left out: nobody is looked for. */
  find?: ((cid: CID, signal: AbortSignal) => Promise<unknown>) | null
}

export interface OpenOptions {
  signal?: AbortSignal
  /** Keep what is fetched, unpinned; on by default. */
  store?: boolean
  title?: string
}

/** Files of this node by CID: published, fetched, kept, given to others. */
export class FileStorage {
  readonly #tasks = new Map<string, { task: StorageTask; stop: AbortController }>()
  readonly #open = new Set<OpenFile>()
  readonly #servedTo = new Map<string, number>()
  #served = 0
  #fetched = 0
  readonly #listeners = new Set<() => void>()

  private constructor(
    private readonly parts: FileStorageParts,
    private readonly disk: DiskBlocks,
    private readonly library: FileLibrary,
    private readonly links: BlockLinks,
    private readonly uplink: OwnerUplink,
    private limits: StorageLimits,
  ) {}

  static async start(parts: FileStorageParts): Promise<FileStorage> {
    const disk = new DiskBlocks(parts.blocksDir)
    const limits = parts.limits ?? DEFAULT_LIMITS
    const library = await FileLibrary.open(disk, parts.datastore, {
      spaceBytes: limits.spaceBytes,
      changed: () => storage.#changed(),
    })
    const uplink = parts.uplink ?? new OwnerUplink()
    uplink.kbps = limits.uplinkKbps
    const links = new BlockLinks(
      parts.libp2p,
      {
        holds: (cid) => library.holds(cid),
        block: async (cid) => parts.liveBlock(cid) ?? (library.hasBlock(cid) ? await disk.get(cid) : null),
        served: (peerId, root, bytes) => {
          storage.#count(peerId, root, bytes)
          parts.served?.(peerId, bytes)
        },
      },
      uplink.bucket,
    )
    const storage: FileStorage = new FileStorage(parts, disk, library, links, uplink, limits)
    await links.start()
    return storage
  }

  /** Calls when files, limits or tasks changed; figures change without. */
  onChange(changed: () => void): void {
    this.#listeners.add(changed)
  }

  /** Something is being published, fetched, played or written: a restart of the node would cut it. */
  get isBusy(): boolean {
    return this.#tasks.size > 0 || this.#open.size > 0
  }

  list(): StoredFile[] {
    return this.library.list()
  }

  figures(): StorageFigures {
    const peers = [...this.#servedTo]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_PEERS_SHOWN)
      .map(([peerId, servedBytes]) => ({ peerId, servedBytes }))
    return {
      storedBytes: this.library.storedBytes,
      pinnedBytes: this.library.pinnedBytes,
      ...this.limits,
      servedBytes: this.#served,
      fetchedBytes: this.#fetched,
      peers,
    }
  }

  state(): LibraryState {
    const tasks = [...this.#tasks.values()].map(({ task }) => ({ ...task }))
    return { files: this.list(), figures: this.figures(), tasks }
  }

  async setLimits(limits: StorageLimits): Promise<void> {
    this.limits = limits
    this.uplink.kbps = limits.uplinkKbps
    await this.library.setSpace(limits.spaceBytes)
  }

  /**
   * Makes a file of this computer available to others, pinned. Throws StudioError `no-such-file`, `file-changed`, `no-space`, or the
   * signal's reason; nothing of it stays then.
   */
  async publish(path: string, options: PublishOptions = {}): Promise<StoredFile> {
    const title = options.title ?? path.split(/[/\\]/).at(-1) ?? path
    return this.#task('publish', title, options, async (draft, run) => {
      const { cid, size } = await importFile(path, draft, { ...options, ...run })
      await draft.keep({ cid, title, size, pinned: true, complete: true })
      return cid
    })
  }

  /**
   * Keeps captions (WebVTT) with a file of the library, so that its link carries them and others get them with it. Those it had are
   * replaced. Throws StudioError `no-such-file`, `no-space`.
   */
  async keepCaptions(cid: CID, captions: readonly { lang: string; text: string }[]): Promise<StoredFile> {
    const known = this.library.find(cid)
    if (known === null) throw new StudioError('no-such-file', 'This file is not on this computer any more.')
    const draft = await this.library.draft()
    try {
      const named: FileCaption[] = []
      for (const { lang, text } of captions) {
        const bytes = new TextEncoder().encode(text)
        if (bytes.length > MOST_CAPTION_BYTES) continue
        const block = rawCid(bytes)
        await draft.put(block, bytes)
        named.push({ lang: lang.toLowerCase(), cid: block.toString() })
      }
      await draft.keep({ ...known, cid, captions: FileCaptions.parse(named.slice(0, MOST_CAPTIONS)) })
      return this.library.find(cid)!
    } finally {
      await draft.drop()
    }
  }

  /** Captions that are kept with a file. */
  captionsOf(cid: CID): FileCaption[] {
    return this.library.captionsOf(cid)
  }

  /** Reads a CAR of one file, pinned. Throws StudioError `bad-car`, `no-such-file`, `no-space`; nothing of it stays then. */
  async importCar(path: string, options: CarImportOptions = {}): Promise<StoredFile> {
    const title = (path.split(/[/\\]/).at(-1) ?? path).replace(/\.car$/i, '')
    return this.#task('import', title, options, async (draft, run) => {
      const { root, size } = await importCar(path, draft, (cid) => this.disk.get(cid), run)
      await draft.keep({ cid: root, title, size, pinned: true, complete: true })
      return root
    })
  }

  /** A file that comes block by block; it is there when it is finished. */
  async grow(title: string): Promise<GrowingFile> {
    return new GrowingFile(this.library, await this.library.draft(), title)
  }

  /** Writes a whole file as CAR beside and renames it. Throws StudioError `not-complete`, `not-writable`. */
  async exportCar(cid: CID, path: string, options: CarImportOptions = {}): Promise<number> {
    const file = this.library.find(cid)
    if (file?.complete !== true) {
      throw new StudioError(
        'not-complete',
        'Not all of this file is on this computer. Pin it and wait until it is here.',
      )
    }
    const release = this.library.use(cid)
    const { id, signal } = this.#begin('export', file.title, file.size, options.signal)
    try {
      const progress = (bytes: number): void => {
        this.#progress(id, bytes, file.size)
        options.onProgress?.(bytes, file.size)
      }
      return await writeNewFile(
        path,
        counted(
          carBytes(cid, (one) => this.#storedBlock(one)),
          progress,
          signal,
        ),
      )
    } finally {
      release()
      this.#end(id)
    }
  }

  /** Opens a file, from here or from whoever is connected and has it. Throws StudioError `file-unreachable`, `not-a-file`. */
  async open(cid: CID, { signal, store = true, title }: OpenOptions = {}): Promise<OpenFile> {
    const { disk, library, links, parts } = this
    let opened: OpenFile | null = null
    opened = await OpenFile.open(
      {
        root: cid,
        title: title ?? cid.toString(),
        disk,
        library,
        links,
        foreign: parts.foreign,
        find: parts.find ?? null,
        store,
        fetched: (bytes) => (this.#fetched += bytes),
        closed: () => {
          if (opened !== null) this.#open.delete(opened)
        },
      },
      signal,
    )
    this.#open.add(opened)
    return opened
  }

  /** Pins a file; fetches what is missing of it first. Throws as `open`, or the signal's reason. */
  async pin(cid: CID, options: CarImportOptions & { title?: string } = {}): Promise<void> {
    if (this.library.find(cid)?.complete !== true) await this.#fetchWhole(cid, options)
    await this.library.setPinned(cid, true)
  }

  unpin(cid: CID): Promise<void> {
    return this.library.setPinned(cid, false)
  }

  /** Throws StudioError `no-such-file`, `file-in-use`. */
  remove(cid: CID): Promise<void> {
    return this.library.remove(cid)
  }

  /** Removes what is neither pinned nor in use; resolves with the bytes freed. */
  collect(signal?: AbortSignal): Promise<number> {
    return this.library.collect(signal)
  }

  cancelTask(id: string): void {
    this.#tasks.get(id)?.stop.abort(new StudioError('cancelled', 'Cancelled. Nothing was kept.'))
  }

  async stop(): Promise<void> {
    for (const task of this.#tasks.values()) task.stop.abort(new StudioError('cancelled', 'WE Studio is closing.'))
    await Promise.all([...this.#open].map((file) => file.close()))
    this.uplink.stop()
    await this.links.stop()
    await this.library.flush()
  }

  async #fetchWhole(cid: CID, options: CarImportOptions & { title?: string }): Promise<void> {
    const title = options.title ?? this.library.find(cid)?.title ?? cid.toString()
    const { id, signal } = this.#begin('fetch', title, 0, options.signal)
    let file: OpenFile | null = null
    try {
      file = await this.open(cid, { signal, title })
      let done = 0
      for await (const bytes of file.read(0, file.size, signal, { lends: true })) {
        done += bytes.length
        this.#progress(id, done, file.size)
        options.onProgress?.(done, file.size)
      }
    } finally {
      await file?.close()
      this.#end(id)
    }
    if (this.library.find(cid)?.complete !== true) {
      throw new StudioError(
        'no-space',
        'There is no room for this file. Allow more space, or remove something, and try again.',
      )
    }
  }

  async #task(
    kind: StorageTask['kind'],
    title: string,
    options: CarImportOptions & { task?: string },
    work: (draft: Draft, run: Required<CarImportOptions>) => Promise<CID>,
  ): Promise<StoredFile> {
    const { id, signal } = this.#begin(kind, title, 0, options.signal, options.task)
    const draft = await this.library.draft()
    try {
      const onProgress = (done: number, total: number): void => {
        this.#progress(id, done, total)
        options.onProgress?.(done, total)
      }
      const cid = await work(draft, { signal, onProgress })
      return this.library.find(cid)!
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw error
    } finally {
      await draft.drop()
      this.#end(id)
    }
  }

  #changed(): void {
    for (const heard of this.#listeners) heard()
  }

  #begin(
    kind: StorageTask['kind'],
    title: string,
    totalBytes: number,
    signal: AbortSignal | undefined,
    id: string = randomUUID(),
  ): { id: string; signal: AbortSignal } {
    const stop = new AbortController()
    this.#tasks.set(id, { task: { id, kind, title, doneBytes: 0, totalBytes }, stop })
    this.#changed()
    return { id, signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal }
  }

  #progress(id: string, doneBytes: number, totalBytes: number): void {
    const task = this.#tasks.get(id)?.task
    if (task) Object.assign(task, { doneBytes, totalBytes })
    this.#changed()
  }

  #end(id: string): void {
    this.#tasks.delete(id)
    this.#changed()
  }

  async #storedBlock(cid: CID): Promise<Uint8Array> {
    const bytes = await this.disk.get(cid)
    if (bytes === null || !isBlockOf(cid, bytes)) {
      throw new StudioError(
        'disk-damaged',
        'A part of this file is damaged on the disk. Remove the file and fetch it again.',
      )
    }
    return bytes
  }

  #count(peerId: string, root: CID | null, bytes: number): void {
    this.#served += bytes
    if (this.#servedTo.has(peerId) || this.#servedTo.size < MOST_PEERS_COUNTED) {
      this.#servedTo.set(peerId, (this.#servedTo.get(peerId) ?? 0) + bytes)
    }
    if (root !== null) this.library.touch(root, bytes)
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  progress: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let done = 0
  for await (const bytes of source) {
    signal.throwIfAborted()
    yield bytes
    done += bytes.length
    progress(done)
  }
}
