import type { StudioFormat } from '../studio-format'
import { FailureBudget } from './failure-budget'
import { PictureRun, release, type EncodedPicture, type GivenPicture } from './picture-run'
import type { PictureSettings } from './picture-settings'

/** A closed group of pictures. Slots are those of the constant rate. */
export interface PictureGroup {
  slot: number
  endSlot: number
  pictures: { data: Uint8Array; slots: number }[]
  /** When the last of them was captured. */
  capturedAtMs: number
  settings: PictureSettings
  avcC: Uint8Array
}

/** One picture of the group that is being made. */
export interface LinePicture {
  /** As in the group: the first of a group stands also for slots that were lost before it. */
  slot: number
  key: boolean
  data: Uint8Array
  capturedAtMs: number
  settings: PictureSettings
  avcC: Uint8Array
}

export interface PictureLineEvents {
  /** As soon as it is certain that the picture becomes part of the group that is given next. */
  onPicture?(picture: LinePicture): void
  onGroup(group: PictureGroup): void
  /** An encoder broke and another has taken over. */
  onReplaced(why: string, settings: PictureSettings): void
  /** Encoders break again and again. Called once; nothing comes after it. */
  onFailure(why: string): void
}

/** How long a new encoder is started before it gets its first picture: it takes one after 20 ms (media.md 4.3). */
const AHEAD_MS = 100
const WATCH_MS = 250
/** How long the programs may take to write what they still hold once their input has ended. */
const FLUSH_MS = 10_000

/**
 * Pictures through one encoder after the other, as one stream. [Note: Seams] A running ffmpeg cannot be told anything,
 * so a change is a new program. It is started ahead, gets its first picture exactly where a group begins, and what it
 * writes waits until its predecessor has written all. A program that breaks or hangs is replaced on the spot: what it
 * had not read yet is given to the next one, the last picture before the break is shown a little longer, and no slot
 * is lost.
 */
export class PictureLine {
  /** Slots given so far. */
  slots = 0
  /** Milliseconds from giving to encoded, of the pictures since it was emptied. */
  encodeMs: number[] = []
  /** Times that an encoder took over from another. */
  seams = 0
  /** In the order of their slots; the last one gets the next picture. */
  private readonly runs: PictureRun[] = []
  private standby: PictureRun | null = null
  private open: { pictures: EncodedPicture[]; run: PictureRun; avcC: Uint8Array | null } | null = null
  /** Slot behind the last closed group. */
  private closedTo = 0
  private readonly budget = new FailureBudget()
  private readonly watch: NodeJS.Timeout
  private state: 'running' | 'finishing' | 'over' = 'running'
  private finished: (() => void) | null = null

  constructor(
    private readonly ffmpegPath: string,
    private readonly format: StudioFormat,
    private readonly groupSlots: number,
    private wanted: PictureSettings,
    private readonly events: PictureLineEvents,
  ) {
    this.runs.push(this.start())
    this.watch = setInterval(() => this.look(), WATCH_MS)
  }

  /** What the next group is encoded with, or what it will be as soon as its encoder is there. */
  get settings(): PictureSettings {
    return this.wanted
  }

  /** Ids of the programs, that of the one that gets the next picture first; tests. */
  get pids(): number[] {
    return [...[...this.runs].reverse(), ...(this.standby ? [this.standby] : [])].map((run) => run.pid ?? 0)
  }

  /** Whether a group begins with the next picture. */
  get isAtBorder(): boolean {
    return this.runs.at(-1)?.isAtBorder ?? false
  }

  /** Slot of the first picture; before any is given. */
  beginAt(slot: number): void {
    this.slots = this.closedTo = slot
  }

  /** From a group border soon on. */
  change(settings: PictureSettings): void {
    if (this.state !== 'running') return
    this.wanted = settings
    this.standby?.abandon()
    this.standby = this.start()
  }

  /** Gives the next slot's picture (I420). `taken` is called once the bytes may change, also after a failure. */
  write(data: Uint8Array, capturedAtMs: number, taken: () => void): void {
    const slot = this.slots++
    if (this.state !== 'running') {
      taken()
      return
    }
    this.handOver()
    this.give({ slot, capturedAtMs, data, taken, givenAtMs: 0, position: 0 })
  }

  /**
   * The source lost so many slots: the picture before them is shown longer. Encoding it again would be more work for a
   * computer that is too slow already.
   */
  skip(slots: number): void {
    this.slots += slots
  }

  /** Ends the input; resolves when the last group has been given. */
  async finish(): Promise<void> {
    if (this.state !== 'running') return
    this.state = 'finishing'
    this.standby?.abandon()
    this.standby = null
    const timer = setTimeout(() => {
      for (const run of [...this.runs]) this.broke(run, 'it does not end')
    }, FLUSH_MS)
    await new Promise<void>((resolve) => {
      this.finished = resolve
      this.runs.at(-1)?.end()
      this.drain()
    })
    clearTimeout(timer)
    this.closeGroup(this.slots)
    this.state = 'over'
    clearInterval(this.watch)
  }

