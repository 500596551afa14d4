import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { BodyOf } from '@shared/community/body-schema'
import { LiveBody } from '@shared/community/bodies/videos'
import type { ChannelCard } from '@shared/community/index-cards'
import { livePlace } from '@shared/community/live-topic'
import { EntryId } from '@shared/community/subject'
import type { LiveState } from '@shared/ipc/studio-schema'
import { writeBeside } from '../../platform/write-beside'

const Running = z.strictObject({ id: EntryId, body: LiveBody })
type Running = z.infer<typeof Running>

/** What is needed of the community engine. */
export interface LiveEntryCalls {
  /** The account that this device speaks for without asking; null: none. */
  me: () => Promise<string | null>
  channelsOf: (account: string) => Promise<readonly ChannelCard[]>
  publishLive: (body: BodyOf<'live'>) => Promise<string>
  /** The body as the index has it; null: withdrawn. */
  live: (id: string) => Promise<BodyOf<'live'> | null>
}

/**
 * Says the own lives in the own channel: that one runs, that it is over, which video became of it. A person without account
 * or channel goes live without. What runs is written down, so that a live that was killed is ended at the next start.
 */
export class LiveEntries {
  #running: Running | null = null
  /** Address of the show whose beginning was seen. */
  #url: string | null = null
  /** The last one that began, also after its end. */
  #last: string | null = null
  #queue: Promise<void> = Promise.resolve()
  /** Lives by their recordings of this run of the app. */
  readonly #recordings = new Map<string, string>()

  constructor(
    private readonly path: string,
    private readonly calls: LiveEntryCalls,
    private readonly category: () => string,
    private readonly log: (line: string) => void,
  ) {}

  /** Ends what a run of the app before was cut in. */
  resume(): void {
    const cut = read(this.path)
    if (cut === null) return
    this.#run(async () => {
      await this.#end(cut)
    })
  }

  liveChanged(state: LiveState): void {
    if (state.state === 'live') {
      if (state.url === this.#url) return
      this.#url = state.url
      this.#last = null
      this.#run(() => this.#begin(state))
    } else if (state.state === 'off' && this.#url !== null) {
      this.#url = null
      this.#run(async () => {
        if (this.#running !== null) await this.#end(this.#running)
      })
    }
  }

  /** A recording of the live of now, or of the last one, is on the disk. */
  recorded(path: string): void {
    this.#run(() => {
      if (this.#last !== null) this.#recordings.set(path, this.#last)
      return Promise.resolve()
    })
  }

  /** The live that a recording of this run of the app is of. */
  liveOf(path: string): string | null {
    return this.#recordings.get(path) ?? null
  }

  /** The recording of an own live is this video. */
  async becameVideo(live: string, recording: string): Promise<void> {
    const body = await this.calls.live(live)
    if (body !== null) await this.calls.publishLive({ ...body, recording, edits: live })
  }

  /** Resolves when all that happened so far is said. */
  settled(): Promise<void> {
    return this.#queue
  }

  async #begin({ url, title, startedAt }: Extract<LiveState, { state: 'live' }>): Promise<void> {
    const me = await this.calls.me()
    const [channel] = me === null ? [] : await this.calls.channelsOf(me)
    if (me === null || channel === undefined) return
    const body: BodyOf<'live'> = {
      ...{ channel: channel.subject, room: `${me}/live`, title, category: this.category(), tags: [] },
      ...{ status: 'live', start: startedAt, ...livePlace(url) },
    }
    const id = await this.calls.publishLive(body)
    this.#running = { id, body }
    this.#last = id
    mkdirSync(dirname(this.path), { recursive: true })
    await writeBeside(this.path, JSON.stringify(this.#running), { mode: 0o600 })
  }

  async #end({ id, body }: Running): Promise<void> {
    await this.calls.publishLive({ ...body, status: 'ended', end: Date.now(), edits: id })
    this.#running = null
    rmSync(this.path, { force: true })
  }

  #run(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      this.log(`The live could not be said in the channel: ${error instanceof Error ? error.message : String(error)}`)
    })
  }
}

function read(path: string): Running | null {
  try {
    return Running.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null // there is none, as a rule
  }
}
