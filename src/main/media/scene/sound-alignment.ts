/** A difference of so many frames is heard and seen at once. */
const FAR_FRAMES = 3
/** Slots that a far difference, or a small one, lasts before the sound follows. */
const FAR_SLOTS = 2
const NEAR_SLOTS = 15

/**
 * Which sound belongs to the picture of an input: the number of a sample in the show minus its number in the input.
 * A frame repeated once because it came late moves nothing; when the picture has moved for good, the sound follows.
 */
export class SoundAlignment {
  /** Null before the first picture. */
  offset: number | null = null
  private differing = 0

  /** @param samplesPerFrame at the rate of the show */
  constructor(private readonly samplesPerFrame: number) {}

  /** In this slot of the show this frame of the input is shown. */
  see(slot: number, index: number): void {
    const wanted = Math.round((slot - index) * this.samplesPerFrame)
    if (this.offset === null) this.offset = wanted
    const frames = Math.abs(wanted - this.offset) / this.samplesPerFrame
    this.differing = frames < 0.5 ? 0 : this.differing + 1
    if (this.differing < (frames >= FAR_FRAMES ? FAR_SLOTS : NEAR_SLOTS)) return
    this.offset = wanted
    this.differing = 0
  }
}
