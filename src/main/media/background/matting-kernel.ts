/**
 * The loops over pixels and cells that cut a person out and lay the picture over another background. There are two:
 * `plain/` in TypeScript says what is right, `wasm/` in AssemblyScript with SIMD does the same faster.
 *
 * Planes of the picture are bytes with rows of `stride` (a multiple of 16). The grid is a coarser picture: a cell
 * stands for `step` x `step` pixels of luma (2, 4, 8 or 16) and half as many of chroma each way. Planes of the grid are
 * floats, `width * height` of them, one behind the other in a block, `size` floats apart (see GRID).
 */
export interface MattingKernel {
  readonly name: 'plain' | 'wasm'
  /** Memory for the loops; made once. */
  floats(count: number): Float32Array
  bytes(count: number): Uint8Array
  /** Means of step x step pixels into cells; the last column and row may stand for fewer. */
  shrink(
    pixels: Uint8Array,
    stride: number,
    width: number,
    height: number,
    step: number,
    cells: Float32Array,
    columns: number,
  ): void
  /** Mean over a square of `2 * radius + 1` cells, in place, for `count` planes; the border goes on outside. */
  blur(
    planes: Float32Array,
    count: number,
    size: number,
    scratch: Float32Array,
    width: number,
    height: number,
    radius: number,
  ): void
  /** From the mask and Y, U, V in a block: their products (see GRID). */
  multiply(block: Float32Array, size: number, cells: number): void
  /**
   * From the means of all planes of the block: the line alpha = a.(Y, U, V) + b that fits best in each cell (guided
   * filter: He, Sun, Tang, Guided Image Filtering, PAMI 2013, equations 14-16), the mean colours of person and
   * background (Forte, Approximate Fast Foreground Colour Estimation, ICIP 2021), and where the matter is settled.
   * @param settled 255 for a person all around, 0 for none around, else 128
   */
  fit(block: Float32Array, size: number, cells: number, settled: Uint8Array, evenness: number): void
  /** The lines, applied to each pixel: coverage by the person, 0-255. */
  matte(
    y: Uint8Array,
    u: Uint8Array,
    v: Uint8Array,
    stride: number,
    height: number,
    lines: Float32Array,
    size: number,
    settled: Uint8Array,
    columns: number,
    rows: number,
    step: number,
    alpha: Uint8Array,
    scratch: Float32Array,
  ): void
  /** Mean of 2x2 coverages, rounded down. */
  halve(alpha: Uint8Array, stride: number, height: number, half: Uint8Array): void
  /**
   * Lays a plane over another by its coverage; at the edge the person's own colour is found first, so that nothing of
   * the old background stays.
   */
  composite(
    pixels: Uint8Array,
    backdrop: Uint8Array,
    alpha: Uint8Array,
    stride: number,
    height: number,
    person: Float32Array,
    behind: Float32Array,
    columns: number,
    rows: number,
    step: number,
    scratch: Float32Array,
  ): void
  /**
   * For a blur that leaves the person out: Y, U, V times the share of background in each cell, and that share.
   * Bright cells count more, as they do through a lens.
   * @param colours Y, U, V; @param weighted four planes, the last for the shares
   */
  weigh(colours: Float32Array, mask: Float32Array, weighted: Float32Array, size: number, cells: number): void
  /**
   * Sums over a disc of the four planes and divides by the share, in place: the picture of a wide open lens.
   * @param spans how far the disc reaches to either side in the rows -radius..radius, whole numbers
   * @param sums scratch, `(width + 2 * REACH) * height` floats
   */
  disc(
    weighted: Float32Array,
    size: number,
    width: number,
    height: number,
    spans: Float32Array,
    radius: number,
    sums: Float32Array,
  ): void
  /** Cells to pixels, bilinear, with an ordered dither that keeps slow changes from banding. */
  enlarge(
    cells: Float32Array,
    columns: number,
    rows: number,
    step: number,
    pixels: Uint8Array,
    stride: number,
    height: number,
    scratch: Float32Array,
  ): void
}

/** Makes a kernel with room for pictures of this size. */
export type MattingKernelFactory = (width: number, height: number) => MattingKernel
