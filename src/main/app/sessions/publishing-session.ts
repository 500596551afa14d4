import type { BrowserWindow } from 'electron'
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BodyOf } from '@shared/community/body-schema'
import type { PeerService } from '@shared/engines/peer-service'
import { reportError, StudioError } from '@shared/errors'
import type { Handlers } from '@shared/ipc/channel'
import type { publishingSchema } from '@shared/ipc/publishing-schema'
import {
  MOST_DRAFTS,
  type DraftState,
  type KeptDraft,
  type VideoDetails,
  type VideoDraft,
  type VideoFacts,
} from '@shared/publishing/video-draft'
import type { ServiceClient } from '@shared/rpc/rpc'
import { probeVideo } from '../../media/probe'
import { grabCover, makeWebVideo, webReadiness } from '../../media/web-video'
import { ALL_FILES, chooseFile, VIDEOS } from '../choose-file'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SavedFiles } from '../saved-files'
import { DraftFile } from './draft-file'

/** A draft with what only this run of the app knows. */
interface Work {
  kept: KeptDraft
  facts: VideoFacts | null
  now: DraftState
  /** What is shown and published; the person's own file, or one that was made of it. */
  file: string | null
  /** The CID where this very file is in the library already. */
  cid: string | null
  /** Ends what is under way. */
  stop: AbortController | null
}

/** What publishing needs of the community engine. */
export interface ChannelCalls {
  publishVideo: (body: BodyOf<'video'>) => Promise<string>
  /** The recording of a live is this video now. */
  liveRecorded: (live: string, video: string) => Promise<void>
}

const TELL_EVERY_MS = 200
const MOST_MS = 7 * 86_400_000
const SIDES = { least: 16, most: 16_384 }

