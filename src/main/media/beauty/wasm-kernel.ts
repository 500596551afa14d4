import { readFileSync } from 'node:fs'
import { i420Size, type I420Frame } from '../i420'
import type { FaceRegion } from './face-region'
import type {
  CellMoves,
  ChromaChange,
  DipLook,
  KernelFactory,
  PixelKernel,
  PixelPlane,
  SkinGate,
  ToneFade,
} from './pixel-kernel'
import { plainKernel } from './plain/plain-kernel'
import { nodeCapacity } from './warp/node-grid'
import { GRID_PLANES, gridCapacity, type WorkingGrid } from './working-grid'

/** Functions of `wasm/kernel.ts`; a place is an address in bytes. */
type Loop = (...places: number[]) => void
const LOOPS = [
  'shrink',
  'shrinkTexture',
  'fadeTone',
  'gateSkin',
  'closeMasks',
  'blur',
  'weighLuma',
  'fitLuma',
  'smoothLuma',
  'whitenLuma',
  'fillDips',
  'dullShine',
  'weighChroma',
  'changeChroma',
  'addChange',
  'moveCells',
] as const
type Loops = Record<(typeof LOOPS)[number], Loop>

const PAGE = 65536
/** Loops read and write up to a vector past the end; a row of `addChange` needs a little more. */
const SLACK = 128
/** The module keeps nothing of its own in memory; this far from the start on it is ours. */
const BEGIN = 1024

/**
 * The loops in WebAssembly with SIMD, compiled from `wasm/` by `scripts/kernel.mjs`. The grid lies in the module's
 * memory; of a frame the rows of the face are copied in and out (0.1-0.2 ms at 720p, measured, so that the ring of
 * frames need not know of this memory).
 */
export class WasmKernel implements PixelKernel {
  readonly name = 'wasm'
  readonly #memory: WebAssembly.Memory
  readonly #loops: Loops
  readonly #frame: Uint8Array
  readonly #rows: Float32Array
  readonly #columns: Float32Array
  readonly #gains: Float32Array
  readonly #offsets: Float32Array
  readonly #rowGain: Float32Array
  readonly #rowOffset: Float32Array
  readonly #copy: Uint8Array
  #free = BEGIN

  /** For frames of this size, in pixels. @throws when the module is another one or memory runs out */
  constructor(module: WebAssembly.Module, width: number, height: number) {
    const { samples, longestRow } = gridCapacity(width, height)
    const planes =
      4 *
      ((GRID_PLANES + 3) * (samples + SLACK) +
        2 * nodeCapacity(width, height) +
        2 * nodeCapacity(width / 2, height / 2) +
        3 * longestRow)
    const bytes = BEGIN + planes + i420Size(width, height) + width * height + 16 * SLACK
    // Of a fixed size: a memory that grows would take the arrays away that lie in it.
    const pages = Math.ceil(bytes / PAGE)
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const abort = (): never => {
      throw new Error('The beauty kernel failed.')
    }
    this.#loops = loopsOf(new WebAssembly.Instance(module, { env: { memory: this.#memory, abort } }).exports)
    this.#frame = this.#bytes(i420Size(width, height))
    this.#copy = this.#bytes(width * height)
    this.#rows = this.floats(samples)
    this.#gains = this.floats(samples)
    this.#offsets = this.floats(samples)
    this.#columns = this.floats(longestRow)
    this.#rowGain = this.floats(longestRow)
    this.#rowOffset = this.floats(longestRow)
  }

  floats(count: number): Float32Array {
    const bytes = this.#bytes(4 * count)
    return new Float32Array(bytes.buffer, bytes.byteOffset, count)
  }

