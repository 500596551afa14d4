import type { BeautySettings } from '@shared/media/beauty-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import { BoxBlur } from './box-blur'
import { faceRegion, type FaceRegion } from './face-region'
import { FaceWarp } from './face-warp'
import { maskSkin } from './skin-mask'
import { smoothChroma, smoothLuma } from './skin-smoothing'
import { whitenChroma, whitenLuma } from './whitening'
import { WorkingGrid } from './working-grid'

/**
 * Retouches faces in I420 frames in place: smoother and lighter skin, a thinner face, larger eyes. Sizes follow the
 * width of the face, nothing outside of the region of a face changes, and what cannot be a face (broken points, far
 * outside of the frame) leaves the picture as it is. The same input gives the same output.
 */
export class Beautifier {
  #width = 0
  #height = 0
  #grid!: WorkingGrid
  #blur!: BoxBlur
  #warp!: FaceWarp

  /** Memory is laid out for frames of this size, in pixels; a frame of another size has it laid out anew. */
  constructor(width: number, height: number) {
    this.#fit(width, height)
  }

  /**
   * @param faces points in pixels of this frame
   * @param settings strengths 0..1; 0 leaves every byte as it is
   * @param effort 'no-warp' leaves the shape of the face alone, to save time
   */
  apply(frame: I420Frame, faces: readonly Face[], settings: BeautySettings, effort: 'full' | 'no-warp' = 'full'): void {
    if (!settings.enabled || faces.length === 0) return
    this.#fit(frame.width, frame.height)
    for (const face of faces) {
      const region = faceRegion(face, frame.width, frame.height)
      if (!region) continue
      this.#retouch(frame, region, settings.smooth * region.trust, settings.whiten * region.trust)
      if (effort === 'full') this.#warp.apply(frame, region, settings.thin * region.trust, settings.eyes * region.trust)
    }
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return
    this.#width = width
    this.#height = height
    this.#grid = new WorkingGrid(width, height)
    this.#blur = new BoxBlur(this.#grid.capacity, this.#grid.longestRow)
    this.#warp = new FaceWarp(width, height)
  }

  #retouch(frame: I420Frame, region: FaceRegion, smooth: number, whiten: number): void {
    if (smooth <= 0 && whiten <= 0) return
    const grid = this.#grid
    const blur = this.#blur
    grid.read(frame, region)
    if (!maskSkin(grid, region, blur)) return
    smoothLuma(grid, region, blur, smooth)
    whitenLuma(grid, whiten)
    grid.writeLuma(frame, region)
    for (const plane of ['u', 'v'] as const) {
      smoothChroma(grid, region, blur, plane, smooth)
      whitenChroma(grid, plane, whiten)
      grid.writeChroma(frame, region, plane)
    }
  }
}
