import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { i420Size, type I420Frame } from '../i420'

const FREE = 0
const FILLED = 1

/**
 * A few frames with their sound in memory that two threads share. The drawing thread fills free slots in turn, the
 * other one empties them in the same order and frees them; nothing else synchronizes the two.
 */
export class SharedSlots {
  private readonly states: Int32Array
  private readonly frames: I420Frame[] = []
  private readonly sounds: Int16Array[] = []

  private constructor(
    readonly memory: SharedArrayBuffer,
    readonly count: number,
    width: number,
    height: number,
    fps: number,
  ) {
    const { picture, sound } = sizes(width, height, fps)
    this.states = new Int32Array(memory, 0, count)
    for (let slot = 0; slot < count; slot++) {
      const at = count * 4 + slot * (picture + sound)
      this.sounds.push(new Int16Array(memory, at, sound / 2))
      this.frames.push({ width, height, data: new Uint8Array(memory, at + sound, i420Size(width, height)) })
    }
  }

  static create(count: number, width: number, height: number, fps: number): SharedSlots {
    const { picture, sound } = sizes(width, height, fps)
    return new SharedSlots(new SharedArrayBuffer(count * (4 + picture + sound)), count, width, height, fps)
  }

  /** The same slots in the other thread. */
  static over(memory: SharedArrayBuffer, count: number, width: number, height: number, fps: number): SharedSlots {
    return new SharedSlots(memory, count, width, height, fps)
  }

  isFree(slot: number): boolean {
    return Atomics.load(this.states, slot) === FREE
  }

  markFilled(slot: number): void {
    Atomics.store(this.states, slot, FILLED)
  }

  free(slot: number): void {
    Atomics.store(this.states, slot, FREE)
  }

  frame(slot: number): I420Frame {
    return this.frames[slot]!
  }

  /** Room for the stereo samples of one frame. */
  sound(slot: number): Int16Array {
    return this.sounds[slot]!
  }
}

/** Bytes of the parts of a slot, each a multiple of 4 so that the views are aligned. */
function sizes(width: number, height: number, fps: number): { picture: number; sound: number } {
  const align = (bytes: number): number => Math.ceil(bytes / 4) * 4
  return {
    picture: align(i420Size(width, height)),
    sound: align((Math.ceil(AUDIO_RATE / fps) + 1) * AUDIO_CHANNELS * 2),
  }
}
