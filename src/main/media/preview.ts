import type { PreviewFrame, PreviewMode } from '@shared/ipc/studio-schema'
import { i420Size, planesOf, type I420Frame } from './i420'
import { fitInside, type StudioFormat } from './studio-format'

/** The largest preview picture, pixels. */
const PREVIEW_SIZE = { width: 640, height: 360 }
const MAX_FPS = 30
/** Pictures on their way to the window; more would only add delay. */
const MAX_UNSHOWN = 2

/** Sends one picture away. The data may be reused after the acknowledgement: copy it, or post it at once. */
export type PreviewSink = (frame: PreviewFrame) => void

/** What the receiver of the preview holds. */
export interface PreviewLink {
  /** One picture has been shown (or copied): the next may be sent. */
  acknowledge(): void
}

/**
 * Small pictures for the studio window: `after` the filter, `before` it, or `split` (left before, right after). Called
 * twice for each frame, because the filter works in place.
 */
export class Preview {
  mode: PreviewMode = 'after'
  private sink: PreviewSink | null = null
  private unshown = 0
  private buffers: I420Frame[] = []
  private current: I420Frame | null = null
  private readonly size: { width: number; height: number }

  constructor(private readonly format: StudioFormat) {
    const { width, height } = fitInside(format.width, format.height, PREVIEW_SIZE)
    // A small studio format is not enlarged.
    this.size = width > format.width ? { width: format.width, height: format.height } : { width, height }
  }

  connect(sink: PreviewSink): PreviewLink {
    this.sink = sink
    this.unshown = 0
    // Buffers of an older receiver may still be in use there.
    this.buffers = []
    return {
      acknowledge: () => {
        if (this.sink === sink && this.unshown > 0) this.unshown--
      },
    }
  }

  disconnect(): void {
    this.sink = null
    this.current = null
  }

  before(frame: I420Frame, slot: number): void {
    this.current = null
    if (!this.sink || this.unshown >= MAX_UNSHOWN || !this.due(slot)) return
    this.current = this.buffers.shift() ?? this.buffer()
    if (this.mode === 'before') shrink(frame, this.current, 0, this.size.width)
    else if (this.mode === 'split') shrink(frame, this.current, 0, this.middle)
  }

  after(frame: I420Frame, slot: number, faces: number): void {
    const picture = this.current
    if (!picture || !this.sink) return
    this.current = null
    if (this.mode === 'after') shrink(frame, picture, 0, this.size.width)
    else if (this.mode === 'split') shrink(frame, picture, this.middle, this.size.width)
    this.unshown++
    // Used again only after MAX_UNSHOWN others, that is after its acknowledgement.
    this.buffers.push(picture)
    this.sink({ ...picture, timeMs: Math.round((slot * 1000) / this.format.fps), faces })
  }

  private get middle(): number {
    return Math.floor(this.size.width / 4) * 2
  }

  /** Of a source above 30 fps every n-th slot. */
  private due(slot: number): boolean {
    const { fps } = this.format
    return fps <= MAX_FPS || Math.floor((slot * MAX_FPS) / fps) !== Math.floor(((slot - 1) * MAX_FPS) / fps)
  }

  private buffer(): I420Frame {
    if (this.buffers.length === 0) {
      const { width, height } = this.size
      for (let i = 0; i <= MAX_UNSHOWN; i++) {
        this.buffers.push({ width, height, data: new Uint8Array(i420Size(width, height)) })
      }
    }
    return this.buffers.shift()!
  }
}

/** Scales the columns `from` to `to` (even, of the target) of a whole frame into a smaller one. */
export function shrink(source: I420Frame, target: I420Frame, from: number, to: number): void {
  const a = planesOf(source)
  const b = planesOf(target)
  const scale = source.width === 2 * target.width && source.height === 2 * target.height ? halvePlane : shrinkPlane
  scale(a.y, source.width, source.height, b.y, target.width, target.height, from, to)
  const [cw, ch, tw, th] = [source.width / 2, source.height / 2, target.width / 2, target.height / 2]
  scale(a.u, cw, ch, b.u, tw, th, from / 2, to / 2)
  scale(a.v, cw, ch, b.v, tw, th, from / 2, to / 2)
}

/** Mean of 2x2: the usual case, 720p. */
function halvePlane(
  source: Uint8Array,
  width: number,
  _height: number,
  target: Uint8Array,
  outWidth: number,
  outHeight: number,
  from: number,
  to: number,
): void {
  for (let y = 0; y < outHeight; y++) {
    let at = 2 * y * width + 2 * from
    const end = y * outWidth + to
    for (let out = y * outWidth + from; out < end; out++) {
      target[out] = (source[at]! + source[at + 1]! + source[at + width]! + source[at + width + 1]! + 2) >> 2
      at += 2
    }
  }
}

/** Mean of the covered pixels for any ratio. */
function shrinkPlane(
  source: Uint8Array,
  width: number,
  height: number,
  target: Uint8Array,
  outWidth: number,
  outHeight: number,
  from: number,
  to: number,
): void {
  for (let y = 0; y < outHeight; y++) {
    const top = Math.floor((y * height) / outHeight)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / outHeight))
    for (let x = from; x < to; x++) {
      const left = Math.floor((x * width) / outWidth)
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / outWidth))
      let sum = 0
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += source[row * width + column]!
      }
      target[y * outWidth + x] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
}
