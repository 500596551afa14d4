import { i420Size, type I420Frame } from '../i420'
import type { LayerSize } from './layer'

/** A frame on its way to be shown. */
export interface QueuedFrame {
  frame: I420Frame
  /** Number of the frame in its source. */
  index: number
  /** Work on it is done: it may be shown. */
  ready: boolean
  /** Work on it has begun: it must stay. */
  busy: boolean
}

/** Slots with a frame too many after which one is left out, so that no delay stays. */
const PATIENT_SLOTS = 30

/**
 * The newest frames of one input. Each slot takes the next; a late input repeats its last. A file waits when the queue
 * is full, so it plays at the pace of the slots and loses nothing; of a live source the oldest goes.
 */
export class FrameQueue {
  /** Frames that are held back, so that the picture comes later. */
  lag = 0
  /** The frame of now. */
  shown: I420Frame | null = null
  /** Number of the shown frame in its source. */
  shownIndex = -1
  private readonly queue: QueuedFrame[] = []
  private readonly free: I420Frame[] = []
  private readonly lent = new Set<I420Frame>()
  private crowded = 0
  private waiters: (() => void)[] = []

  constructor(
    private readonly size: LayerSize,
    private readonly live: boolean,
  ) {}

  /** A frame to fill; null when a file must wait for `onFree`. */
  acquire(): I420Frame | null {
    if (this.isFull) {
      if (!this.live) return null
      this.dropOldest()
    }
    return this.lend()
  }

  /** A frame to fill, also when the queue is full. */
  lend(): I420Frame {
    const { width, height } = this.size
    const frame = this.free.pop() ?? { width, height, data: new Uint8Array(i420Size(width, height)) }
    this.lent.add(frame)
    return frame
  }

  onFree(callback: () => void): void {
    if (this.isFull && !this.live) this.waiters.push(callback)
    else callback()
  }

  /** Takes a filled frame in. @param ready nothing is to be done with it */
  commit(frame: I420Frame, index: number, ready: boolean): QueuedFrame {
    this.lent.delete(frame)
    const queued = { frame, index, ready, busy: false }
    this.queue.push(queued)
    return queued
  }

  /** Gives an unused frame back. */
  giveBack(frame: I420Frame): void {
    if (this.lent.delete(frame)) this.free.push(frame)
    this.wake()
  }

  /** Takes back what a source that is closed has not filled. */
  recall(): void {
    for (const frame of this.lent) this.free.push(frame)
    this.lent.clear()
  }

  /** One slot: the next frame is shown, if there is one. Returns whether the picture changed. */
  advance(): boolean {
    this.crowded = this.live && this.queue.length > this.lag + 1 ? this.crowded + 1 : 0
    if (this.crowded > PATIENT_SLOTS) {
      this.crowded = 0
      this.dropOldest()
    }
    const next = this.queue[0]
    if (!next?.ready || this.queue.length <= this.lag) return false
    this.queue.shift()
    this.show(next)
    return true
  }

  /** Shows the newest finished frame; older ones are left out. */
  advanceToNewest(): boolean {
    const newest = this.queue.findLastIndex(({ ready }) => ready)
    if (newest < 0) return false
    for (const { frame } of this.queue.splice(0, newest)) this.free.push(frame)
    this.show(this.queue.shift()!)
    return true
  }

  /** Shows a copy of a frame that did not come through the queue. */
  keep(frame: I420Frame, index: number): void {
    this.shown ??= this.free.pop() ?? { ...this.size, data: new Uint8Array(frame.data.length) }
    this.shown.data.set(frame.data)
    this.shownIndex = index
  }

  /** How many wait for work. */
  get unfinished(): number {
    return this.queue.reduce((count, { ready }) => count + (ready ? 0 : 1), 0)
  }

  /** The oldest frame that still needs work; it is busy from now on. */
  takeWork(): QueuedFrame | null {
    const next = this.queue.find(({ ready }) => !ready)
    if (!next || next.busy) return null
    next.busy = true
    return next
  }

  private show({ frame, index }: QueuedFrame): void {
    if (this.shown) this.free.push(this.shown)
    this.shown = frame
    this.shownIndex = index
    this.wake()
  }

  /** One is filled, one is worked on, one is ready. */
  private get isFull(): boolean {
    return this.queue.length + this.lent.size >= this.lag + 3
  }

  /** Of those that wait for work the oldest; a finished one only if another is finished, or nothing would be shown. */
  private dropOldest(): void {
    let at = this.queue.findIndex(({ ready, busy }) => !ready && !busy)
    if (at < 0 && this.queue.filter(({ ready }) => ready).length > 1) at = this.queue.findIndex(({ ready }) => ready)
    if (at < 0) return
    this.free.push(this.queue[at]!.frame)
    this.queue.splice(at, 1)
  }

  private wake(): void {
    if (this.isFull) return
    const { waiters } = this
    this.waiters = []
    for (const waiter of waiters) waiter()
  }
}
