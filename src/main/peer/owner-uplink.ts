import { UplinkBucket } from './storage/uplink-bucket'

/** A show of this node, or one that it watches and passes on. */
export interface UplinkUser {
  /** What an own show takes in any case, bits a second: below that nobody would see it. 0 for a watched one. */
  needBps: number
  /** Bytes sent so far that nobody held up: pieces of the mesh; of an own show its segments too. */
  sentBytes: () => number
  /** What the mesh has promised to send now, bits a second. */
  promisedBps: () => number
  /** The most that it may promise from now on, bits a second; Infinity: no limit. */
  allow: (bps: number) => void
}

/** How the line is shared now, kilobits a second. */
export interface UplinkRoom {
  /** What the owner allows; 0: no limit. */
  limitKbps: number
  /** What the own show takes in any case; 0 without one. */
  needKbps: number
  /** What is left for viewers at the relay of this app; null: no limit. */
  leftKbps: number | null
}

/** How often what the mesh has sent is taken off, and how often the line is shared anew. */
const COUNT_MS = 100
const SHARES_EACH = 10
/** A segment that would take longer than this comes too late: its asker is told so at once. */
const LONGEST_MS = 4_000

/**
 * The owner's limit of what this node gives to others, all ways together. Pieces of the mesh are played at once: their
 * senders are held to so many places (`allow`), and what they send is taken off before segments and files get their share of
 * the rest, by one bucket. An own show goes before all, and is the one thing that may exceed the limit.
 */
export class OwnerUplink {
  /** Files wait here. */
  readonly bucket: UplinkBucket
  readonly #users = new Map<UplinkUser, { sent: number; allowed: number }>()
  #kbps = 0
  #takenKbps = 0
  #wasLimited = false
  #timer: NodeJS.Timeout | null = null
  #turn = 0
  #told = ''

  constructor(
    /** The line is shared otherwise than before. */
    public onRoom: (room: UplinkRoom) => void = () => undefined,
    now: () => number = () => performance.now(),
  ) {
    this.bucket = new UplinkBucket(now)
  }

  /** Kilobits a second; 0: no limit. */
  set kbps(value: number) {
    this.#kbps = value
    this.#wasLimited ||= value > 0
    this.#fill()
    this.share()
    this.#arm()
  }

  /** What viewers at the relay of this app take of the line, kilobits a second. */
  set takenKbps(value: number) {
    this.#takenKbps = value
    this.#fill()
    this.share()
  }

  /** A show begins; returns how it ends. */
  add(user: UplinkUser): () => void {
    this.#users.set(user, { sent: user.sentBytes(), allowed: Infinity })
    this.share()
    this.#arm()
    return () => {
      this.#users.delete(user)
      this.share()
      this.#arm()
    }
  }

  stop(): void {
    this.#users.clear()
    this.#arm()
    this.bucket.stop()
  }

  /** Whether a segment of so many bytes would come in time. */
  mayServe(bytes: number): boolean {
    return this.#kbps === 0 || bytes * 8 <= this.#kbps * LONGEST_MS
  }

  /** How long the next bytes of a segment have to wait, milliseconds; at 0 they are counted as sent. */
  wait(bytes: number): number {
    return this.bucket.waitMs(bytes)
  }

  get room(): UplinkRoom {
    const needBps = this.#sum(({ needBps }) => needBps)
    const used = this.#sum(({ needBps, promisedBps }) => Math.max(needBps, promisedBps()))
    return {
      limitKbps: this.#kbps,
      needKbps: Math.ceil(needBps / 1000),
      leftKbps: this.#kbps === 0 ? null : Math.max(0, Math.floor(this.#kbps - used / 1000)),
    }
  }

  /**
   * Shares the limit: own shows first, then each watched one keeps what it promised as far as that goes, and may promise
   * what is left. Two that promise the same rest at once are brought back at the next turn.
   */
  share(): void {
    if (!this.#wasLimited) {
      this.#tell()
      return
    }
    const limit = this.#kbps === 0 ? Infinity : Math.max(0, this.#kbps - this.#takenKbps) * 1000
    let spare = limit
    for (const user of this.#users.keys()) {
      const { needBps } = user
      spare -= Math.max(needBps, user.promisedBps())
      if (needBps > 0) this.#allow(user, Math.max(needBps, limit))
    }
    for (const user of this.#users.keys()) {
      if (user.needBps > 0) continue
      const promised = user.promisedBps()
      const allowed = Math.max(0, promised + spare)
      if (spare < 0) spare += promised - allowed
      this.#allow(user, allowed)
    }
    this.#tell()
  }

  #allow(user: UplinkUser, bps: number): void {
    const known = this.#users.get(user)
    if (known === undefined || known.allowed === bps) return
    known.allowed = bps
    user.allow(bps)
  }

  #fill(): void {
    // a limit of which nothing is left is not "no limit"
    this.bucket.kbps = this.#kbps === 0 ? 0 : Math.max(1, this.#kbps - this.#takenKbps)
  }

  #arm(): void {
    const isNeeded = this.#users.size > 0 && this.#kbps > 0
    if (isNeeded === (this.#timer !== null)) return
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = isNeeded ? setInterval(() => this.#count(), COUNT_MS) : null
  }

  #count(): void {
    for (const [user, known] of this.#users) {
      const sent = user.sentBytes()
      this.bucket.spend(sent - known.sent)
      known.sent = sent
    }
    this.#turn = (this.#turn + 1) % SHARES_EACH
    if (this.#turn === 0) this.share()
  }

  #sum(of: (user: UplinkUser) => number): number {
    let sum = 0
    for (const user of this.#users.keys()) sum += of(user)
    return sum
  }

  #tell(): void {
    const { room } = this
    const text = JSON.stringify(room)
    if (text === this.#told) return
    this.#told = text
    this.onRoom(room)
  }
}
