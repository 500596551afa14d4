import type { CID } from 'multiformats/cid'
import type { Log } from '../../platform/log'

const HOUR = 3_600_000
/** A record lives 48 h and its addresses 24 h (libp2p kad-dht specification); kubo announces again every 22 h. */
const AGAIN_MS = { least: 12 * HOUR, most: 22 * HOUR }
/** At once: an announcement asks dozens of nodes, and a library of thousands must not take the line. */
const BATCH = 4
const TICK_MS = 1_000
const ANNOUNCE_TIMEOUT_MS = 60_000
const RETRY_MS = { first: 5_000, most: 10 * 60_000 }

export interface AnnouncerParts {
  /** What can be found by strangers: published or pinned, and whole. */
  wanted: () => CID[]
  /** Says that this node has it; resolves with the number of nodes that took note. */
  provide: (cid: CID, signal: AbortSignal) => Promise<number>
  /** It is not to be said again. */
  withdraw: (cid: CID) => Promise<void>
  log: Log
  now?: () => number
  random?: () => number
}

interface Entry {
  cid: CID
  dueAt: number
  failures: number
  /** How many nodes took note, of the last time that any did. */
  told: number
}

/** Keeps what is published findable: Helia does not announce by itself (helia#835). A restart announces anew, since addresses change. */
export class Announcer {
  readonly #entries = new Map<string, Entry>()
  readonly #waiting = new Set<() => void>()
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #dirty = true
  #running: Promise<void> | null = null

  constructor(private readonly parts: AnnouncerParts) {}

  start(): void {
    this.#timer = setInterval(() => void this.turn(), TICK_MS)
  }

  /** The list of what is wanted may have changed. */
  changed(): void {
    this.#dirty = true
  }

  get figures(): { announced: number; toAnnounce: number } {
    let announced = 0
    for (const { told } of this.#entries.values()) if (told > 0) announced += 1
    return { announced, toAnnounce: this.#entries.size }
  }

  /** One batch of what is due; for the timer and for tests. */
  turn(): Promise<void> {
    this.#running ??= this.#turn().finally(() => (this.#running = null))
    return this.#running
  }

  /** Resolves with the number of nodes that know of it, or rejects with the signal's reason. */
  async announced(cid: CID, signal: AbortSignal): Promise<number> {
    for (;;) {
      const told = this.#entries.get(cid.toString())?.told ?? 0
      if (told > 0) return told
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.#waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stop.abort(new Error('the node stops'))
    await this.#running
  }

  async #turn(): Promise<void> {
    const { now = Date.now } = this.parts
    if (this.#dirty) await this.#takeList()
    const due = [...this.#entries.values()]
      .filter(({ dueAt }) => dueAt <= now())
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, BATCH)
    await Promise.all(due.map((entry) => this.#announce(entry)))
  }

  async #takeList(): Promise<void> {
    const { now = Date.now } = this.parts
    this.#dirty = false
    const wanted = new Map(this.parts.wanted().map((cid) => [cid.toString(), cid]))
    for (const [key, { cid }] of [...this.#entries]) {
      if (wanted.has(key)) continue
      this.#entries.delete(key)
      await this.parts.withdraw(cid).catch(() => undefined)
    }
    for (const [key, cid] of wanted) {
      if (!this.#entries.has(key)) this.#entries.set(key, { cid, dueAt: now(), failures: 0, told: 0 })
    }
  }

  async #announce(entry: Entry): Promise<void> {
    const { now = Date.now, random = Math.random } = this.parts
    let told = 0
    try {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ANNOUNCE_TIMEOUT_MS)])
      told = await this.parts.provide(entry.cid, signal)
    } catch (error) {
      this.parts.log('debug', 'announcing failed', { cid: entry.cid.toString(), error: String(error) })
    }
    if (told > 0) {
      entry.told = told
      entry.failures = 0
      entry.dueAt = now() + AGAIN_MS.least + random() * (AGAIN_MS.most - AGAIN_MS.least)
      for (const wake of [...this.#waiting]) wake()
    } else {
      entry.dueAt = now() + Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** entry.failures)
      entry.failures += 1
    }
  }
}
