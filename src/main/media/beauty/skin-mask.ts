import type { BoxBlur } from './box-blur'
import type { FaceRegion } from './face-region'
import { middleOf } from './face-region'
import { LEFT_BROW, LEFT_EYE, LIPS_OUTER, OVAL, RIGHT_BROW, RIGHT_EYE } from './mesh-indices'
import { fillPolygon } from './polygon-fill'
import { gateBySkinTone, skinToneOf, type SkinTone } from './skin-tone'
import type { WorkingGrid } from './working-grid'

/** What is no skin, with its growth in the face's own axes: across, along. */
const HOLES: [outline: readonly number[], across: number, along: number][] = [
  [RIGHT_EYE, 1.2, 1.6],
  [LEFT_EYE, 1.2, 1.6],
  [RIGHT_BROW, 1.12, 1.5],
  [LEFT_BROW, 1.12, 1.5],
  [LIPS_OUTER, 1.04, 1.08],
]
/** The mesh ends below the hairline; so much of the face's height is added above it (media.md 3.1). */
const FOREHEAD = 0.2
/** Radius of the soft edge in face widths; blurred twice. */
const EDGE = 0.012

/**
 * Fills `grid.skin` (the face without eyes, brows and lips), `grid.tone` (the same and ears and neck, fading out) and
 * `grid.weight`. Both masks are 0 at the border of the region, except where that is the border of the frame.
 *
 * @returns the tone of the skin; null when none can be seen
 */
export function maskSkin(grid: WorkingGrid, region: FaceRegion, blur: BoxBlur): SkinTone | null {
  const skinTone = skinToneOf(grid, region)
  if (Number.isNaN(skinTone.luma)) return null
  const { width, height, skin, tone, weight } = grid
  const count = width * height
  const [holes, gate] = grid.scratch as [Float32Array, Float32Array]
  skin.fill(0, 0, count)
  fillPolygon(skin, width, height, faceOutline(region), 1)
  holes.fill(0, 0, count)
  for (const [indices, across, along] of HOLES)
    fillPolygon(holes, width, height, grownOutline(region, indices, across, along), 1)
  gateBySkinTone(grid, skinTone, gate)
  for (let i = 0; i < count; i++) {
    const open = holes[i]! >= 1 ? 0 : 1 - holes[i]!
    skin[i]! *= open
    weight[i] = gate[i]! * open
    gate[i] = weight[i]!
  }
  const radius = Math.max(1, Math.round((EDGE * region.faceWidth) / region.step))
  for (let pass = 0; pass < 2; pass++) {
    blur.apply(skin, width, height, radius)
    blur.apply(gate, width, height, radius)
  }
  spreadTone(grid, region, tone)
  for (let i = 0; i < count; i++) {
    const fade = tone[i]!
    skin[i]! *= gate[i]! * (fade < 0.2 ? 5 * fade : 1)
    tone[i] = fade * gate[i]!
  }
  return skinTone
}

/** 1 over the face, falling smoothly to 0 at the ellipse of the region. */
function spreadTone(grid: WorkingGrid, region: FaceRegion, target: Float32Array): void {
  const { across, up, centre, reach, step } = region
  const ax = (across[0] * step) / reach[0]
  const ay = (across[1] * step) / reach[0]
  const bx = (up[0] * step) / reach[1]
  const by = (up[1] * step) / reach[1]
  const dx = 0.5 + (region.left - centre[0]) / step
  const dy = 0.5 + (region.top - centre[1]) / step
  let at = 0
  for (let y = 0; y < grid.height; y++) {
    let p = dx * ax + (y + dy) * ay
    let q = dx * bx + (y + dy) * by
    for (let x = 0; x < grid.width; x++, at++, p += ax, q += bx) {
      const distance = p * p + q * q
      if (distance >= 1) target[at] = 0
      else {
        const t = Math.min((1 - distance) * 1.9, 1)
        target[at] = t * t * (3 - 2 * t)
      }
    }
  }
}

/** The oval in samples of the grid, with the forehead stretched up to the hairline. */
function faceOutline(region: FaceRegion): Float32Array {
  const { points, up, faceHeight } = region
  const [mx, my] = middleOf(points, OVAL)
  return outlineOf(region, OVAL, (x, y) => {
    const height = ((x - mx) * up[0] + (y - my) * up[1]) / faceHeight
    const lift = height > 0.2 ? (FOREHEAD * faceHeight * Math.min(height - 0.2, 0.3)) / 0.3 : 0
    return [x + up[0] * lift, y + up[1] * lift]
  })
}

/** An outline in samples of the grid, grown from its middle along the axes of the face. */
function grownOutline(region: FaceRegion, indices: readonly number[], across: number, along: number): Float32Array {
  const [mx, my] = middleOf(region.points, indices)
  const [ax, ay] = region.across
  const [ux, uy] = region.up
  return outlineOf(region, indices, (x, y) => {
    const p = ((x - mx) * ax + (y - my) * ay) * across
    const q = ((x - mx) * ux + (y - my) * uy) * along
    return [mx + p * ax + q * ux, my + p * ay + q * uy]
  })
}

function outlineOf(
  { points, left, top, step }: FaceRegion,
  indices: readonly number[],
  move: (x: number, y: number) => [number, number],
): Float32Array {
  const outline = new Float32Array(indices.length * 2)
  indices.forEach((index, i) => {
    const [x, y] = move(points[index * 3]!, points[index * 3 + 1]!)
    outline[2 * i] = (x - left) / step
    outline[2 * i + 1] = (y - top) / step
  })
  return outline
}
