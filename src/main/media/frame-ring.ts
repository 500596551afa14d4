import { i420Size, type I420Frame } from './i420'

/** Enough for the encoder's pipe (2-3 frames), the ladder (4) and one being filled (media.md 4.2). */
export const RING_SLOTS = 8

/**
 * The frames that a source fills and the engine works on. A frame is lent by `acquire` with one hold; whoever needs
 * it longer adds a hold, and after the last `release` it is free again. Reusing a frame earlier would corrupt what
 * a pipe still writes.
 */
export class FrameRing {
  /** How often a source asked while nothing was free. */
  stalls = 0
  private readonly free: I420Frame[] = []
  private readonly holds = new Map<I420Frame, number>()
  private waiters: (() => void)[] = []

  constructor(width: number, height: number, slots = RING_SLOTS) {
    for (let slot = 0; slot < slots; slot++) {
      this.free.push({ width, height, data: new Uint8Array(i420Size(width, height)) })
    }
  }

  /** Frames nobody holds. */
  get freeSlots(): number {
    return this.free.length
  }

  acquire(): I420Frame | null {
    const frame = this.free.shift()
    if (!frame) {
      this.stalls++
      return null
    }
    this.holds.set(frame, 1)
    return frame
  }

  /** Calls back once, as soon as a frame is free: at once if one is. */
  onFree(callback: () => void): void {
    if (this.free.length > 0) callback()
    else this.waiters.push(callback)
  }

  hold(frame: I420Frame): void {
    const holds = this.holds.get(frame)
    if (holds === undefined) throw new Error('A free frame cannot be held.')
    this.holds.set(frame, holds + 1)
  }

  release(frame: I420Frame): void {
    const holds = this.holds.get(frame)
    if (holds === undefined) throw new Error('A frame was released twice.')
    if (holds > 1) {
      this.holds.set(frame, holds - 1)
      return
    }
    this.holds.delete(frame)
    this.free.push(frame)
    const waiters = this.waiters
    this.waiters = []
    for (const waiter of waiters) waiter()
  }
}
