import type { MattingKernel } from '../matting-kernel'
import { blur } from './box-mean'
import { composite } from './composite'
import { fit, multiply } from './guided-filter'
import { disc, enlarge, weigh } from './lens-blur'
import { halve, matte } from './matte'

/** The loops in TypeScript: what the fast ones are held against, and what works where those do not. */
export function plainMatting(): MattingKernel {
  return {
    name: 'plain',
    floats: (count) => new Float32Array(count),
    bytes: (count) => new Uint8Array(count),
    shrink,
    blur,
    multiply,
    fit,
    matte,
    halve,
    composite,
    weigh,
    disc,
    enlarge,
  }
}

function shrink(
  pixels: Uint8Array,
  stride: number,
  width: number,
  height: number,
  step: number,
  cells: Float32Array,
  columns: number,
): void {
  for (let top = 0, row = 0; top < height; top += step, row++) {
    for (let left = 0, column = 0; left < width; left += step, column++) {
      const [right, bottom] = [Math.min(left + step, width), Math.min(top + step, height)]
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += pixels[y * stride + x]!
      cells[row * columns + column] = sum / ((right - left) * (bottom - top))
    }
  }
}
