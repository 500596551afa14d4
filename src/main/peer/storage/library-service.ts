import type { LibraryState, StorageLimits, StoredFile } from '@shared/storage/stored-file'
import type { CaptionText } from '@shared/captions/caption-text'
import { captionCid, captionsInAddress, MOST_CAPTION_BYTES } from './file-captions'
import { FileReaders } from './file-readers'
import { parseFileAddress, titleInAddress } from './file-node'
import type { FileStorage } from './file-storage'

const TELL_EACH_MS = 250
const CAPTIONS_WAIT_MS = 4_000
/** Figures grow while others fetch, without any other change. */
const FIGURES_EACH_MS = 2_000

/** What the app asks of the files of its node; addresses are texts, since they cross process borders. */
export class LibraryService {
  readonly readers: FileReaders
  #due: NodeJS.Timeout | null = null
  #told = ''
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly files: FileStorage,
    private readonly tell: (state: LibraryState) => void,
  ) {
    this.readers = new FileReaders(files)
    files.onChange(() => {
      this.#due ??= setTimeout(() => this.#tellNow(), TELL_EACH_MS)
    })
    this.#timer = setInterval(() => this.#tellNow(), FIGURES_EACH_MS)
  }

  state(): LibraryState {
    return this.files.state()
  }

  publish(path: string, as: { title?: string; task?: string } = {}): Promise<StoredFile> {
    return this.files.publish(path, as)
  }

  keepCaptions(cid: string, captions: readonly CaptionText[]): Promise<StoredFile> {
    return this.files.keepCaptions(parseFileAddress(cid), captions)
  }

  /**
   * Captions that a link names or that are kept with the file, as far as somebody has them within 4 s: a video does not wait
   * longer for them. Those of a link are kept with a file that had none.
   */
  async captionsOf(address: string): Promise<CaptionText[]> {
    const cid = parseFileAddress(address)
    const kept = this.files.captionsOf(cid)
    const named = kept.length > 0 ? kept : captionsInAddress(address)
    if (named.length === 0) return []
    const blocks = named.map((one) => captionCid(one.cid)!)
    const found = await this.readers.beside(cid.toString(), blocks, AbortSignal.timeout(CAPTIONS_WAIT_MS))
    const captions = named.flatMap(({ lang }, at) => {
      const bytes = found[at]
      return bytes && bytes.length <= MOST_CAPTION_BYTES ? [{ lang, text: new TextDecoder().decode(bytes) }] : []
    })
    if (kept.length === 0 && captions.length > 0 && captions.every(({ text }) => text.startsWith('WEBVTT'))) {
      await this.files.keepCaptions(cid, captions).catch(() => undefined) // no room, or it is not kept: they are shown all the same
    }
    return captions
  }

  importCar(path: string): Promise<StoredFile> {
    return this.files.importCar(path)
  }

  exportCar(address: string, path: string): Promise<number> {
    return this.files.exportCar(parseFileAddress(address), path)
  }

  async pin(address: string): Promise<StoredFile> {
    const cid = parseFileAddress(address)
    const title = titleInAddress(address)
    await this.files.pin(cid, title === null ? {} : { title })
    return this.files.list().find((file) => file.cid === cid.toString())!
  }

  unpin(address: string): Promise<void> {
    return this.files.unpin(parseFileAddress(address))
  }

  /** Also a file that is open for a player: who removes it has seen it. */
  async remove(address: string): Promise<void> {
    const cid = parseFileAddress(address)
    await this.readers.close(cid.toString())
    await this.files.remove(cid)
  }

  collect(): Promise<number> {
    return this.files.collect()
  }

  cancelTask(id: string): void {
    this.files.cancelTask(id)
  }

  setLimits(limits: StorageLimits): Promise<void> {
    return this.files.setLimits(limits)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    if (this.#due !== null) clearTimeout(this.#due)
    await this.readers.closeAll()
  }

  #tellNow(): void {
    if (this.#due !== null) clearTimeout(this.#due)
    this.#due = null
    const state = this.state()
    const text = JSON.stringify(state)
    if (text === this.#told) return
    this.#told = text
    this.tell(state)
  }
}
