import { BlockList, isIP } from 'node:net'

/** What a reader is counted with at least: the rate of a live that has just begun is not known. */
const LEAST_KBPS = 300
/** A player that asks for pieces holds its place until it has asked for nothing for so long, milliseconds. */
const ASKING_MS = 8_000
/** When a reader that was refused may try again, seconds. */
export const RETRY_AFTER_S = 10
export const FULL_WORDS =
  'This relay is full: the upload that its owner allows carries no more viewers now. Try again in a few seconds. ' +
  'With WE Studio you can watch from other viewers instead.'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

interface Place {
  bytesPerSecond: () => number
  putOut: () => void
}

interface Asking {
  bytesPerSecond: () => number
  until: number
}

/**
 * Who may read here: so many as the line carries that the owner has left for the relay. A newcomer is refused rather than
 * everybody served badly; when less is left than was, the newest go first. Readers on this computer take nothing of the line.
 */
export class ReaderRoom {
  /** Readers refused or put out since the start. */
  refused = 0
  #kbps: number | null = null
  readonly #places = new Set<Place>()
  /** Players of HLS by who they are. */
  readonly #asking = new Map<string, Asking>()

  constructor(
    private readonly now: () => number = () => performance.now(),
    /** Whose reading takes nothing of the line. */
    private readonly isFree: (address: string) => boolean = isLoopback,
  ) {}

  /** Kilobits a second for all readers together; null: no limit. */
  set kbps(value: number | null) {
    this.#kbps = value
    this.settle()
  }

  /** What those inside take, kilobits a second. */
  get takenKbps(): number {
    this.#forget()
    const all = [...this.#places, ...this.#asking.values()]
    return all.reduce((sum, { bytesPerSecond }) => sum + costOf(bytesPerSecond), 0)
  }

  /**
   * A reader with a connection of its own. Returns how it leaves, null when there is no room.
   * @param bytesPerSecond of what it reads, at any time @param putOut ends its connection
   */
  enter(address: string, bytesPerSecond: () => number, putOut: () => void): (() => void) | null {
    if (this.isFree(address)) return () => undefined
    if (!this.#fits(bytesPerSecond)) return null
    const place = { bytesPerSecond, putOut }
    this.#places.add(place)
    return () => this.#places.delete(place)
  }

  /** A player that asks for pieces, told from others by `who`: whether it gets this one. */
  ask(address: string, who: string, bytesPerSecond: () => number): boolean {
    if (this.isFree(address)) return true
    this.#forget()
    const known = this.#asking.delete(who)
    if (!known && !this.#fits(bytesPerSecond)) return false
    this.#asking.set(who, { bytesPerSecond, until: this.now() + ASKING_MS })
    return true
  }

  /** Rates change: who does not fit any more is put out, the newest first. About once a second. */
  settle(): void {
    if (this.#kbps === null) return
    let taken = this.takenKbps
    for (const who of [...this.#asking.keys()].reverse()) {
      if (taken <= this.#kbps) return
      taken -= costOf(this.#asking.get(who)!.bytesPerSecond)
      this.#asking.delete(who)
      this.refused++
    }
    for (const place of [...this.#places].reverse()) {
      if (taken <= this.#kbps) return
      taken -= costOf(place.bytesPerSecond)
      this.#places.delete(place)
      this.refused++
      place.putOut()
    }
  }

  #fits(bytesPerSecond: () => number): boolean {
    if (this.#kbps === null || this.takenKbps + costOf(bytesPerSecond) <= this.#kbps) return true
    this.refused++
    return false
  }

  #forget(): void {
    const now = this.now()
    for (const [who, { until }] of this.#asking) if (until <= now) this.#asking.delete(who)
  }
}

function costOf(bytesPerSecond: () => number): number {
  return Math.max(LEAST_KBPS, Math.round((bytesPerSecond() * 8) / 1000))
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  const family = isIP(plain)
  return family !== 0 && LOOPBACK.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}
