import { randomBytes, randomUUID } from 'node:crypto'
import { createReadStream, rmSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DirectFile } from '@shared/community/direct-message'
import { StudioError } from '@shared/errors'
import type { ChosenFile } from '@shared/ipc/attachments-schema'
import type { Handlers } from '@shared/ipc/channel'
import type { StudioSchema } from '@shared/ipc/studio-schema'
import { openFile, sealedSize, sealFile } from '../../community/messages/sealed-file'
import type { Notifier } from '../ipc/handle-calls'

const MOST_BYTES = 4_000_000_000
const MOST_CHOSEN = 100
const MOST_PICTURE_BYTES = 8_000_000
const TELL_EVERY_MS = 200
/** What a file in the library is called whose name nobody else should see. */
const SEALED_NAME = 'Sealed attachment'

const TYPES = new Map(
  Object.entries({
    ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' },
    ...{ mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime', webm: 'video/webm', mkv: 'video/x-matroska' },
    ...{ mp3: 'audio/mpeg', m4a: 'audio/mp4', wav: 'audio/wav', ogg: 'audio/ogg', flac: 'audio/flac' },
    ...{ pdf: 'application/pdf', zip: 'application/zip', txt: 'text/plain' },
  }),
)
/** Those that a window may show: nothing that could run. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

interface Place {
  readonly conversation: string
  readonly message: string
  readonly at: number
}

export interface AttachmentParts {
  /** For sealed files until they are published. */
  readonly folder: string
  /** Asks the person for files; none when cancelled. */
  readonly choose: () => Promise<readonly string[]>
  /** Asks the person where to; null when cancelled. */
  readonly saveAs: (name: string) => Promise<string | null>
  /** Takes a file over for good; returns its CID. */
  readonly publish: (path: string) => Promise<string>
  /** A file by its CID, from here or from peers. */
  readonly read: (cid: string) => AsyncIterable<Uint8Array>
  readonly say: (input: { conversation: string; text: string; reply?: string; files: DirectFile[] }) => Promise<string>
  readonly fileOf: (place: Place) => Promise<DirectFile>
  readonly notify: Notifier
}

/** Files of private messages. Their keys are made here, travel inside the messages, and are never in the window. */
export class AttachmentSession {
  readonly #chosen = new Map<string, ChosenFile & { path: string }>()
  #running: AbortController | null = null

  constructor(private readonly parts: AttachmentParts) {
    rmSync(parts.folder, { recursive: true, force: true }) // sealed files of a run that was killed
  }

  handlers(): Handlers<StudioSchema>['attachments'] {
    return {
      choose: () => this.choose(),
      drop: (id) => void this.#chosen.delete(id),
      send: (wanted) => this.send(wanted),
      save: (place) => this.save(place),
      picture: (place) => this.picture(place),
      cancel: () => this.#running?.abort(cancelled()),
    }
  }

