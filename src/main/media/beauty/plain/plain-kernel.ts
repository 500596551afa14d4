import type { I420Frame } from '../../i420'
import type { CellMoves, ChromaChange, DipLook, PixelKernel, PixelPlane, SkinGate, ToneFade } from '../pixel-kernel'
import { gridCapacity, type WorkingGrid } from '../working-grid'
import { BoxBlur } from './box-blur'
import { CellMover } from './cell-mover'
import { ChangeWriter } from './change-writer'
import { dullShine, fillDips } from './flaws'
import { closeMasks, fadeTone, gateSkin } from './masking'
import { shrink, shrinkTexture } from './shrink'
import { changeChroma, fitLuma, smoothLuma, weighChroma, weighLuma, whitenLuma } from './smoothing'

/** The loops in plain TypeScript: what the fast ones are checked against, and what works where those cannot. */
export class PlainKernel implements PixelKernel {
  readonly name = 'plain'
  readonly #blur: BoxBlur
  readonly #writer: ChangeWriter
  readonly #mover: CellMover

  /** For frames of this size, in pixels. */
  constructor(width: number, height: number) {
    const { samples, longestRow } = gridCapacity(width, height)
    this.#blur = new BoxBlur(samples, longestRow)
    this.#writer = new ChangeWriter(samples, longestRow)
    this.#mover = new CellMover(width * height)
  }

  floats(count: number): Float32Array {
    return new Float32Array(count)
  }

  take(frame: I420Frame): Uint8Array {
    return frame.data
  }

  giveBack(): void {
    // The frame itself was changed.
  }

  shrink(plane: PixelPlane, target: Float32Array): void {
    shrink(plane, target)
  }

  shrinkTexture(plane: PixelPlane, means: Float32Array, texture: Float32Array): void {
    shrinkTexture(plane, means, texture)
  }

  fadeTone(grid: WorkingGrid, fade: ToneFade): void {
    fadeTone(grid, fade)
  }

  gateSkin(grid: WorkingGrid, gate: SkinGate): void {
    gateSkin(grid, gate)
  }

  closeMasks(grid: WorkingGrid): void {
    closeMasks(grid)
  }

  blur(plane: Float32Array, width: number, height: number, radius: number): void {
    this.#blur.apply(plane, width, height, radius)
  }

  weighLuma(grid: WorkingGrid, usual: number): void {
    weighLuma(grid, usual)
  }

  fitLuma(grid: WorkingGrid, noise: number): void {
    fitLuma(grid, noise)
  }

  smoothLuma(grid: WorkingGrid, fine: number, middle: number): void {
    smoothLuma(grid, fine, middle)
  }

  whitenLuma(grid: WorkingGrid, lift: number): void {
    whitenLuma(grid, lift)
  }

  fillDips(grid: WorkingGrid, look: DipLook): void {
    fillDips(grid, look)
  }

  dullShine(grid: WorkingGrid, share: number, from: number): void {
    dullShine(grid, share, from)
  }

  weighChroma(grid: WorkingGrid): void {
    weighChroma(grid)
  }

  changeChroma(grid: WorkingGrid, plane: 'u' | 'v', change: ChromaChange): void {
    changeChroma(grid, plane, change)
  }

  addChange(plane: PixelPlane, grid: WorkingGrid): void {
    this.#writer.write(plane, grid)
  }

  moveCells(plane: PixelPlane, moves: CellMoves, cell: number, scale: number): void {
    this.#mover.move(plane, moves, cell, scale)
  }
}

/** Makes a kernel in plain TypeScript for frames of this size. */
export function plainKernel(width: number, height: number): PixelKernel {
  return new PlainKernel(width, height)
}
