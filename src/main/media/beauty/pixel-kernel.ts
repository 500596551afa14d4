import type { I420Frame } from '../i420'
import type { FaceRegion } from './face-region'
import type { WorkingGrid } from './working-grid'

/** The part of one plane of a frame that belongs to a face. */
export interface PixelPlane {
  /** A whole frame. */
  pixels: Uint8Array
  /** Index of the first pixel of the part, and from one row to the next. */
  start: number
  stride: number
  width: number
  height: number
  /** One sample of the working grid stands for step x step pixels: 1, 2, 4 or 8. */
  step: number
}

/** What skin looks like: colours by their direction from grey (`skin-tone.ts`). */
export interface SkinGate {
  /** Unit vector of the skin's colour in U, V, and its distance from grey. */
  axisU: number
  axisV: number
  chroma: number
  /** Factors that make a difference of colour a distance: less and more colour; another hue inside and outside. */
  backwards: number
  forwards: number
  sideways: number
  strictly: number
  /** Hair over the forehead is darker than skin and of another hue: so much stricter by luma below that of the skin. */
  shaded: number
  luma: number
  /** No skin up to the first luma, all skin from the second on. */
  darkFrom: number
  darkTo: number
  /** All skin up to the first texture (variance of pixels within a sample), none from the second on: hair, fabric. */
  roughFrom: number
  roughTo: number
}

/** Which dips of luma are filled, in luma: from `least` on a dip begins to count, from `most` on it is no flaw. */
export interface DipLook {
  /** How far from a sample its surroundings are, in samples. */
  radius: number
  /** Strength for round dips and red spots, 0..1; that for lines is the plane `lines`. */
  spots: number
  least: number
  most: number
}

/** What becomes of U or V. */
export interface ChromaChange {
  /** Share of the way to the mean near by, on skin. */
  even: number
  /** Share of the way to `target`, where there is tone. */
  tint: number
  target: number
  /** Added where there is tone. */
  shift: number
}

/** The ellipse over which the tone fades, as two linear functions of the grid: p = p0 + x px + y py, q alike. */
export interface ToneFade {
  p0: number
  px: number
  py: number
  q0: number
  qx: number
  qy: number
}

/** How the samples of a grid of cells move: at each node, by how many pixels of luma. */
export interface CellMoves {
  dx: Float32Array
  dy: Float32Array
  columns: number
  rows: number
}

/**
 * The loops over pixels and samples. Two of them exist: `PlainKernel`, in TypeScript, which says what is right, and
 * `WasmKernel`, which is fast. Both work on memory that they hand out themselves, so that nothing has to be copied
 * between two loops.
 */
export interface PixelKernel {
  readonly name: 'plain' | 'wasm'
  /** Zeroed numbers that the loops can reach, with room for one vector more at the end. */
  floats(count: number): Float32Array
  /** The bytes of a frame where the loops can reach them; only rows of the region need to be right. */
  take(frame: I420Frame, region: FaceRegion): Uint8Array
  /** Brings what was changed in the region back into the frame. */
  giveBack(frame: I420Frame, region: FaceRegion): void
  /** Means of step x step pixels; squares that reach over the border count what is there. */
  shrink(plane: PixelPlane, target: Float32Array): void
  /** Means, and variances (at most 128), of step x step pixels of luma; step 2, 4 or 8. */
  shrinkTexture(plane: PixelPlane, means: Float32Array, texture: Float32Array): void
  /** Fills `tone`: 1 over the face, falling smoothly to 0 at the ellipse. */
  fadeTone(grid: WorkingGrid, fade: ToneFade): void
  /** Fills `weight` and `gate` with how much each sample looks like skin, and takes the holes out of `skin` (and `weight`). */
  gateSkin(grid: WorkingGrid, gate: SkinGate): void
  /** Takes the gate, blurred, into `skin` and `tone`. */
  closeMasks(grid: WorkingGrid): void
  /**
   * Mean over a square of (2 radius + 1)² samples, in place, with the samples of the edge repeated outwards. A radius
   * that does not fit is cut to what fits. The cost does not depend on it.
   */
  blur(plane: Float32Array, width: number, height: number, radius: number): void
  /**
   * Fills `total`, `mean` and `square` with the weight, and luma and its square times the weight. Texture above
   * `usual` counts into the square: what is rougher than the skin is kept like an edge.
   */
  weighLuma(grid: WorkingGrid, usual: number): void
  /**
   * From these, blurred: slope and intercept of the self-guided filter, times the weight, in `square` and `mean`. The
   * slope is variance² / (variance² + noise²): steeper than in the paper, so that edges and hair stay whole.
   */
  fitLuma(grid: WorkingGrid, noise: number): void
  /**
   * From these, blurred: gain and offset of luma. `fine` is the share of the difference to the mean of the sample that
   * goes where nothing is an edge, `middle` that of the difference of the mean to its guided filter.
   */
  smoothLuma(grid: WorkingGrid, fine: number, middle: number): void
  /**
   * Lifts round dips (`look.spots`) and lines (`grid.lines`) of luma on skin to their surroundings: adds to gain and
   * offset of luma, and fills `redness`. A dip is round when it is darker than the mean of each of four pairs of
   * opposite neighbours, and a line when it is darker than that of one pair: slopes and edges are neither.
   */
  fillDips(grid: WorkingGrid, look: DipLook): void
  /** Lowers luma of the skin above `from` by up to `share` of the excess; adds to offset of luma and to `redness`. */
  dullShine(grid: WorkingGrid, share: number, from: number): void
  /** Lightens where there is tone; adds to gain and offset of luma, after all else. `lift` is the largest share. */
  whitenLuma(grid: WorkingGrid, lift: number): void
  /** Fills `total`, `mean` and `square` with the weight, and U and V times the weight. */
  weighChroma(grid: WorkingGrid): void
  /** From these, blurred, and `redness`: gain and offset of U or V. */
  changeChroma(grid: WorkingGrid, plane: 'u' | 'v', change: ChromaChange): void
  /** Value += gain * value + offset, both enlarged bilinearly; where both are 0 a pixel stays exactly as it is. */
  addChange(plane: PixelPlane, grid: WorkingGrid): void
  /** Moves the pixels of each cell; those whose nodes stand still are kept. */
  moveCells(plane: PixelPlane, moves: CellMoves, cell: number, scale: number): void
}

/** Makes a kernel with memory for frames of this size. */
export type KernelFactory = (width: number, height: number) => PixelKernel