  /** Throws StudioError `attachment-unfit`. */
  async choose(): Promise<ChosenFile[]> {
    const files: ChosenFile[] = []
    for (const path of await this.parts.choose()) {
      const { size } = await stat(path)
      if (size > MOST_BYTES)
        throw new StudioError('attachment-unfit', `${basename(path)} is larger than 4 GB. Send it in parts.`)
      const name = basename(path).replace(/[\p{Cc}\u202a-\u202e]/gu, '_')
      const type = TYPES.get(extname(path).slice(1).toLowerCase()) ?? 'application/octet-stream'
      const file = { id: randomUUID(), name: name.slice(-200), type, size }
      this.#chosen.set(file.id, { ...file, path })
      files.push(file)
    }
    for (const id of [...this.#chosen.keys()].slice(0, -MOST_CHOSEN)) this.#chosen.delete(id)
    return files
  }

  /** Throws StudioError `cancelled`, `attachment-gone`, `attachments-busy`, and what publishing and saying throw. */
  async send(wanted: {
    conversation: string
    text: string
    reply?: string | undefined
    ids: string[]
  }): Promise<string> {
    const chosen = wanted.ids.map((id) => {
      const file = this.#chosen.get(id)
      if (file === undefined) throw new StudioError('attachment-gone', 'Choose the files again: the app was restarted.')
      return file
    })
    return this.#run('sending', sum(chosen.map(({ size }) => size)), async (signal, tell) => {
      const files: DirectFile[] = []
      for (const file of chosen) files.push(await this.#publish(file, signal, tell))
      signal.throwIfAborted()
      const { conversation, text, reply } = wanted
      const id = await this.parts.say({ conversation, text, files, ...(reply === undefined ? {} : { reply }) })
      for (const { id: sent } of chosen) this.#chosen.delete(sent)
      return id
    })
  }

  /** The file is whole and proven when it gets its name. Throws StudioError `attachment-broken`, `cancelled`. */
  async save(place: Place): Promise<boolean> {
    const file = await this.parts.fileOf(place)
    const path = await this.parts.saveAs(file.name.replace(/[/\\:*?"<>|]/g, '_'))
    if (path === null) return false
    await this.#run('saving', file.size, async (signal, tell) => {
      const beside = `${path}.${randomBytes(4).toString('hex')}.part`
      const target = await open(beside, 'wx', 0o600)
      try {
        await pipeline(counted(this.#opened(file), tell), target.createWriteStream(), { signal })
        await rename(beside, path)
      } catch (error) {
        await rm(beside, { force: true })
        throw signal.aborted ? cancelled() : error
      } finally {
        await target.close().catch(() => undefined) // the stream has closed it
      }
    })
    return true
  }

  async picture(place: Place): Promise<string | null> {
    const file = await this.parts.fileOf(place)
    if (!PICTURES.has(file.type) || file.size > MOST_PICTURE_BYTES) return null
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of this.#opened(file)) {
      bytes += part.length
      if (bytes > MOST_PICTURE_BYTES) return null // its sender said another size
      parts.push(part)
    }
    return `data:${file.type};base64,${Buffer.concat(parts).toString('base64')}`
  }

  #opened({ cid, key }: DirectFile): AsyncIterable<Uint8Array> {
    const bytes = this.parts.read(cid)
    return key === undefined ? bytes : openFile(Buffer.from(key.slice(2), 'hex'), bytes)
  }

  async #publish(
    { path, name, type, size }: ChosenFile & { path: string },
    signal: AbortSignal,
    tell: (bytes: number) => void,
  ): Promise<DirectFile> {
    const key = randomBytes(32)
    const folder = join(this.parts.folder, randomUUID())
    const sealed = join(folder, SEALED_NAME)
    await mkdir(dirname(sealed), { recursive: true, mode: 0o700 })
    try {
      const target = await open(sealed, 'wx', 0o600)
      await pipeline(sealFile(key, counted(createReadStream(path), tell)), target.createWriteStream(), { signal })
      if ((await stat(sealed)).size !== sealedSize(size))
        throw new StudioError('attachment-changed', `${name} was changed while it was read. Send it again.`)
      signal.throwIfAborted()
      const cid = await this.parts.publish(sealed)
      return { cid, name, type, size, key: `0x${key.toString('hex')}` }
    } catch (error) {
      throw signal.aborted ? cancelled() : error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** One at a time, with progress and an end. */
  async #run<T>(
    what: 'sending' | 'saving',
    total: number,
    work: (signal: AbortSignal, tell: (bytes: number) => void) => Promise<T>,
  ): Promise<T> {
    if (this.#running !== null)
      throw new StudioError('attachments-busy', 'Other files are under way. Wait for them, or cancel them.')
    const running = (this.#running = new AbortController())
    let [done, told] = [0, 0]
    try {
      return await work(running.signal, (bytes) => {
        done += bytes
        if (performance.now() - told < TELL_EVERY_MS) return
        told = performance.now()
        this.parts.notify('attachments', 'progress', { what, done: Math.min(done, total), total })
      })
    } finally {
      this.#running = null
      this.parts.notify('attachments', 'progress', null)
    }
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    tell(chunk.length)
    yield chunk
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function cancelled(): StudioError {
  return new StudioError('cancelled', 'Cancelled.')
}
