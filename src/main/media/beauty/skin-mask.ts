import { middleOf, type FaceRegion } from './face-region'
import { LEFT_BROW, LEFT_EYE, LIPS_OUTER, NOSTRILS, OVAL, RIGHT_BROW, RIGHT_EYE } from './mesh-indices'
import type { PixelKernel, ToneFade } from './pixel-kernel'
import { fillPolygon } from './polygon-fill'
import { skinGateOf, skinToneOf, type SkinTone } from './skin-tone'
import type { WorkingGrid } from './working-grid'

/** What is no skin, with its growth in the face's own axes: across, along. */
const HOLES = [
  hole(RIGHT_EYE, 1.2, 1.6),
  hole(LEFT_EYE, 1.2, 1.6),
  hole(RIGHT_BROW, 1.12, 1.5),
  hole(LEFT_BROW, 1.12, 1.5),
  hole(LIPS_OUTER, 1.04, 1.08),
  ...NOSTRILS.map((nostril) => hole(nostril, 1.35, 1.5)),
]
/** What keeps its tone: no more than eyes and lips, so that no rim of the old tone stays around them. */
const TONELESS = [hole(RIGHT_EYE, 1, 1), hole(LEFT_EYE, 1, 1), hole(LIPS_OUTER, 0.98, 0.96)]
const faceOutline = new Float32Array(OVAL.length * 2)
/** The mesh ends below the hairline; so much of the face's height is added above it (media.md 3.1). */
const FOREHEAD = 0.2
/** Radius of the soft edge in face widths; blurred twice. */
const EDGE = 0.012
/** Radius in face widths over which texture is judged. */
const ROUGHNESS = 0.024

/**
 * Fills `grid.skin` (the face without eyes, brows and lips), `grid.tone` (the same and ears and neck, fading out) and
 * `grid.weight`. Both masks are 0 at the border of the region, except where that is the border of the frame.
 *
 * @returns the tone of the skin; null when none can be seen
 */
export function maskSkin(kernel: PixelKernel, grid: WorkingGrid, region: FaceRegion): SkinTone | null {
  const skinTone = skinToneOf(grid, region)
  if (!skinTone) return null
  const { width, height, skin, gate, holes, toneless, texture } = grid
  const count = width * height
  skin.fill(0, 0, count)
  holes.fill(0, 0, count)
  fillPolygon(skin, width, height, drawFace(region), 1)
  toneless.fill(0, 0, count)
  drawHoles(HOLES, holes, grid, region)
  drawHoles(TONELESS, toneless, grid, region)
  openTexture(grid)
  // A thin line or a spot is not rough: only what is rough as far as this is hair or fabric.
  kernel.blur(texture, width, height, Math.max(2, Math.round((ROUGHNESS * region.faceWidth) / region.step)))
  kernel.fadeTone(grid, toneFadeOf(region))
  kernel.gateSkin(grid, skinGateOf(skinTone))
  const radius = Math.max(1, Math.round((EDGE * region.faceWidth) / region.step))
  for (let pass = 0; pass < 2; pass++) {
    kernel.blur(skin, width, height, radius)
    kernel.blur(gate, width, height, radius)
  }
  kernel.closeMasks(grid)
  return skinTone
}

/** The edges of eyes, brows and lips say nothing about the skin beside them. */
function openTexture({ width, height, holes, texture }: WorkingGrid): void {
  let [top, bottom] = [height, 0]
  for (const { outline } of HOLES) {
    for (let i = 1; i < outline.length; i += 2) {
      top = Math.min(top, outline[i]!)
      bottom = Math.max(bottom, outline[i]!)
    }
  }
  const end = Math.min(Math.ceil(bottom), height) * width
  for (let i = Math.max(Math.floor(top), 0) * width; i < end; i++) if (holes[i]! > 0) texture[i] = 0
}

function drawHoles(list: typeof HOLES, plane: Float32Array, { width, height }: WorkingGrid, region: FaceRegion): void {
  for (const { outline, indices, across, along } of list) {
    drawGrown(outline, region, indices, across, along)
    fillPolygon(plane, width, height, outline, 1)
  }
}

function hole(indices: readonly number[], across: number, along: number) {
  return { indices, across, along, outline: new Float32Array(indices.length * 2) }
}

/** Distance from the middle of the face, in half axes of its region. */
function toneFadeOf({ left, top, across, up, centre, reach, step }: FaceRegion): ToneFade {
  const px = (across[0] * step) / reach[0]
  const py = (across[1] * step) / reach[0]
  const qx = (up[0] * step) / reach[1]
  const qy = (up[1] * step) / reach[1]
  const dx = 0.5 + (left - centre[0]) / step
  const dy = 0.5 + (top - centre[1]) / step
  return { p0: dx * px + dy * py, px, py, q0: dx * qx + dy * qy, qx, qy }
}

/** The oval in samples of the grid, with the forehead stretched up to the hairline. */
function drawFace({ points, left, top, step, up, faceHeight }: FaceRegion): Float32Array {
  const [mx, my] = middleOf(points, OVAL)
  for (let i = 0; i < OVAL.length; i++) {
    const x = points[OVAL[i]! * 3]!
    const y = points[OVAL[i]! * 3 + 1]!
    const height = ((x - mx) * up[0] + (y - my) * up[1]) / faceHeight
    const lift = height > 0.2 ? (FOREHEAD * faceHeight * Math.min(height - 0.2, 0.3)) / 0.3 : 0
    faceOutline[2 * i] = (x + up[0] * lift - left) / step
    faceOutline[2 * i + 1] = (y + up[1] * lift - top) / step
  }
  return faceOutline
}

/** An outline in samples of the grid, grown from its middle along the axes of the face. */
function drawGrown(
  outline: Float32Array,
  { points, left, top, step, across: [ax, ay], up: [ux, uy] }: FaceRegion,
  indices: readonly number[],
  across: number,
  along: number,
): void {
  const [mx, my] = middleOf(points, indices)
  for (let i = 0; i < indices.length; i++) {
    const dx = points[indices[i]! * 3]! - mx
    const dy = points[indices[i]! * 3 + 1]! - my
    const p = (dx * ax + dy * ay) * across
    const q = (dx * ux + dy * uy) * along
    outline[2 * i] = (mx + p * ax + q * ux - left) / step
    outline[2 * i + 1] = (my + p * ay + q * uy - top) / step
  }
}