  /** Nothing more comes. */
  get isOver(): boolean {
    return this.state === 'over'
  }

  /** Ends it at once, whatever it still holds. */
  async kill(): Promise<void> {
    this.state = 'over'
    clearInterval(this.watch)
    await Promise.all([...this.runs, ...(this.standby ? [this.standby] : [])].map((run) => run.kill()))
    this.finished?.()
  }

  private start(): PictureRun {
    return new PictureRun(this.ffmpegPath, this.format, this.wanted, this.groupSlots, {
      onPicture: () => this.drain(),
      onOver: (run, why) => {
        if (why === null) this.drain()
        else this.broke(run, why)
      },
    })
  }

  /** Where a group begins the encoder that was started ahead takes over. */
  private handOver(): void {
    const run = this.runs.at(-1)
    const { standby } = this
    if (!run || !standby?.alive || performance.now() - standby.startedAt < AHEAD_MS) return
    if (!run.isAtBorder) return
    this.standby = null
    this.runs.push(standby)
    this.seams++
    run.end()
    this.drain()
  }

  private give(picture: GivenPicture): void {
    const run = this.runs.at(-1)!
    // A group may be closed over a slot that has no picture of its own.
    if (run.start === null && picture.slot < this.closedTo) release(picture)
    else run.write(picture)
  }

  /** Takes what is encoded, run by run. */
  private drain(): void {
    for (let run = this.runs[0]; run; run = this.runs[0]) {
      for (let picture = run.out.shift(); picture; picture = run.out.shift()) {
        if (!this.add(run, picture)) return
      }
      const isLast = this.runs.length === 1
      if (!run.over && (isLast || run.given.length > 0)) return
      this.runs.shift()
      if (isLast) this.finished?.()
    }
  }

  private add(run: PictureRun, picture: EncodedPicture): boolean {
    this.encodeMs.push(picture.encodeMs)
    if (picture.key) {
      this.closeGroup(picture.slot)
      this.open = { pictures: [], run, avcC: run.avcC }
    }
    if (this.open?.run !== run || (!picture.key && run.isFirstOfGroup(picture))) {
      this.broke(run, 'a group of pictures does not begin with a key frame')
      return false
    }
    this.open.pictures.push(picture)
    this.tell(this.open.avcC, run, picture)
    const end = run.endAfter(picture)
    if (end !== null) this.closeGroup(end)
    return true
  }

  /**
   * A group that has begun is always given, whatever becomes of its run: cut short where the next one begins. Only the
   * end of all (`kill`) drops it.
   */
  private tell(avcC: Uint8Array | null, { settings }: PictureRun, picture: EncodedPicture): void {
    const { key, data, capturedAtMs } = picture
    const slot = key ? this.closedTo : picture.slot
    if (avcC) this.events.onPicture?.({ slot, key, data, capturedAtMs, settings, avcC })
  }

  /** The open group lasts to this slot. */
  private closeGroup(endSlot: number): void {
    const { open, closedTo } = this
    this.open = null
    if (!open?.avcC) return
    this.closedTo = endSlot
    const { pictures, run, avcC } = open
    // The first stands also for slots that were lost in a break before it.
    const starts = [closedTo, ...pictures.slice(1).map(({ slot }) => slot), endSlot]
    this.events.onGroup({
      slot: closedTo,
      endSlot,
      pictures: pictures.map(({ data }, i) => ({ data, slots: starts[i + 1]! - starts[i]! })),
      capturedAtMs: pictures.at(-1)!.capturedAtMs,
      settings: run.settings,
      avcC,
    })
  }

  private look(): void {
    const stuck = [...this.runs].filter((run) => run.isStuck(WATCH_MS))
    for (const run of stuck) this.broke(run, 'it hung')
  }

  /** A run is of no use any more: the next one goes on with what it has not read. */
  private broke(run: PictureRun, why: string): void {
    if (this.state === 'over') return
    const rest = run.abandon()
    const isStandby = run === this.standby
    if (!isStandby && !this.runs.includes(run)) return
    if (this.state === 'finishing' || (!isStandby && run !== this.runs.at(-1))) {
      rest.forEach(release)
      this.drain()
      return
    }
    if (this.wanted.encoder !== 'libx264' && run.settings.encoder !== 'libx264') {
      this.wanted = { ...this.wanted, encoder: 'libx264' }
      if (!isStandby) this.dropStandby()
    }
    if (!this.budget.spend(performance.now())) {
      rest.forEach(release)
      this.fail(why)
      return
    }
    const next = (isStandby ? null : this.standby) ?? this.start()
    if (isStandby) {
      this.standby = next
      return
    }
    this.standby = null
    this.runs.push(next)
    this.drain()
    this.events.onReplaced(why, this.wanted)
    for (const picture of rest) {
      // Whoever was told may have ended it.
      if (this.isOver) release(picture)
      else this.give(picture)
    }
  }

  private dropStandby(): void {
    this.standby?.abandon()
    this.standby = null
  }

  private fail(why: string): void {
    void this.kill()
    this.events.onFailure(why)
  }
}
