import type { WorkingGrid } from './working-grid'

const BLACK = 16
const RANGE = 219
/** Strongest lift of the middle tones (media.md 3.1, the TypeScript formula there). */
const LIFT = 0.45
/** Shares of the way to colourless U and to a slight rose V. */
const TOWARDS_GREY = 0.12
const TOWARDS_ROSE = 0.07
const GREY = 128
const ROSE = 132

/**
 * Lightens the skin: x += 0.45 strength x (1 - x) (1.15 - 0.3 x), x the luma from black 0 to white 1, taken as its
 * tangent at the mean near by, so that it becomes part of gain and offset.
 */
export function whitenLuma(grid: WorkingGrid, strength: number): void {
  const { luma, tone, gain, offset } = grid
  const count = grid.width * grid.height
  const lift = LIFT * strength
  for (let i = 0; i < count; i++) {
    const mask = tone[i]! * lift
    if (mask === 0) continue
    const light = luma[i]!
    const x = Math.min(Math.max((light - BLACK) / RANGE, 0), 1)
    const rise = x * (1 - x) * (1.15 - 0.3 * x) * RANGE
    const slope = 1.15 - 2.9 * x + 0.9 * x * x
    gain[i]! += mask * slope
    offset[i]! += mask * (rise - slope * light)
  }
}

/** Takes a little of the colour with it, as lighter skin has less. */
export function whitenChroma(grid: WorkingGrid, plane: 'u' | 'v', strength: number): void {
  const { tone, gain, offset } = grid
  const count = grid.width * grid.height
  const share = (plane === 'u' ? TOWARDS_GREY : TOWARDS_ROSE) * strength
  const target = plane === 'u' ? GREY : ROSE
  for (let i = 0; i < count; i++) {
    const mask = share * tone[i]!
    gain[i]! -= mask
    offset[i]! += mask * target
  }
}
