import type { FaceRegion } from './face-region'
import type { PixelPlane } from './pixel-kernel'

/** The parts of Y, U and V that belong to a face. Kept from frame to frame, so that a frame allocates nothing. */
export class RegionPlanes {
  readonly y: PixelPlane = emptyPlane()
  readonly u: PixelPlane = emptyPlane()
  readonly v: PixelPlane = emptyPlane()

  /** @param pixels a whole I420 frame of width x height */
  fit(
    pixels: Uint8Array,
    width: number,
    height: number,
    { left, top, right, bottom, step }: Pick<FaceRegion, 'left' | 'top' | 'right' | 'bottom' | 'step'>,
  ): void {
    const { y, u, v } = this
    y.pixels = u.pixels = v.pixels = pixels
    y.stride = width
    u.stride = v.stride = width >> 1
    y.width = right - left
    u.width = v.width = y.width >> 1
    y.height = bottom - top
    u.height = v.height = y.height >> 1
    y.step = step
    u.step = v.step = step >> 1
    y.start = top * width + left
    u.start = width * height + (top >> 1) * u.stride + (left >> 1)
    v.start = u.start + u.stride * (height >> 1)
  }
}

function emptyPlane(): PixelPlane {
  return { pixels: new Uint8Array(0), start: 0, stride: 0, width: 0, height: 0, step: 0 }
}
