import { StudioError } from '@shared/errors'
import { HlsMuxer } from './hls/hls-muxer'
import { RelayStream } from './relay-stream'

/** One live with what is made of it for everybody. */
export interface Live {
  stream: RelayStream
  hls: HlsMuxer
  /** Tells this live from an earlier one of the same name. */
  run: string
  title: string
  /** The live of which this is a smaller copy, null for a live of its own. */
  sourceName: string | null
  /** Of a broadcaster of our own. */
  isOwn: boolean
}

/** What a publisher holds. Everything is ignored after `end` or after another one has taken over. */
export interface Publication {
  stream: RelayStream
  /** To be called for everything that comes: a publisher that has fallen silent may be replaced. */
  alive: () => void
  end: () => void
}

interface Slot {
  live: Live
  publisher: { lastMs: number; putOut: (why: string) => void } | null
  /** Ends the live when its publisher stays away. */
  timer: NodeJS.Timeout | null
}

interface LiveDetails {
  title?: string
  sourceName?: string | null
  isOwn?: boolean
}

export interface HubOptions {
  /** How long a live waits for a publisher that is gone, milliseconds. */
  graceMs?: number
  /** A publisher that has sent nothing for this long is taken for lost when the same key comes again. */
  silentMs?: number
  maxLives?: number
  /** A live has begun (or `over`: has ended). */
  onLive?: (live: Live) => void
  onOver?: (live: Live) => void
}

/** The lives of this relay by name. */
export class RelayHub {
  private readonly slots = new Map<string, Slot>()
  private readonly options: Required<HubOptions>
  private nextRun = Date.now()

  constructor(options: HubOptions = {}) {
    const none = (): void => undefined
    this.options = { graceMs: 10_000, silentMs: 2_000, maxLives: 32, onLive: none, onOver: none, ...options }
  }

  get lives(): Live[] {
    return [...this.slots.values()].map(({ live }) => live)
  }

  find(name: string): Live | null {
    return this.slots.get(name)?.live ?? null
  }

  /** Whether somebody is sending; a live without waits for its publisher to come back. */
  isSending(name: string): boolean {
    return this.slots.get(name)?.publisher != null
  }

  /**
   * Begins a live, or goes on with one whose publisher is gone. [Note: Second publisher] OBS that was cut off comes
   * again with the same key while its old connection still looks open: that one is replaced as soon as it has been
   * silent for 2 s. But a live that is being sent is never taken away by a second program with the same key: the
   * second is refused, in words, or both would throw each other out for ever.
   * @param putOut is called, with words, when another publisher takes over or the live is ended from here
   * @throws StudioError `already-live`, `too-many-lives`
   */
  publish(name: string, details: LiveDetails, putOut: (why: string) => void): Publication {
    const slot = this.slots.get(name) ?? this.add(name, details)
    const { publisher } = slot
    if (publisher) {
      if (Date.now() - publisher.lastMs < this.options.silentMs) {
        throw new StudioError(
          'already-live',
          'Another program is sending with this stream key. Stop it there first, or use another key.',
        )
      }
      publisher.putOut('Another program has taken over with the same stream key.')
    }
    if (slot.timer) clearTimeout(slot.timer)
    slot.timer = null
    const own = { lastMs: Date.now(), putOut }
    slot.publisher = own
    slot.live.stream.restart()
    return {
      stream: slot.live.stream,
      alive: () => {
        own.lastMs = Date.now()
      },
      end: () => {
        if (slot.publisher !== own) return
        slot.publisher = null
        slot.timer = setTimeout(() => this.over(name, slot), this.options.graceMs)
      },
    }
  }

  /** Ends one live now, whoever sends it. */
  end(name: string): void {
    const slot = this.slots.get(name)
    if (slot) this.over(name, slot)
  }

  close(): void {
    for (const name of [...this.slots.keys()]) this.end(name)
  }

  private add(name: string, { title, sourceName, isOwn }: LiveDetails): Slot {
    if (this.slots.size >= this.options.maxLives) {
      throw new StudioError('too-many-lives', `This relay carries ${this.options.maxLives} lives at most. Try later.`)
    }
    const stream = new RelayStream(name)
    const hls = new HlsMuxer()
    stream.follow(hls)
    const run = (this.nextRun++).toString(36)
    const live = { stream, hls, run, title: title ?? name, sourceName: sourceName ?? null, isOwn: isOwn ?? false }
    const slot: Slot = { live, publisher: null, timer: null }
    this.slots.set(name, slot)
    this.options.onLive(live)
    return slot
  }

  private over(name: string, slot: Slot): void {
    if (slot.timer) clearTimeout(slot.timer)
    if (this.slots.get(name) !== slot) return
    this.slots.delete(name)
    slot.publisher?.putOut('The relay has ended this live.')
    slot.publisher = null
    slot.live.stream.end()
    this.options.onOver(slot.live)
  }
}