/** Videos on their way to a channel, and pictures: read, made playable, added to the files of this computer, said. */
export class PublishingSession {
  readonly #work = new Map<string, Work>()
  readonly #file: DraftFile
  readonly #dir: string
  #telling: NodeJS.Timeout | null = null
  #isOpen = false

  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly paths: { dataDir: string; ffmpeg: string },
    private readonly calls: ChannelCalls,
    private readonly saved: SavedFiles,
    private readonly liveOf: (path: string) => string | null,
    /** Files that the person dropped on the window, once. */
    private readonly dropped: () => readonly string[],
    private readonly notify: Notifier,
    private readonly log: (line: string) => void,
  ) {
    this.#dir = join(paths.dataDir, 'publishing')
    this.#file = new DraftFile(join(this.#dir, 'drafts.json'), log)
  }

  prepare(client: ServiceClient<PeerService>): void {
    client.on('libraryChanged', ({ tasks }) => {
      for (const { id, doneBytes, totalBytes } of tasks) {
        const work = this.#work.get(id)
        if (work?.now.state === 'publishing' && totalBytes > 0)
          this.#set(work, { ...work.now, done: doneBytes / totalBytes })
      }
    })
  }

  handlers(window: () => BrowserWindow | null): Handlers<{ publishing: typeof publishingSchema }>['publishing'] {
    return {
      drafts: () => this.#drafts(),
      choose: async (channel) => {
        const path = await chooseFile(window(), 'Publish a video', [VIDEOS, ALL_FILES])
        return path === null ? null : this.takeFile(channel, path)
      },
      fromDropped: async (channel) => {
        let first: string | null = null
        for (const path of this.dropped()) {
          const id = await this.takeFile(channel, path)
          first ??= id
        }
        return first
      },
      fromLibrary: ({ channel, cid, title }) => this.#add(channel, { kind: 'library', cid }, title, null),
      fromRecording: ({ channel, path }) => {
        this.saved.refuseOthers(path)
        return this.takeFile(channel, path)
      },
      setDetails: ({ id, details }) => this.#change(id, { details }),
      setChannel: ({ id, channel }) => this.#change(id, { channel }),
      publish: (id) => this.#publish(this.#of(id)),
      stop: (id) => this.#of(id).stop?.abort(new StudioError('cancelled', 'Stopped. The draft is still here.')),
      discard: (id) => this.#drop(this.#of(id)),
      picture: ({ name, jpeg }) => this.#picture(name, jpeg),
    }
  }

  /** A file of this computer that the person has chosen. The id of the draft. */
  takeFile(channel: string, path: string): Promise<string> {
    return this.#add(channel, { kind: 'file', path }, basename(path), this.liveOf(path))
  }

  /** What the window plays for `media://draft/<id>`: a path; null while there is none. */
  mediaOf(id: string): string | null {
    const work = this.#work.get(id)
    return work?.now.state === 'ready' || work?.now.state === 'publishing' ? work.file : null
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#work.values()) stop?.abort(new StudioError('cancelled', 'WE Studio is closing.'))
    await this.#file.settled()
  }

  #drafts(): VideoDraft[] {
    if (!this.#isOpen) this.#open()
    return this.#list()
  }

  /** Those of before, and nothing else in the folder. */
  #open(): void {
    this.#isOpen = true
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
    const kept = this.#file.read()
    const folders = new Set(kept.map(({ id }) => id))
    for (const entry of readdirSync(this.#dir, { withFileTypes: true })) {
      if (entry.isDirectory() && !folders.has(entry.name))
        rmSync(join(this.#dir, entry.name), { recursive: true, force: true })
    }
    for (const draft of kept) this.#begin(draft)
  }

  async #add(channel: string, source: KeptDraft['source'], name: string, live: string | null): Promise<string> {
    this.#drafts()
    if (this.#work.size >= MOST_DRAFTS) {
      throw new StudioError('drafts-full', `There are ${MOST_DRAFTS} drafts already. Publish or discard one first.`)
    }
    const fileName = name.slice(-255)
    const title = titleOf(fileName)
    const details: VideoDetails = {
      ...{ title, desc: '', category: 'other', tags: [], lang: null },
      ...{ licence: 'All rights reserved', warn: [], coverMs: 0 },
    }
    const kept: KeptDraft = { id: randomUUID(), channel, fileName, addedAt: Date.now(), details, live, source }
    this.#begin(kept)
    await this.#keep()
    return kept.id
  }

  #begin(kept: KeptDraft): void {
    const work: Work = {
      kept,
      facts: null,
      now: { state: 'reading', done: 0 },
      file: null,
      cid: null,
      stop: new AbortController(),
    }
    this.#work.set(kept.id, work)
    this.#tell()
    void this.#prepare(work, work.stop!.signal).catch((error: unknown) => {
      if (this.#work.get(kept.id) !== work) return // discarded
      this.#set(work, { state: 'refused', ...reportError(error) })
    })
  }

  /** Brings a draft to `ready`: its file here, probed, and made into what browsers play. */
  async #prepare(work: Work, signal: AbortSignal): Promise<void> {
    const { kept } = work
    const folder = join(this.#dir, kept.id)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const input =
      kept.source.kind === 'file' ? kept.source.path : await this.#fetch(work, kept.source.cid, folder, signal)
    const probe = await probeVideo(this.paths.ffmpeg, input, signal)
    const how = await webReadiness(input, probe)
    let file = input
    if (how !== 'as-is') {
      file = join(folder, `web.${how === 'rewrap-webm' ? 'webm' : 'mp4'}`)
      this.#set(work, { state: 'converting', done: 0 })
      await makeWebVideo({
        ...{ ffmpegPath: this.paths.ffmpeg, input, output: file, probe, how, signal },
        onProgress: (done) => this.#set(work, { state: 'converting', done }),
      })
    }
    work.facts = factsOf(
      how === 'as-is' ? probe : await probeVideo(this.paths.ffmpeg, file, signal),
      (await stat(file)).size,
    )
    signal.throwIfAborted()
    work.file = file
    work.cid = kept.source.kind === 'library' && file === input ? kept.source.cid : null
    work.stop = null
    const { coverMs } = kept.details
    // most videos begin in black
    if (coverMs === 0)
      work.kept = { ...work.kept, details: { ...work.kept.details, coverMs: Math.round(work.facts.durMs * 0.1) } }
    this.#set(work, { state: 'ready' })
  }

  /** A file of the library as a file of its own, from here or from peers. */
  async #fetch(work: Work, cid: string, folder: string, signal: AbortSignal): Promise<string> {
    const peer = await this.peer.ready()
    const { size } = await peer.call('aboutFile', cid)
    const path = join(folder, 'library')
    const reader = await peer.call('beginFile', { cid, start: 0, end: size })
    let done = 0
    const pieces = async function* (tell: (done: number) => void): AsyncGenerator<Uint8Array> {
      for (;;) {
        const bytes = await peer.call('nextOfFile', reader)
        if (bytes === null) return
        yield bytes
        done += bytes.length
        tell(done / Math.max(1, size))
      }
    }
    try {
      const source = Readable.from(pieces((part) => this.#set(work, { state: 'reading', done: part })))
      await pipeline(source, createWriteStream(path), { signal })
    } finally {
      await peer.call('endFile', reader).catch(() => undefined)
    }
    return path
  }

  async #publish(work: Work): Promise<string> {
    const { kept, facts, file } = work
    if (work.now.state !== 'ready' || facts === null || file === null) {
      throw new StudioError('not-ready', 'This video is not ready to be published yet.')
    }
    const title = kept.details.title.trim().replace(/\s+/g, ' ')
    if (title === '') throw new StudioError('no-title', 'Give the video a title.')
    const stop = (work.stop = new AbortController())
    this.#set(work, { state: 'publishing', done: 0 })
    try {
      const peer = await this.peer.ready()
      const cancel = (): void => void peer.call('cancelTask', kept.id).catch(() => undefined)
      stop.signal.addEventListener('abort', cancel)
      const cid =
        work.cid ?? (await peer.call('publishAs', { path: file, title: `${title}${extname(file)}`, task: kept.id })).cid
      stop.signal.throwIfAborted()
      const thumb = await this.#cover(work, file, facts, title)
      stop.signal.throwIfAborted()
      const id = await this.calls.publishVideo(bodyOf(kept, facts, { title, cid, thumb }))
      if (kept.live !== null)
        await this.calls.liveRecorded(kept.live, id).catch((error: unknown) => this.log(String(error)))
      await this.#drop(work)
      return id
    } catch (error) {
      if (this.#work.get(kept.id) === work) this.#set(work, { state: 'ready' })
      throw error
    } finally {
      work.stop = null
    }
  }

  async #cover({ kept }: Work, input: string, { w, h, durMs }: VideoFacts, title: string): Promise<string> {
    const output = join(this.#dir, kept.id, 'cover.jpg')
    const atMs = Math.min(kept.details.coverMs, Math.max(0, durMs - 100))
    await grabCover({ ffmpegPath: this.paths.ffmpeg, input, output, atMs, size: { width: w, height: h } })
    const peer = await this.peer.ready()
    return (await peer.call('publishAs', { path: output, title: `Cover of ${title}.jpg`, task: randomUUID() })).cid
  }

  async #picture(name: string, jpeg: Uint8Array): Promise<string> {
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg[2] !== 0xff) {
      throw new StudioError('not-a-picture', 'This picture could not be made ready. Choose another one.')
    }
    const folder = join(this.#dir, randomUUID())
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      const path = join(folder, 'picture.jpg')
      await writeFile(path, jpeg)
      const peer = await this.peer.ready()
      return (await peer.call('publishAs', { path, title: `${name}.jpg`, task: randomUUID() })).cid
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #of(id: string): Work {
    this.#drafts()
    const work = this.#work.get(id)
    if (work === undefined) throw new StudioError('no-draft', 'This draft is not here any more.')
    return work
  }

  async #change(id: string, change: Partial<Pick<KeptDraft, 'details' | 'channel'>>): Promise<void> {
    const work = this.#of(id)
    work.kept = { ...work.kept, ...change }
    this.#tell()
    await this.#keep()
  }

  async #drop(work: Work): Promise<void> {
    const { id } = work.kept
    this.#work.delete(id)
    work.stop?.abort(new StudioError('cancelled', 'The draft was discarded.'))
    this.#tell()
    await this.#keep()
    // a player may still have it open on systems that forbid this; the next start clears up
    await rm(join(this.#dir, id), { recursive: true, force: true }).catch(() => undefined)
  }

  #keep(): Promise<void> {
    return this.#file.write([...this.#work.values()].map(({ kept }) => kept))
  }

  #list(): VideoDraft[] {
    return [...this.#work.values()].map(({ kept, facts, now }) => {
      const { id, channel, fileName, addedAt, details, live } = kept
      return { id, channel, fileName, addedAt, details, live, facts, now }
    })
  }

  #set(work: Work, now: DraftState): void {
    work.now = now
    this.#tell()
  }

  #tell(): void {
    if (this.#telling !== null) return
    this.#telling = setTimeout(() => {
      this.#telling = null
      this.notify('publishing', 'changed', this.#list())
    }, TELL_EVERY_MS)
  }
}

