import type { FaceRegion } from './face-region'
import type { PixelKernel } from './pixel-kernel'
import type { RegionPlanes } from './region-planes'
import type { WorkingGrid } from './working-grid'

/** Radius of the self-guided filter in face widths: what is smaller than this is evened out. */
const RADIUS = 0.03
/** Share of the finest band (pores, grain) that goes at full strength; the rest keeps the skin from looking like wax. */
const FINE = 0.45
/** Share of the middle band (blotches, lines) that goes at full strength. */
const MIDDLE = 1
/** Share of the colour differences that goes at full strength. */
const COLOUR = 0.7
/** Strongest lift of the middle tones (media.md 3.1, the TypeScript formula there). */
const LIFT = 0.45
/** Shares of the way to colourless U and to a slight rose V: lighter skin has a little less colour. */
const TOWARDS_GREY = 0.12
const TOWARDS_ROSE = 0.07
const GREY = 128
const ROSE = 132

/**
 * Evens out and lightens the skin of a grid with masks, and writes it into the picture.
 *
 * Luma is smoothed in two bands. The middle one (luma of the grid minus its self-guided filter, He et al. 2010) holds
 * blotches and lines and goes nearly whole; the fine one (the pixels minus the grid) holds pores and grain and mostly
 * stays. U and V go towards their mean near by: redness and spots. Means are over skin only, so that hair, brows and
 * lips do not leak into it.
 *
 * Whitening is x += 0.45 strength x (1 - x) (1.15 - 0.3 x), x the luma from black 0 to white 1, taken as its tangent
 * at the mean near by, so that it becomes part of gain and offset.
 *
 * @param smooth, whiten strengths, 0..1
 */
export function retouchSkin(
  kernel: PixelKernel,
  grid: WorkingGrid,
  planes: RegionPlanes,
  region: FaceRegion,
  smooth: number,
  whiten: number,
): void {
  const { width, height, total, mean, square } = grid
  const reach = (RADIUS * region.faceWidth) / region.step
  const lumaRadius = Math.max(2, Math.round(reach))
  kernel.weighLuma(grid)
  kernel.blur(total, width, height, lumaRadius)
  kernel.blur(mean, width, height, lumaRadius)
  kernel.blur(square, width, height, lumaRadius)
  kernel.fitLuma(grid, 15 + 250 * smooth)
  kernel.blur(mean, width, height, lumaRadius)
  kernel.blur(square, width, height, lumaRadius)
  kernel.changeLuma(grid, FINE * smooth, MIDDLE * Math.min(1, 1.4 * smooth), LIFT * whiten)
  kernel.addChange(planes.y, grid)

  const chromaRadius = Math.max(2, Math.round(1.5 * reach))
  kernel.weighChroma(grid)
  kernel.blur(total, width, height, chromaRadius)
  kernel.blur(mean, width, height, chromaRadius)
  kernel.blur(square, width, height, chromaRadius)
  kernel.changeChroma(grid, 'u', COLOUR * smooth, TOWARDS_GREY * whiten, GREY)
  kernel.addChange(planes.u, grid)
  kernel.changeChroma(grid, 'v', COLOUR * smooth, TOWARDS_ROSE * whiten, ROSE)
  kernel.addChange(planes.v, grid)
}
