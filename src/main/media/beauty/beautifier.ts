import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import { brightenEyes } from './details/bright-eyes'
import { Clarity } from './details/clarity'
import { UnderEyes } from './details/under-eyes'
import { whitenTeeth } from './details/white-teeth'
import { faceRegion, type FaceRegion } from './face-region'
import { FaceWarp } from './face-warp'
import type { KernelFactory, PixelKernel } from './pixel-kernel'
import { plainKernel } from './plain/plain-kernel'
import { RegionPlanes } from './region-planes'
import { RegionSteps } from './region-steps'
import { scaleStrengths, wantsRetouch, wantsSkin, type RetouchStrengths } from './retouch-strengths'
import { maskSkin } from './skin-mask'
import { retouchSkin } from './skin-retouch'
import { colourOf } from './skin-tone'
import { WorkingGrid } from './working-grid'

/**
 * Retouches faces in I420 frames in place: smoother and lighter skin, a thinner face, larger eyes. Sizes follow the
 * width of the face, nothing outside of the region of a face changes, and what cannot be a face (broken points, far
 * outside of the frame) leaves the picture as it is. The same input gives the same output.
 */
export class Beautifier {
  #width = 0
  #height = 0
  #kernel!: PixelKernel
  #grid!: WorkingGrid
  #warp!: FaceWarp
  #steps!: RegionSteps
  readonly #planes = new RegionPlanes()
  readonly #strengths: RetouchStrengths = { ...PLAIN_BEAUTY }
  readonly #clarity = new Clarity()
  readonly #underEyes = new UnderEyes()
  readonly #createKernel: KernelFactory

  /**
   * Memory is laid out for frames of this size, in pixels; a frame of another size has it laid out anew.
   *
   * @param createKernel the loops over pixels: `loadKernel` gives the fast ones
   */
  constructor(width: number, height: number, createKernel: KernelFactory = plainKernel) {
    this.#createKernel = createKernel
    this.#fit(width, height)
  }

  /**
   * @param faces points in pixels of this frame
   * @param settings strengths 0..1; 0 leaves every byte as it is
   * @param effort 'no-warp' leaves the shape of the face alone, to save time
   * @returns the faces as they lie in the changed picture
   */
  apply(
    frame: I420Frame,
    faces: readonly Face[],
    settings: BeautySettings,
    effort: 'full' | 'no-warp' = 'full',
  ): readonly Face[] {
    if (!settings.enabled || faces.length === 0) return faces
    const warps = effort === 'full' && FaceWarp.wants(settings)
    if (!wantsRetouch(settings) && !warps) return faces
    this.#fit(frame.width, frame.height)
    const kernel = this.#kernel
    this.#steps.next()
    let changed: readonly Face[] = faces
    for (let i = 0; i < faces.length; i++) {
      const region = faceRegion(changed[i]!, frame.width, frame.height, this.#steps)
      if (!region) continue
      const pixels = kernel.take(frame, region)
      this.#planes.fit(pixels, frame.width, frame.height, region)
      this.#retouch(region, settings)
      if (warps && this.#warp.plan(region, settings, frame.width, frame.height)) {
        this.#warp.carryOut(kernel, pixels, frame)
        changed = changed.map((each) => this.#warp.moved(each))
      }
      kernel.giveBack(frame, region)
    }
    return changed
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return
    this.#kernel = this.#createKernel(width, height)
    this.#grid = new WorkingGrid(this.#kernel, width, height)
    this.#warp = new FaceWarp(this.#kernel, width, height)
    this.#steps = new RegionSteps()
    this.#width = width
    this.#height = height
  }

  #retouch(region: FaceRegion, settings: BeautySettings): void {
    if (!wantsRetouch(settings)) return
    const strengths = this.#strengths
    scaleStrengths(strengths, settings, region.trust)
    const grid = this.#grid
    const kernel = this.#kernel
    const planes = this.#planes
    grid.fit(region)
    kernel.shrinkTexture(planes.y, grid.luma, grid.texture)
    kernel.shrink(planes.u, grid.u)
    kernel.shrink(planes.v, grid.v)
    const tone = maskSkin(kernel, grid, region)
    if (!tone) return
    if (strengths.sharpen > 0) this.#clarity.apply(planes, grid, region, tone, strengths.sharpen)
    if (wantsSkin(strengths)) retouchSkin(kernel, grid, planes, region, tone, this.#underEyes, strengths)
    const coloured = colourOf(tone)
    if (strengths.eyeBright > 0) brightenEyes(planes, region, tone, coloured * strengths.eyeBright)
    if (strengths.teeth > 0) whitenTeeth(planes, region, tone, coloured * strengths.teeth)
  }
}