/** A file's name as the beginning of a title. */
function titleOf(fileName: string): string {
  const stem = fileName.slice(0, fileName.length - extname(fileName).length)
  return stem
    .replace(/[_\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 100)
}

/** Throws StudioError `bad-video` for what no entry can say. */
function factsOf({ durationMs, video, audio }: Awaited<ReturnType<typeof probeVideo>>, size: number): VideoFacts {
  const { width: w, height: h } = video
  const isWrong = [w, h].some((side) => side < SIDES.least || side > SIDES.most)
  if (isWrong) throw new StudioError('bad-video', `A video of ${w} x ${h} pixels cannot be published.`)
  if (durationMs === null || durationMs < 1)
    throw new StudioError('bad-video', 'This video has no length; is it finished?')
  if (durationMs > MOST_MS) throw new StudioError('bad-video', 'This video is longer than a week. Cut it first.')
  return { durMs: durationMs, w, h, codec: audio === null ? video.codec : `${video.codec},${audio.codec}`, size }
}

function bodyOf(
  { channel, details }: KeptDraft,
  { durMs, w, h, codec, size }: VideoFacts,
  { title, cid, thumb }: { title: string; cid: string; thumb: string },
): BodyOf<'video'> {
  const { desc, category, tags, lang, licence, warn } = details
  const br = Math.min(1_000_000_000, Math.max(1, Math.round((size * 8_000) / durMs)))
  return {
    ...{ channel, title, desc, category, tags, dur: durMs, w, h, thumb, captions: [], warn, licence },
    ...(lang === null ? {} : { lang }),
    variants: [{ cid, codec, w, h, br, size }],
    made: { app: 'WE Studio', filters: [] },
  }
}
