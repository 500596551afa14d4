import type { WorkingGrid } from '../working-grid'

/** Weight of what is no skin: a mean over nothing but such samples still is one. */
const LEAST_WEIGHT = 1e-3
const BLACK = 16
const RANGE = 219

/** See `PixelKernel.weighLuma`. */
export function weighLuma({ width, height, luma, weight, total, mean, square }: WorkingGrid): void {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const w = weight[i]! + LEAST_WEIGHT
    const light = luma[i]!
    total[i] = w
    mean[i] = w * light
    square[i] = w * light * light
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
    const slope = variance / (variance + noise)
    square[i] = w * slope
    mean[i] = w * average * (1 - slope)
  }
}

/** See `PixelKernel.changeLuma`: Y - fine * (Y - luma) - middle * (luma - even), and the tangent of whitening. */
export function changeLuma(grid: WorkingGrid, fine: number, middle: number, lift: number): void {
  const { width, height, luma, skin, tone, gain, offset, total, mean, square } = grid
  const count = width * height
  for (let i = 0; i < count; i++) {
    const light = luma[i]!
    const even = (square[i]! * light + mean[i]!) / total[i]!
    const mask = skin[i]!
    const white = tone[i]! * lift
    const x = Math.min(Math.max((light - BLACK) / RANGE, 0), 1)
    const rise = x * (1 - x) * (1.15 - 0.3 * x) * RANGE
    const slope = 1.15 - 2.9 * x + 0.9 * x * x
    gain[i] = white * slope - mask * fine
    offset[i] = mask * (fine * light + middle * (even - light)) + white * (rise - slope * light)
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
export function changeChroma(grid: WorkingGrid, plane: 'u' | 'v', even: number, tint: number, target: number): void {
  const { width, height, skin, tone, gain, offset, total } = grid
  const mean = plane === 'u' ? grid.mean : grid.square
  const count = width * height
  for (let i = 0; i < count; i++) {
    const mask = even * skin[i]!
    const tinted = tint * tone[i]!
    gain[i] = -mask - tinted
    offset[i] = (mask * mean[i]!) / total[i]! + tinted * target
  }
}
