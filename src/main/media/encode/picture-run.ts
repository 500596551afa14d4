import type { StudioFormat } from '../studio-format'
import { EncoderRun } from './encoder-run'
import { hasPicture, pictureArgs, type PictureSettings } from './picture-settings'

/** A picture on its way through a run. */
export interface GivenPicture {
  slot: number
  capturedAtMs: number
  data: Uint8Array
  /** Says that the bytes may change; null once it was called. */
  taken: (() => void) | null
  givenAtMs: number
  /** How many slots its run was given before it, those without a picture of any kind left out. */
  position: number
}

/** An encoded picture. */
export interface EncodedPicture {
  slot: number
  capturedAtMs: number
  data: Uint8Array
  key: boolean
  /** As in `GivenPicture`. */
  position: number
  /** From the writing to here, milliseconds. */
  encodeMs: number
}

export interface PictureRunEvents {
  onPicture(run: PictureRun): void
  onOver(run: PictureRun, why: string | null): void
}

/** Without any picture for so long it hangs; an encoder that has just been started is given longer. */
const HANG_MS = 2000
const HANG_AT_START_MS = 5000

/** One picture encoder with one setting: numbers what goes in, and gives the numbers to what comes out. */
export class PictureRun {
  /** Slot of its first picture; null before that. */
  start: number | null = null
  avcC: Uint8Array | null = null
  /** It encodes nothing more. */
  over = false
  /** Encoded and not fetched yet, in order. */
  readonly out: EncodedPicture[] = []
  /** Given and not encoded yet, in order. */
  given: GivenPicture[] = []
  private readonly encoder: EncoderRun
  private encoded = 0
  private positions = 0
  private idleMs = 0

  constructor(
    ffmpegPath: string,
    format: StudioFormat,
    readonly settings: PictureSettings,
    readonly groupSlots: number,
    private readonly events: PictureRunEvents,
  ) {
    this.encoder = new EncoderRun(ffmpegPath, pictureArgs(format, settings, groupSlots), {
      onConfig: (bytes) => (this.avcC = bytes),
      onPacket: (bytes, key) => this.packet(bytes, key),
      onOver: (why) => {
        this.over = true
        this.events.onOver(this, why)
      },
    })
  }

  get pid(): number | undefined {
    return this.encoder.pid
  }

  get alive(): boolean {
    return this.encoder.alive
  }

  get startedAt(): number {
    return this.encoder.startedAt
  }

  /** Whether the next picture begins a group. */
  get isAtBorder(): boolean {
    return this.positions % this.groupSlots === 0
  }

  /** Whether this picture begins a group. */
  isFirstOfGroup({ position }: EncodedPicture): boolean {
    return position % this.groupSlots === 0
  }

  /** Slot at which the next group begins when nothing is lost; null: the picture is not the last of its group. */
  endAfter({ slot, position }: EncodedPicture): number | null {
    let next = (position % this.groupSlots) + 1
    let end = slot + 1
    for (; next < this.groupSlots && !hasPicture(next, this.settings.sparse); next++) end++
    return next >= this.groupSlots ? end : null
  }

  /** Gives the next slot; one that has no picture of its own is done at once. */
  write(picture: GivenPicture): void {
    this.start ??= picture.slot
    picture.position = this.positions++
    if (!hasPicture(picture.position % this.groupSlots, this.settings.sparse)) {
      release(picture)
      return
    }
    picture.givenAtMs = performance.now()
    this.given.push(picture)
    this.encoder.write(picture.data, (taken) => {
      // One that was handed to another run meanwhile is that run's.
      if (taken && this.given.includes(picture)) release(picture)
    })
  }

  end(): void {
    this.encoder.end()
  }

  /** Ends it at once. Returns the pictures whose bytes it has not taken: they can be given to another. */
  abandon(): GivenPicture[] {
    this.over = true
    void this.encoder.abandon()
    const rest = this.given.filter(({ taken }) => taken !== null)
    this.given = []
    return rest
  }

  /** As `abandon`; resolves when the program is gone. */
  async kill(): Promise<void> {
    this.abandon().forEach(release)
    await this.encoder.abandon()
  }

  /** Called regularly, `ms` after the last time; true: it hangs. A time in which nothing ran is no hang. */
  isStuck(ms: number): boolean {
    this.idleMs = this.given.length === 0 ? 0 : this.idleMs + ms
    return this.idleMs >= (this.encoded === 0 ? HANG_AT_START_MS : HANG_MS)
  }

  private packet(data: Uint8Array, key: boolean): void {
    const picture = this.given.shift()
    if (!picture) return
    this.encoded++
    this.idleMs = 0
    release(picture)
    const encodeMs = performance.now() - picture.givenAtMs
    const { slot, position, capturedAtMs } = picture
    this.out.push({ slot, position, capturedAtMs, data, key, encodeMs })
    this.events.onPicture(this)
  }
}

/** Lets the owner have the bytes again, once. */
export function release(picture: GivenPicture): void {
  const { taken } = picture
  picture.taken = null
  taken?.()
}
