import { drawLines } from './details/face-lines'
import type { UnderEyes } from './details/under-eyes'
import type { FaceRegion } from './face-region'
import type { PixelKernel } from './pixel-kernel'
import type { RegionPlanes } from './region-planes'
import type { RetouchStrengths } from './retouch-strengths'
import { colourOf, lightOf, type SkinTone } from './skin-tone'
import type { WorkingGrid } from './working-grid'

/** Radius of the self-guided filter in face widths: what is smaller than this is evened out. */
const RADIUS = 0.03
/** How far around a dip the skin is looked at, in face widths: a little more than a pimple or a fold is wide. */
const DIP_RADIUS = 0.03
/** Share of the finest band (pores, grain) that goes at full strength; the rest keeps the skin from looking like wax. */
const FINE = 0.4
/** Share of the middle band (blotches, lines) that goes at full strength. */
const MIDDLE = 0.9
/** Share of the colour differences that goes at full strength. */
const COLOUR = 0.7
/** Strongest lift of the middle tones (media.md 3.1, the TypeScript formula there). */
const LIFT = 0.45
/** Shares of the way to colourless U and to a slight rose V: lighter skin has a little less colour. */
const TOWARDS_GREY = 0.12
const TOWARDS_ROSE = 0.07
const GREY = 128
const ROSE = 132
/** Change of U and V at full strength in good light: rosy, and from the middle to warm (cool is the other way). */
const ROSY = { u: 0.5, v: 4.5 }
const WARM = { u: -7, v: 3.5 }
/** A dip as deep as this share of the skin's light is a nostril, a mole or hair, and stays. */
const DEEPEST = 0.3
/** Share of the shine that goes, and where it begins between the skin's own luma and white. */
const SHINE = 0.75
const SHINE_FROM = 0.12

/**
 * Evens out, lightens and tints the skin of a grid with masks, and writes it into the picture.
 *
 * Luma is smoothed in two bands. The middle one (luma of the grid minus its self-guided filter, He et al. 2010) holds
 * blotches and lines and goes nearly whole; the fine one (the pixels minus the grid) holds pores and grain and mostly
 * stays. U and V go towards their mean near by: redness and spots. Means are over skin only, so that hair, brows and
 * lips do not leak into it.
 *
 * Whitening is x += 0.45 strength x (1 - x) (1.15 - 0.3 x), x the luma from black 0 to white 1, taken as its tangent
 * at the mean near by, so that it becomes part of gain and offset.
 */
export function retouchSkin(
  kernel: PixelKernel,
  grid: WorkingGrid,
  planes: RegionPlanes,
  region: FaceRegion,
  tone: SkinTone,
  underEyes: UnderEyes,
  strengths: RetouchStrengths,
): void {
  const { width, height, total, mean, square } = grid
  const { smooth, whiten } = strengths
  const light = lightOf(tone)
  const reach = (RADIUS * region.faceWidth) / region.step
  const lumaRadius = Math.max(2, Math.round(reach))
  kernel.weighLuma(grid, 2 * tone.texture + 6 * light)
  kernel.blur(total, width, height, lumaRadius)
  kernel.blur(mean, width, height, lumaRadius)
  kernel.blur(square, width, height, lumaRadius)
  kernel.fitLuma(grid, (10 + 90 * smooth) * (0.4 + 0.6 * light))
  kernel.blur(mean, width, height, lumaRadius)
  kernel.blur(square, width, height, lumaRadius)
  kernel.smoothLuma(grid, FINE * smooth, MIDDLE * Math.min(1, 1.4 * smooth))
  liftFlaws(kernel, grid, region, tone, underEyes, strengths)
  if (strengths.underEye > 0) underEyes.lift(grid)
  if (whiten > 0) kernel.whitenLuma(grid, LIFT * whiten)
  kernel.addChange(planes.y, grid)

  const chromaRadius = Math.max(2, Math.round(1.5 * reach))
  kernel.weighChroma(grid)
  kernel.blur(total, width, height, chromaRadius)
  kernel.blur(mean, width, height, chromaRadius)
  kernel.blur(square, width, height, chromaRadius)
  const even = COLOUR * smooth
  const coloured = colourOf(tone)
  const tinting = coloured * Math.sqrt(light)
  for (const plane of ['u', 'v'] as const) {
    const shift = tinting * (ROSY[plane] * strengths.rosy + WARM[plane] * strengths.tone)
    const [tint, target] = plane === 'u' ? [TOWARDS_GREY, GREY] : [TOWARDS_ROSE, ROSE]
    kernel.changeChroma(grid, plane, { even, tint: coloured * tint * whiten, target, shift })
    if (strengths.underEye > 0) underEyes.recolour(grid, plane)
    kernel.addChange(planes[plane], grid)
  }
}

/** Spots, lines and shine: each goes towards the skin around it. */
function liftFlaws(
  kernel: PixelKernel,
  grid: WorkingGrid,
  region: FaceRegion,
  tone: SkinTone,
  underEyes: UnderEyes,
  { blemishes, wrinkles, smileLines, underEye, shine }: RetouchStrengths,
): void {
  const light = Math.sqrt(lightOf(tone))
  if (blemishes > 0 || wrinkles > 0 || smileLines > 0 || underEye > 0) {
    drawLines(grid, region, wrinkles, smileLines)
    if (underEye > 0) underEyes.place(grid, region, underEye)
    kernel.fillDips(grid, {
      radius: Math.max(3, Math.round((DIP_RADIUS * region.faceWidth) / region.step)),
      spots: blemishes,
      // Grain that is left in a sample makes dips as well.
      least: 1.2 * light + (1.2 * Math.sqrt(tone.texture)) / region.step,
      most: DEEPEST * (tone.luma - 16),
    })
  } else grid.redness.fill(0, 0, grid.width * grid.height)
  if (shine > 0) kernel.dullShine(grid, SHINE * shine, tone.luma + SHINE_FROM * (235 - tone.luma))
}
