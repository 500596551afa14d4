import { RelayFallback } from '@shared/live/relay-fallback'
import type { RelayedFrame } from '@shared/live/relayed-show'
import type { Log } from '../platform/log'
import { RelayReader } from './relay-reader'

export interface RelayWayOptions {
  /** Where the show can be had now, by the word of its broadcaster or of the person. */
  relays: () => readonly string[]
  /** The mesh has nobody for some stripe. */
  unserved: () => boolean
  /** The chunk that is played next; null before the first. */
  next: () => number | null
  onFrame: (frame: RelayedFrame) => void
  /** The relay brings the show now, or no longer does. */
  onSwitch: (on: boolean) => void
  log: Log
}

const LOOK_MS = 50
/** A relay that failed is tried again after so long, milliseconds, then longer; one that lied not for long. */
const RETRIES_MS = [250, 500, 1_000, 2_000, 4_000]
const LIED_MS = 60_000

/** A viewer's way to the relays of a show: taken when peers do not bring it, left when they do again. */
export class RelayWay {
  readonly #fallback = new RelayFallback(performance.now())
  readonly #timer: NodeJS.Timeout
  readonly #notBefore = new Map<string, number>()
  #failures = 0
  #reader: { url: string; reader: RelayReader } | null = null
  #brings = false

  constructor(private readonly options: RelayWayOptions) {
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  /** True while the relay brings the show. */
  get on(): boolean {
    return this.#brings
  }

  /** Peers alone have brought all of a chunk. @param timeMs of the chunk */
  brought(timeMs: number): void {
    this.#fallback.brought(timeMs, performance.now())
  }

  /** Something was lost for good. */
  hole(): void {
    this.#fallback.hole(performance.now())
  }

  /** What the relay sent is not of this show: it is left alone. */
  fault(why: string): void {
    const current = this.#reader
    if (current === null) return
    this.#notBefore.set(current.url, performance.now() + LIED_MS)
    this.#leave(why)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#leave('closed')
  }

  #look(): void {
    const now = performance.now()
    const isWanted = this.#fallback.look(now, this.options.unserved())
    if (!isWanted) this.#leave('peers bring it again')
    else if (this.#reader === null) this.#open(now)
  }

  #open(now: number): void {
    const url = this.options.relays().find((one) => (this.#notBefore.get(one) ?? 0) <= now)
    if (url === undefined) return
    const reader = new RelayReader(url, this.options.next(), {
      onFrame: (frame) => {
        if (this.#reader?.reader !== reader) return
        this.options.onFrame(frame)
        if (frame.type === 'piece') this.#cameFrom(url)
      },
      onOver: (why) => {
        if (this.#reader?.reader !== reader) return
        const wait = RETRIES_MS[Math.min(this.#failures++, RETRIES_MS.length - 1)]!
        this.#notBefore.set(url, performance.now() + wait)
        this.#leave(why)
      },
    })
    this.#reader = { url, reader }
  }

  #cameFrom(url: string): void {
    this.#failures = 0
    if (this.#brings) return
    this.#brings = true
    this.options.log('info', 'the relay brings the show', { url })
    this.options.onSwitch(true)
  }

  #leave(why: string): void {
    const current = this.#reader
    if (current === null) return
    this.#reader = null
    current.reader.close()
    this.options.log('info', 'the relay is left', { url: current.url, why })
    if (!this.#brings) return
    this.#brings = false
    this.options.onSwitch(false)
  }
}
