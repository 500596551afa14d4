import type { StudioFormat } from '../studio-format'
import { PictureLine, type PictureGroup } from './picture-line'
import type { PictureSettings } from './picture-settings'

/** How long its program is started before it gets a picture: by then it takes them at once. */
const AHEAD_MS = 300
/** Frames that it may hold at a time. The ring has eight, and the source is never to wait for this. */
const MOST_LENT = 3
/** Groups in a row that did not come in time or did not fit: then it is of no use. */
const MOST_MISSES = 3

/**
 * The pictures of the show once more, smaller, group by group as the source is. It begins where a group of the source
 * does, gets the same frames and so closes the same groups. It may end at any time and never takes anything from the
 * source: a program that is too slow, breaks or falls out of step is ended instead of waited for.
 */
export class SmallLine {
  private readonly line: PictureLine
  private readonly startedAt = performance.now()
  private groups: PictureGroup[] = []
  /** Slot of its first group; null before that. */
  private from: number | null = null
  private lent = 0
  private misses = 0
  private over = false

  constructor(
    ffmpegPath: string,
    format: StudioFormat,
    groupSlots: number,
    settings: PictureSettings,
    private readonly events: {
      /** A group is closed: `take` may have it. */
      onGroup(): void
      /** It is over, though nobody ended it. Called once. */
      onEnded(why: string): void
    },
  ) {
    this.line = new PictureLine(ffmpegPath, format, groupSlots, settings, {
      onGroup: (group) => {
        this.groups.push(group)
        events.onGroup()
      },
      // Its next program would begin in the middle of a group of the source.
      onReplaced: (why) => this.end(why),
      onFailure: (why) => this.end(why),
    })
  }

  /** Whether it makes segments. */
  get isRunning(): boolean {
    return !this.over && this.from !== null
  }

  get pid(): number {
    return this.line.pids[0] ?? 0
  }

  /**
   * Offers the next frame. False: it does not want it, and `taken` is not called.
   * @param atBorder whether a group of the source begins with it
   */
  offer(slot: number, atBorder: boolean, data: Uint8Array, capturedAtMs: number, taken: () => void): boolean {
    if (this.over) return false
    if (this.from === null) {
      if (!atBorder || performance.now() - this.startedAt < AHEAD_MS) return false
      this.from = slot
      this.line.beginAt(slot)
    }
    if (this.lent >= MOST_LENT) {
      this.end('it does not keep up')
      return false
    }
    this.lent++
    this.line.write(data, capturedAtMs, () => {
      this.lent--
      taken()
    })
    return true
  }

  /** As `PictureLine.skip`. */
  skip(slots: number): void {
    if (this.isRunning) this.line.skip(slots)
  }

  /** The group of these slots; null: there is none; `soon`: it is still being encoded. */
  take(slot: number, endSlot: number): PictureGroup | null | 'soon' {
    if (this.from === null || slot < this.from) return null
    while (this.groups[0] && this.groups[0].slot < slot) this.groups.shift()
    const group = this.groups[0]
    if (!group) return this.over ? null : 'soon'
    if (group.slot === slot && group.endSlot === endSlot) {
      this.groups.shift()
      this.misses = 0
      return group
    }
    this.missed('it fell out of step')
    return null
  }

  /** The source could not wait for the group that `take` called for. */
  late(): void {
    this.missed('it is too slow')
  }

  /** As `PictureLine.finish`. */
  async finish(): Promise<void> {
    if (this.over) return
    if (this.from === null) await this.kill()
    else await this.line.finish()
  }

  async kill(): Promise<void> {
    this.over = true
    await this.line.kill()
  }

  private missed(why: string): void {
    if (++this.misses >= MOST_MISSES) this.end(why)
  }

  private end(why: string): void {
    if (this.over) return
    void this.kill()
    this.events.onEnded(why)
  }
}
