import type { BoxBlur } from './box-blur'
import type { FaceRegion } from './face-region'
import type { WorkingGrid } from './working-grid'

/** Radius of the self-guided filter in face widths: what is smaller than this is evened out. */
const RADIUS = 0.03
/** Share of the finest band (pores, grain) that goes at full strength; the rest keeps the skin from looking like wax. */
const FINE = 0.45
/** Share of the middle band (blotches, lines) that goes at full strength. */
const MIDDLE = 1
/** Share of the colour differences that goes at full strength. */
const COLOUR = 0.7

/**
 * Evens out the skin in two bands. The middle one (luma of the grid minus its self-guided filter, He et al. 2010) holds
 * blotches and lines and goes nearly whole; the fine one (the pixels minus the grid) holds pores and grain and mostly
 * stays. Means are over skin only, so that hair, brows and lips do not leak into it. Sets gain and offset of luma and
 * keeps the local mean of skin in `scratch[1]`.
 */
export function smoothLuma(grid: WorkingGrid, region: FaceRegion, blur: BoxBlur, strength: number): void {
  const { width, height, luma, skin, weight, gain, offset } = grid
  const [total, mean, square] = grid.scratch as [Float32Array, Float32Array, Float32Array]
  const count = width * height
  const radius = Math.max(2, Math.round((RADIUS * region.faceWidth) / region.step))
  for (let i = 0; i < count; i++) {
    const w = weight[i]! + 1e-3
    const light = luma[i]!
    total[i] = w
    mean[i] = w * light
    square[i] = w * light * light
  }
  blur.apply(total, width, height, radius)
  blur.apply(mean, width, height, radius)
  blur.apply(square, width, height, radius)
  const noise = 15 + 250 * strength
  for (let i = 0; i < count; i++) {
    const over = 1 / total[i]!
    const average = mean[i]! * over
    const variance = Math.max(square[i]! * over - average * average, 0)
    const w = weight[i]! + 1e-3
    const slope = variance / (variance + noise)
    square[i] = w * slope
    mean[i] = w * average * (1 - slope)
  }
  blur.apply(square, width, height, radius)
  blur.apply(mean, width, height, radius)
  const fine = FINE * strength
  const middle = MIDDLE * Math.min(1, 1.4 * strength)
  for (let i = 0; i < count; i++) {
    const over = 1 / total[i]!
    const even = (square[i]! * luma[i]! + mean[i]!) * over
    const mask = skin[i]!
    // Y - fine * (Y - luma) - middle * (luma - even)
    gain[i] = -mask * fine
    offset[i] = mask * (fine * luma[i]! + middle * (even - luma[i]!))
  }
}

/** Evens out U or V of the skin towards its mean near by: redness and spots. Sets gain and offset of that plane. */
export function smoothChroma(
  grid: WorkingGrid,
  region: FaceRegion,
  blur: BoxBlur,
  plane: 'u' | 'v',
  strength: number,
): void {
  const { width, height, skin, weight, gain, offset } = grid
  const [total, mean] = grid.scratch as [Float32Array, Float32Array]
  const values = grid[plane]
  const count = width * height
  const radius = Math.max(2, Math.round((1.5 * RADIUS * region.faceWidth) / region.step))
  for (let i = 0; i < count; i++) {
    const w = weight[i]! + 1e-3
    total[i] = w
    mean[i] = w * values[i]!
  }
  blur.apply(total, width, height, radius)
  blur.apply(mean, width, height, radius)
  const share = COLOUR * strength
  for (let i = 0; i < count; i++) {
    const mask = share * skin[i]!
    gain[i] = -mask
    offset[i] = (mask * mean[i]!) / total[i]!
  }
}
