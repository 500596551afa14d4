/** What is played at a moment of the video. */
export interface Timed {
  track: 'picture' | 'sound'
  dtsMs: number
}

export interface PacerEvents<T extends Timed> {
  onDue(item: T): void
  /** The time line begins anew here: after a hole or a step back. */
  onJump(): void
  /** So much is kept that no more should come for now; or it should come again. */
  onFull(full: boolean): void
  /** What should be played had not come in time, milliseconds. */
  onLate(byMs: number): void
  /** All was given after `end`. */
  onDone(): void
}

/** By how much each track leaves before its time, milliseconds. */
export interface PaceLead {
  picture: number
  sound: number
}
/** Pictures leave earlier than their sound: a decoder that puts them in order needs some ahead. */
export const STEADY: PaceLead = { picture: 120, sound: 0 }
/** As it comes, for what comes at its own speed: only what is far ahead of its time waits. */
export const AT_ONCE: PaceLead = { picture: 6000, sound: 6000 }
/** So much of the video is kept, and fetched again below that. */
const FULL_MS = 2500
const HUNGRY_MS = 1500
/** Packets kept at most, whatever their times say. */
const FULL_COUNT = 2000
const HOLE_MS = 5000
const BACK_MS = 1000
const LATE_MS = 100

/**
 * Lets what comes in bursts (files, HLS segments) out at the speed at which it is to be played. Bounded: it asks its
 * source to wait. Being late moves everything after it, so that the next burst may be as late.
 */
export class Pacer<T extends Timed> {
  private readonly pictures: T[] = []
  private readonly sounds: T[] = []
  /** `now` minus the moment of the video that is played now; null before the first. */
  private offset: number | null = null
  private newest: number | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private full = false
  private ending = false
  private closed = false

  /** @param startMs this moment is played now, what lies before it leaves at once; null: the first that comes */
  constructor(
    private readonly events: PacerEvents<T>,
    private readonly startMs: number | null,
    private readonly lead: PaceLead,
    private readonly now: () => number = () => performance.now(),
  ) {}

  give(item: T): void {
    if (this.closed) return
    this.place(item)
    ;(item.track === 'picture' ? this.pictures : this.sounds).push(item)
    this.measure()
    this.pump()
  }

  /** Nothing more comes. */
  end(): void {
    this.ending = true
    this.pump()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.pictures.length = this.sounds.length = 0
  }

  private place({ dtsMs, track }: T): void {
    const now = this.now()
    const before = this.newest
    this.newest = dtsMs
    if (this.offset === null) {
      this.offset = now - Math.max(dtsMs, this.startMs ?? dtsMs)
      return
    }
    const step = dtsMs - (before ?? dtsMs)
    if (step > HOLE_MS || step < -BACK_MS) {
      // What is still kept belongs to the time line that ends here.
      for (const item of [...this.pictures.splice(0), ...this.sounds.splice(0)].sort((a, b) => a.dtsMs - b.dtsMs)) {
        this.events.onDue(item)
      }
      this.events.onJump()
      this.offset = now - dtsMs
      return
    }
    const lateMs = now - this.offset - dtsMs
    const isBurst = this.startMs !== null && dtsMs < this.startMs
    if (isBurst || lateMs <= LATE_MS || (track === 'sound' ? this.sounds : this.pictures).length > 0) return
    // The other track may be the one in time: only what holds both up counts.
    if ((track === 'sound' ? this.pictures : this.sounds).length > 0) return
    this.offset += lateMs
    this.events.onLate(lateMs)
  }

  private pump(): void {
    if (this.closed) return
    clearTimeout(this.timer)
    const wait = Math.min(this.release(this.pictures, this.lead.picture), this.release(this.sounds, this.lead.sound))
    this.measure()
    if (wait < Infinity) this.timer = setTimeout(() => this.pump(), Math.max(4, wait))
    else if (this.ending) {
      this.close()
      this.events.onDone()
    }
  }

  /** Gives what is due; returns how long the next must wait. */
  private release(queue: T[], leadMs: number): number {
    let due = 0
    const until = this.now() - (this.offset ?? 0) + leadMs
    while (due < queue.length && queue[due]!.dtsMs <= until) due++
    for (const item of queue.splice(0, due)) this.events.onDue(item)
    return queue[0] ? queue[0].dtsMs - until : Infinity
  }

  private measure(): void {
    const keptMs = Math.max(length(this.pictures), length(this.sounds))
    const count = this.pictures.length + this.sounds.length
    const full = this.full ? keptMs > HUNGRY_MS || count > FULL_COUNT / 2 : keptMs > FULL_MS || count > FULL_COUNT
    if (full === this.full || this.closed) return
    this.full = full
    this.events.onFull(full)
  }
}

function length(queue: readonly Timed[]): number {
  return queue.length < 2 ? 0 : queue.at(-1)!.dtsMs - queue[0]!.dtsMs
}
