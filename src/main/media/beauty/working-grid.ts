import type { PixelKernel } from './pixel-kernel'
import type { FaceRegion } from './face-region'

/** Planes of one grid. */
export const GRID_PLANES = 15

/** Samples of the largest grid of a frame, in all and in one row. */
export function gridCapacity(frameWidth: number, frameHeight: number): { samples: number; longestRow: number } {
  const longestRow = Math.ceil(frameWidth / 2) + 1
  return { samples: longestRow * (Math.ceil(frameHeight / 2) + 1), longestRow }
}

/**
 * The small planes on which a face is worked out: one sample stands for step x step pixels. Every change of the
 * picture ends as two planes, gain and offset, and one pass over the pixels (`PixelKernel.addChange`). That keeps the
 * pixel loop short, and 0 leaves a pixel exactly as it is.
 */
export class WorkingGrid {
  /** Size of the grid of the present face. */
  width = 0
  height = 0
  readonly luma: Float32Array
  readonly u: Float32Array
  readonly v: Float32Array
  /** Variance of luma within each sample; blurred when the masks are made. */
  readonly texture: Float32Array
  /** 0..1: bare skin of the face, for smoothing. */
  readonly skin: Float32Array
  /** 0..1: skin of face, ears and neck, fading outwards, for tone. */
  readonly tone: Float32Array
  /** 0..1: the samples that look like skin, for means over skin only. */
  readonly weight: Float32Array
  /** 0..1: the same, with soft edges. */
  readonly gate: Float32Array
  /** 0..1: where thin dark lines are filled. */
  readonly lines: Float32Array
  /** 0..1: spots whose colour goes to that of the skin around them. */
  readonly redness: Float32Array
  readonly gain: Float32Array
  readonly offset: Float32Array
  /** 0..1: eyes, brows and lips, until the masks are made; then sums of weights. */
  readonly total: Float32Array
  readonly mean: Float32Array
  readonly square: Float32Array

  /** For faces of any size in a frame of this size. */
  constructor(kernel: PixelKernel, frameWidth: number, frameHeight: number) {
    const { samples } = gridCapacity(frameWidth, frameHeight)
    const plane = (): Float32Array => kernel.floats(samples)
    this.luma = plane()
    this.u = plane()
    this.v = plane()
    this.texture = plane()
    this.skin = plane()
    this.tone = plane()
    this.weight = plane()
    this.gate = plane()
    this.lines = plane()
    this.redness = plane()
    this.gain = plane()
    this.offset = plane()
    this.total = plane()
    this.mean = plane()
    this.square = plane()
  }

  get holes(): Float32Array {
    return this.total
  }

  /** 0..1: what keeps its tone, until the masks are made. */
  get toneless(): Float32Array {
    return this.gain
  }

  /** The region of another face, from now on. */
  fit({ left, top, right, bottom, step }: FaceRegion): void {
    this.width = Math.ceil((right - left) / step)
    this.height = Math.ceil((bottom - top) / step)
  }
}
