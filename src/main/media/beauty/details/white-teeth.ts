import { smoothStep, type FaceRegion } from '../face-region'
import { LIPS_INNER } from '../mesh-indices'
import type { RegionPlanes } from '../region-planes'
import type { SkinTone } from '../skin-tone'
import { distanceOf, PixelPatch, placeOutline } from './pixel-patch'

/** Middle and corners of the inner lips. */
const LIPS = [13, 14] as const
const CORNERS = [78, 308] as const
/** Height over width of the opening from which a mouth begins to be open, and from which it is. */
const CLOSED = 0.03
const OPEN = 0.09
/** Where a tooth ends and where lips and gums begin, in distances of the skin's V from grey. */
const TOOTH = 0.5
const GUMS = 0.95
/** Share of the yellow and of the red that goes, and of the way to the lightest tooth. */
const LESS_YELLOW = 0.55
const LESS_RED = 0.4
const LIGHTEN = 0.35
/** The most in luma, and the lightest a tooth may be beside this skin: teeth do not glow. */
const MOST = 20
const LIGHTEST = 1.15
const GREY = 128

const outline = new Float32Array(2 * LIPS_INNER.length)
const patch = new PixelPatch()

/** Lighter and less yellow teeth: only what has their colour inside of the inner lips. @param strength 0..1 */
export function whitenTeeth(planes: RegionPlanes, region: FaceRegion, tone: SkinTone, strength: number): void {
  const { points, left, top } = region
  const width = distanceOf(points, ...CORNERS)
  const open = smoothStep(CLOSED, OPEN, distanceOf(points, ...LIPS) / Math.max(width, 1))
  if (open <= 0 || width < 12) return
  if (patch.draw(placeOutline(outline, points, LIPS_INNER, left, top, 1), planes.y))
    whiten(planes, tone, strength * open)
}

function whiten({ y: luma, u, v }: RegionPlanes, tone: SkinTone, strength: number): void {
  const brightest = patch.percentile(0.9) - 16
  // A dark opening shows no teeth.
  const sure = strength * smoothStep(0.45, 0.65, brightest / Math.max(tone.luma - 16, 1))
  if (sure <= 0) return
  const red = Math.max(tone.v - GREY, 6)
  const lightest = Math.min(16 + LIGHTEST * (tone.luma - 16) + 10, 225)
  const { cover, width, height } = patch
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const own = y * width + x
      if (cover[own]! + cover[own + 1]! + cover[own + width]! + cover[own + width + 1]! === 0) continue
      const chroma = ((patch.top + y) >> 1) * u.stride + ((patch.left + x) >> 1)
      const ownRed = v.pixels[v.start + chroma]! - GREY
      const colour = 1 - smoothStep(TOOTH * red, GUMS * red, ownRed)
      if (colour <= 0) continue
      const at = luma.start + (patch.top + y) * luma.stride + patch.left + x
      let tooth = 0
      for (let i = 0; i < 4; i++) {
        const inside = cover[own + (i & 1) + (i >> 1) * width]!
        if (inside <= 0) continue
        const place = at + (i & 1) + (i >> 1) * luma.stride
        const value = luma.pixels[place]!
        const share = inside * colour * smoothStep(0.5, 0.75, (value - 16) / brightest)
        tooth += 0.25 * share
        const lift = Math.min(LIGHTEN * Math.max(lightest - value, 0), MOST)
        luma.pixels[place] = value + Math.round(share * sure * lift)
      }
      if (tooth <= 0) continue
      const blue = u.pixels[u.start + chroma]!
      if (blue < GREY) u.pixels[u.start + chroma] = blue + Math.round(LESS_YELLOW * sure * tooth * (GREY - blue))
      if (ownRed > 0) v.pixels[v.start + chroma] = GREY + ownRed - Math.round(LESS_RED * sure * tooth * ownRed)
    }
  }
}
