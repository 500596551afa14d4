import type { ChromaChange } from '../pixel-kernel'
import type { WorkingGrid } from '../working-grid'

/** Weight of what is no skin: a mean over nothing but such samples still is one. */
const LEAST_WEIGHT = 1e-3
/** How much of the texture that is finer than a sample counts as difference between samples. */
const TEXTURE = 2
const BLACK = 16
const RANGE = 219

/** See `PixelKernel.weighLuma`. */
export function weighLuma(grid: WorkingGrid, usual: number): void {
  const { width, height, luma, texture, weight, total, mean, square } = grid
  const count = width * height
  for (let i = 0; i < count; i++) {
    const w = weight[i]! + LEAST_WEIGHT
    const light = luma[i]!
    total[i] = w
    mean[i] = w * light
    square[i] = w * (light * light + TEXTURE * Math.max(texture[i]! - usual, 0))
  }
}

/** See `PixelKernel.fitLuma`. */
export function fitLuma({ width, height, weight, total, mean, square }: WorkingGrid, noise: number): void {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const over = 1 / total[i]!
    const average = mean[i]! * over
    const variance = Math.max(square[i]! * over - average * average, 0)
    const w = weight[i]! + LEAST_WEIGHT
    const slope = (variance * variance) / (variance * variance + noise * noise)
    square[i] = w * slope
    mean[i] = w * average * (1 - slope)
  }
}

/** See `PixelKernel.smoothLuma`: Y - fine * (1 - slope) * (Y - luma) - middle * (luma - even). */
export function smoothLuma(grid: WorkingGrid, fine: number, middle: number): void {
  const { width, height, luma, skin, gain, offset, total, mean, square } = grid
  const count = width * height
  for (let i = 0; i < count; i++) {
    const light = luma[i]!
    const over = 1 / total[i]!
    const slope = square[i]! * over
    const even = slope * light + mean[i]! * over
    const share = fine * (1 - slope)
    const mask = skin[i]!
    gain[i] = -mask * share
    offset[i] = mask * (share * light + middle * (even - light))
  }
}

/** See `PixelKernel.whitenLuma`. */
export function whitenLuma(grid: WorkingGrid, lift: number): void {
  const { width, height, luma, tone, gain, offset } = grid
  const count = width * height
  for (let i = 0; i < count; i++) {
    const white = tone[i]! * lift
    if (white <= 0) continue
    const light = luma[i]!
    const x = Math.min(Math.max((light - BLACK) / RANGE, 0), 1)
    const rise = x * (1 - x) * (1.15 - 0.3 * x) * RANGE
    const slope = 1.15 - 2.9 * x + 0.9 * x * x
    const grown = 1 + white * slope
    gain[i] = grown * (1 + gain[i]!) - 1
    offset[i] = grown * offset[i]! + white * (rise - slope * light)
  }
}

/** See `PixelKernel.weighChroma`. */
export function weighChroma({ width, height, u, v, weight, total, mean, square }: WorkingGrid): void {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const w = weight[i]! + LEAST_WEIGHT
    total[i] = w
    mean[i] = w * u[i]!
    square[i] = w * v[i]!
  }
}

/** See `PixelKernel.changeChroma`. */
export function changeChroma(grid: WorkingGrid, plane: 'u' | 'v', change: ChromaChange): void {
  const { width, height, skin, tone, redness, gain, offset, total } = grid
  const { even, tint, target, shift } = change
  const mean = plane === 'u' ? grid.mean : grid.square
  const count = width * height
  for (let i = 0; i < count; i++) {
    const fade = tone[i]!
    const smoothed = even * skin[i]!
    const mask = smoothed + redness[i]! * (1 - smoothed)
    const tinted = tint * fade
    const kept = 1 - tinted
    gain[i] = (1 - mask) * kept - 1
    offset[i] = (kept * mask * mean[i]!) / total[i]! + tinted * target + fade * shift
  }
}
