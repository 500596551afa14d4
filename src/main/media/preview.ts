import type { PreviewFrame, PreviewMode } from '@shared/ipc/studio-schema'
import { i420Size, type I420Frame } from './i420'
import { PlainSmallPicture, type PictureSize, type SmallPicture, type SmallPictureFactory } from './small-picture'
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
  private readonly size: PictureSize
  private small: SmallPicture

  constructor(private readonly format: StudioFormat) {
    const { width, height } = fitInside(format.width, format.height, PREVIEW_SIZE)
    // A small studio format is not enlarged.
    this.size = width > format.width ? { width: format.width, height: format.height } : { width, height }
    this.small = new PlainSmallPicture(format, this.size)
  }

  /** Draws with other loops from the next picture on. */
  drawOn(create: SmallPictureFactory): void {
    this.small = create(this.format, this.size)
    this.current = null
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
    if (this.mode === 'before') this.small.draw(frame, 0, this.size.width)
    else if (this.mode === 'split') this.small.draw(frame, 0, this.middle)
  }

  after(frame: I420Frame, slot: number, faces: number): void {
    const picture = this.current
    if (!picture || !this.sink) return
    this.current = null
    if (this.mode === 'after') this.small.draw(frame, 0, this.size.width)
    else if (this.mode === 'split') this.small.draw(frame, this.middle, this.size.width)
    picture.data.set(this.small.picture.data)
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
