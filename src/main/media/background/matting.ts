import { planesOf, type I420Frame } from '../i420'
import { AttachedMask } from './attached-mask'
import { FITTED, GRID, gridOf, REACH, type Grid } from './grid'
import { MaskSteadier } from './mask-steadier'
import type { MattingKernel, MattingKernelFactory } from './matting-kernel'
import type { PersonMaskModel } from './person-mask-model'
import { resample, toRgb, walk, type Walk } from './resample'

/** Cells around a place whose colours tell person from background there; a cell is 4 pixels at 720p. */
const RADIUS = 5
/** Variance, in levels squared, up to which an area counts as even: its coverage is the mean of the mask. */
const EVENNESS = 60

/** Coverage by the model's word that counts as none, and as whole. */
const DOUBT = 0.08
const SURE = 0.45

/** A cell of this coverage shows the person; one whose light changes by so many levels moves. */
const INSIDE = 0.98
const MOVED = 12
/** Share of moving cells, outside of the person, from which the model looks at every frame. */
const MOVED_SHARE = 0.002

/** Three planes as bytes with padded rows, in the memory of the kernel. */
export interface PaddedPlanes {
  y: Uint8Array
  u: Uint8Array
  v: Uint8Array
}

/**
 * Cuts the person out of frames of one size and lays them over a backdrop. The model says where a person is at 256
 * columns; a guided filter finds the edge in the full picture (media.md 3.3 asks for hair).
 */