  #bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(this.#memory.buffer, this.#free, count)
    this.#free = Math.ceil((this.#free + count + SLACK) / 16) * 16
    return bytes
  }

  take(frame: I420Frame, region: FaceRegion): Uint8Array {
    copyRows(frame.data, this.#frame, frame, region)
    return this.#frame
  }

  giveBack(frame: I420Frame, region: FaceRegion): void {
    copyRows(this.#frame, frame.data, frame, region)
  }

  shrink({ pixels, start, stride, width, height, step }: PixelPlane, target: Float32Array): void {
    this.#loops.shrink(pixels.byteOffset + start, stride, width, height, step, target.byteOffset)
  }

  shrinkTexture(plane: PixelPlane, means: Float32Array, texture: Float32Array): void {
    const { pixels, start, stride, width, height, step } = plane
    const place = pixels.byteOffset + start
    this.#loops.shrinkTexture(place, stride, width, height, step, means.byteOffset, texture.byteOffset)
  }

  fadeTone({ tone, width, height }: WorkingGrid, { p0, px, py, q0, qx, qy }: ToneFade): void {
    this.#loops.fadeTone(tone.byteOffset, width, height, p0, px, py, q0, qx, qy)
  }

  gateSkin(grid: WorkingGrid, look: SkinGate): void {
    this.#loops.gateSkin(
      grid.luma.byteOffset,
      grid.u.byteOffset,
      grid.v.byteOffset,
      grid.texture.byteOffset,
      grid.skin.byteOffset,
      grid.tone.byteOffset,
      grid.holes.byteOffset,
      grid.toneless.byteOffset,
      grid.weight.byteOffset,
      grid.gate.byteOffset,
      grid.width * grid.height,
      look.axisU,
      look.axisV,
      look.chroma,
      look.backwards,
      look.forwards,
      look.sideways,
      look.strictly,
      look.darkFrom,
      look.darkTo,
      look.roughFrom,
      look.roughTo,
      look.shaded,
      look.luma,
    )
  }

  closeMasks({ skin, tone, gate, width, height }: WorkingGrid): void {
    this.#loops.closeMasks(skin.byteOffset, tone.byteOffset, gate.byteOffset, width * height)
  }

  blur(plane: Float32Array, width: number, height: number, radius: number): void {
    this.#loops.blur(plane.byteOffset, this.#rows.byteOffset, this.#columns.byteOffset, width, height, radius)
  }

  weighLuma({ luma, texture, weight, total, mean, square, width, height }: WorkingGrid, usual: number): void {
    this.#loops.weighLuma(
      luma.byteOffset,
      texture.byteOffset,
      weight.byteOffset,
      total.byteOffset,
      mean.byteOffset,
      square.byteOffset,
      width * height,
      usual,
    )
  }

  fitLuma({ weight, total, mean, square, width, height }: WorkingGrid, noise: number): void {
    const count = width * height
    this.#loops.fitLuma(weight.byteOffset, total.byteOffset, mean.byteOffset, square.byteOffset, count, noise)
  }

  smoothLuma(grid: WorkingGrid, fine: number, middle: number): void {
    this.#loops.smoothLuma(
      grid.luma.byteOffset,
      grid.skin.byteOffset,
      grid.total.byteOffset,
      grid.mean.byteOffset,
      grid.square.byteOffset,
      grid.gain.byteOffset,
      grid.offset.byteOffset,
      grid.width * grid.height,
      fine,
      middle,
    )
  }

  whitenLuma({ luma, tone, gain, offset, width, height }: WorkingGrid, lift: number): void {
    const count = width * height
    this.#loops.whitenLuma(luma.byteOffset, tone.byteOffset, gain.byteOffset, offset.byteOffset, count, lift)
  }

  fillDips(grid: WorkingGrid, { radius, spots, least, most }: DipLook): void {
    this.#loops.fillDips(
      grid.luma.byteOffset,
      grid.v.byteOffset,
      grid.skin.byteOffset,
      grid.lines.byteOffset,
      grid.gain.byteOffset,
      grid.offset.byteOffset,
      grid.redness.byteOffset,
      grid.width,
      grid.height,
      radius,
      spots,
      least,
      most,
    )
  }

  dullShine({ luma, skin, offset, redness, width, height }: WorkingGrid, share: number, from: number): void {
    this.#loops.dullShine(
      luma.byteOffset,
      skin.byteOffset,
      offset.byteOffset,
      redness.byteOffset,
      width * height,
      share,
      from,
    )
  }

  weighChroma({ u, v, weight, total, mean, square, width, height }: WorkingGrid): void {
    this.#loops.weighChroma(
      u.byteOffset,
      v.byteOffset,
      weight.byteOffset,
      total.byteOffset,
      mean.byteOffset,
      square.byteOffset,
      width * height,
    )
  }

  changeChroma(grid: WorkingGrid, plane: 'u' | 'v', { even, tint, target, shift }: ChromaChange): void {
    this.#loops.changeChroma(
      grid.skin.byteOffset,
      grid.tone.byteOffset,
      grid.redness.byteOffset,
      grid.total.byteOffset,
      (plane === 'u' ? grid.mean : grid.square).byteOffset,
      grid.gain.byteOffset,
      grid.offset.byteOffset,
      grid.width * grid.height,
      even,
      tint,
      target,
      shift,
    )
  }

  addChange({ pixels, start, stride, width, height, step }: PixelPlane, grid: WorkingGrid): void {
    this.#loops.addChange(
      pixels.byteOffset + start,
      stride,
      width,
      height,
      step,
      grid.gain.byteOffset,
      grid.offset.byteOffset,
      grid.width,
      grid.height,
      this.#gains.byteOffset,
      this.#offsets.byteOffset,
      this.#rowGain.byteOffset,
      this.#rowOffset.byteOffset,
    )
  }

  moveCells({ pixels, start, stride, width, height }: PixelPlane, moves: CellMoves, cell: number, scale: number): void {
    this.#loops.moveCells(
      pixels.byteOffset + start,
      stride,
      width,
      height,
      moves.dx.byteOffset,
      moves.dy.byteOffset,
      moves.columns,
      moves.rows,
      cell,
      scale,
      this.#copy.byteOffset,
    )
  }
}

/**
 * The fast kernel from a file, or the plain one when that is missing, broken, or does not run here; then `log` gets
 * one line that says why.
 */
export function loadKernel(path: string, log: (line: string) => void): KernelFactory {
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    new WasmKernel(module, 16, 16) // does it run here?
    return (width, height) => {
      try {
        return new WasmKernel(module, width, height)
      } catch (error) {
        log(`beauty: the plain kernel is used for ${width}x${height}, slower: ${messageOf(error)}`)
        return plainKernel(width, height)
      }
    }
  } catch (error) {
    log(`beauty: the plain kernel is used, slower: ${messageOf(error)}`)
    return plainKernel
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function loopsOf(exports: WebAssembly.Exports): Loops {
  for (const name of LOOPS)
    if (typeof exports[name] !== 'function') throw new Error(`the beauty kernel has no function ${name}`)
  return exports as Loops
}

/** Copies the rows of a region, whole: one large copy is faster than many small ones. */
function copyRows(from: Uint8Array, to: Uint8Array, { width, height }: I420Frame, { top, bottom }: FaceRegion): void {
  const luma = width * height
  to.set(from.subarray(top * width, bottom * width), top * width)
  for (const plane of [luma, luma + (luma >> 2)]) {
    const first = plane + (top >> 1) * (width >> 1)
    to.set(from.subarray(first, plane + (bottom >> 1) * (width >> 1)), first)
  }
}