export class Matting {
  readonly grid: Grid
  readonly #kernel: MattingKernel
  readonly #frame: PaddedPlanes
  readonly #backdrop: PaddedPlanes
  readonly #alpha: Uint8Array
  readonly #halfAlpha: Uint8Array
  readonly #block: Float32Array
  readonly #colours: Float32Array
  readonly #blurred: Float32Array
  readonly #scratch: Float32Array
  readonly #sums: Float32Array
  readonly #settled: Uint8Array
  readonly #steadier: MaskSteadier
  readonly #hysteresis: AttachedMask
  readonly #attached: Float32Array
  readonly #toModel: { across: Walk; down: Walk }
  readonly #toGrid: { across: Walk; down: Walk }
  /** The mask in cells, and the light in which the model saw it. */
  readonly #mask: Float32Array
  readonly #seen: Float32Array
  /** The model did not look at the frame before. */
  #rested = true
  readonly #spans: Float32Array

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly model: PersonMaskModel,
    createKernel: MattingKernelFactory,
  ) {
    const kernel = createKernel(width, height)
    const grid = gridOf(width, height)
    const { columns, rows, size, stride } = grid
    const padded = (): PaddedPlanes => ({
      y: kernel.bytes(stride * height),
      u: kernel.bytes((stride * height) / 4),
      v: kernel.bytes((stride * height) / 4),
    })
    this.grid = grid
    this.#kernel = kernel
    this.#frame = padded()
    this.#backdrop = padded()
    this.#alpha = kernel.bytes(stride * height)
    this.#halfAlpha = kernel.bytes((stride * height) / 4)
    this.#block = kernel.floats(GRID.planes * size)
    this.#colours = kernel.floats(3 * size)
    this.#blurred = kernel.floats(4 * size)
    this.#sums = kernel.floats((columns + 2 * REACH) * rows)
    this.#scratch = kernel.floats(Math.max(size, 5 * (columns + 8)))
    this.#settled = kernel.bytes(size)
    this.#spans = kernel.floats(2 * REACH + 1)
    this.#mask = new Float32Array(columns * rows)
    this.#seen = new Float32Array(columns * rows)
    this.#steadier = new MaskSteadier(model.width * model.height)
    this.#hysteresis = new AttachedMask(model.width, model.height)
    this.#attached = new Float32Array(model.width * model.height)
    this.#toModel = { across: walk(columns, model.width), down: walk(rows, model.height) }
    this.#toGrid = { across: walk(model.width, columns), down: walk(model.height, rows) }
  }

  /** The next frame belongs to another source. */
  reset(): void {
    this.#rested = true
    this.#steadier.reset()
  }

  /** Coverage by the person, 0-255, in rows of `grid.stride`; of the newest `find`. */
  get alpha(): Uint8Array {
    return this.#alpha
  }

  /** Takes a frame in; everything else works on it until `giveBack`. */
  take(frame: I420Frame): void {
    const { width, height } = this
    const planes = planesOf(frame)
    copyRows(planes.y, width, this.#frame.y, this.grid.stride, width, height)
    copyRows(planes.u, width / 2, this.#frame.u, this.grid.chromaStride, width / 2, height / 2)
    copyRows(planes.v, width / 2, this.#frame.v, this.grid.chromaStride, width / 2, height / 2)
  }

  giveBack(frame: I420Frame): void {
    const { width, height } = this
    const planes = planesOf(frame)
    copyRows(this.#frame.y, this.grid.stride, planes.y, width, width, height)
    copyRows(this.#frame.u, this.grid.chromaStride, planes.u, width / 2, width / 2, height / 2)
    copyRows(this.#frame.v, this.grid.chromaStride, planes.v, width / 2, width / 2, height / 2)
  }

  /**
   * Finds the person in the frame that was taken in. The model looks at every second frame only while nothing moves
   * but the person's inside; the edge is found anew in every frame.
   */
  async find(): Promise<void> {
    this.#shrink()
    if (this.#rested || this.#moves()) await this.#look()
    else this.#rested = true
    this.#findEdge()
  }

  async #look(): Promise<void> {
    this.#rested = false
    this.#seen.set(this.#colours.subarray(0, this.#seen.length))
    await this.model.run(
      (input, count) => this.#showModel(input, count),
      (mask, input) => {
        // Green carries most of the light.
        const light = input.subarray(mask.length, 2 * mask.length)
        const steady = this.#steadier.steady(mask, light)
        this.#attached.set(steady)
        this.#hysteresis.keep(this.#attached, DOUBT)
        resample(this.#attached, this.model.width, this.#toGrid.across, this.#toGrid.down, this.#mask)
        sharpen(this.#mask)
      },
    )
  }

  /** Whether light has changed, since the model looked, where no person was for sure. */
  #moves(): boolean {
    const [colours, seen, mask] = [this.#colours, this.#seen, this.#mask]
    let changed = 0
    for (let i = 0; i < seen.length; i += 3) {
      if (mask[i]! < INSIDE && Math.abs(colours[i]! - seen[i]!) > MOVED) changed++
    }
    return changed * 3 > MOVED_SHARE * seen.length
  }

  #showModel(input: Float32Array, count: number): void {
    const { columns, size } = this.grid
    const { across, down } = this.#toModel
    for (let n = 0; n < 3; n++) {
      resample(this.#colours.subarray(n * size), columns, across, down, input.subarray(n * count))
    }
    toRgb(input, count)
  }

  #shrink(): void {
    const { step, columns, size, stride, chromaStride } = this.grid
    const { width, height } = this
    const { y, u, v } = this.#frame
    this.#kernel.shrink(y, stride, width, height, step, this.#colours, columns)
    for (const [n, plane] of [u, v].entries()) {
      const cells = this.#colours.subarray((n + 1) * size)
      this.#kernel.shrink(plane, chromaStride, width / 2, height / 2, step / 2, cells, columns)
    }
  }

  /** From the coarse mask in the block to the coverage of each pixel. */
  #findEdge(): void {
    const { step, columns, rows, size, stride } = this.grid
    const kernel = this.#kernel
    const block = this.#block
    const cells = columns * rows
    block.set(this.#mask)
    block.set(this.#colours, size)
    kernel.multiply(block, size, cells)
    kernel.blur(block, GRID.planes, size, this.#scratch, columns, rows, RADIUS)
    kernel.fit(block, size, cells, this.#settled, EVENNESS)
    const lines = block.subarray(FITTED.line * size)
    kernel.blur(lines, 4, size, this.#scratch, columns, rows, RADIUS >> 1)
    const { y, u, v } = this.#frame
    kernel.matte(
      ...[y, u, v, stride, this.height, lines, size, this.#settled, columns, rows, step, this.#alpha, this.#scratch],
    )
    kernel.halve(this.#alpha, stride, this.height, this.#halfAlpha)
  }

  /** What is laid behind the person from now on; the size of the frames. */
  setBackdrop(frame: I420Frame): void {
    const { width, height } = this
    const planes = planesOf(frame)
    copyRows(planes.y, width, this.#backdrop.y, this.grid.stride, width, height)
    copyRows(planes.u, width / 2, this.#backdrop.u, this.grid.chromaStride, width / 2, height / 2)
    copyRows(planes.v, width / 2, this.#backdrop.v, this.grid.chromaStride, width / 2, height / 2)
  }

  /**
   * Makes the backdrop from the frame itself, out of focus.
   * @param reach radius of the disc that a point becomes, as a share of the frame's width
   */
  setBlurred(reach: number): void {
    const { step, columns, rows, size, stride, chromaStride } = this.grid
    const kernel = this.#kernel
    kernel.weigh(this.#colours, this.#block, this.#blurred, size, columns * rows)
    const radius = this.#layDisc(Math.min(Math.max(reach * columns, 1), REACH - 5))
    kernel.disc(this.#blurred, size, columns, rows, this.#spans, radius, this.#sums)
    const { y, u, v } = this.#backdrop
    kernel.enlarge(this.#blurred, columns, rows, step, y, stride, this.height, this.#scratch)
    for (const [n, plane] of [u, v].entries()) {
      const cells = this.#blurred.subarray((n + 1) * size)
      kernel.enlarge(cells, columns, rows, step / 2, plane, chromaStride, this.height / 2, this.#scratch)
    }
  }

  /** Sets the rows of a disc; returns how many there are to either side of the middle one. */
  #layDisc(radius: number): number {
    const rows = Math.floor(radius)
    for (let i = -rows; i <= rows; i++) this.#spans[i + rows] = Math.floor(Math.sqrt(radius * radius - i * i))
    return rows
  }

  /** Lays the person of the frame over the backdrop. */
  compose(): void {
    const { step, columns, rows, size, stride, chromaStride } = this.grid
    const [frame, backdrop] = [this.#frame, this.#backdrop]
    const behind = (n: number): Float32Array => this.#block.subarray((FITTED.behind + n) * size)
    const person = (n: number): Float32Array => this.#block.subarray((FITTED.person + n) * size)
    const kernel = this.#kernel
    const scratch = this.#scratch
    kernel.composite(
      ...[frame.y, backdrop.y, this.#alpha, stride, this.height, person(0), behind(0), columns, rows, step, scratch],
    )
    const half = [this.#halfAlpha, chromaStride, this.height / 2] as const
    const rest = [columns, rows, step / 2, scratch] as const
    kernel.composite(frame.u, backdrop.u, ...half, person(1), behind(1), ...rest)
    kernel.composite(frame.v, backdrop.v, ...half, person(2), behind(2), ...rest)
  }
}

/** Stretches doubtful coverage apart: the model's edge is softer than a person's, and its doubts are mostly small. */
function sharpen(mask: Float32Array): void {
  const scale = 1 / (SURE - DOUBT)
  for (let i = 0; i < mask.length; i++) mask[i] = Math.min(Math.max((mask[i]! - DOUBT) * scale, 0), 1)
}

/** One copy where the rows lie tight in both. */
function copyRows(
  from: Uint8Array,
  fromStride: number,
  to: Uint8Array,
  toStride: number,
  width: number,
  height: number,
): void {
  if (fromStride === width && toStride === width) {
    to.set(from.subarray(0, width * height))
    return
  }
  for (let row = 0; row < height; row++) {
    to.set(from.subarray(row * fromStride, row * fromStride + width), row * toStride)
  }
}
