import { smoothStep, type FaceRegion } from '../face-region'
import { LEFT_EYE, RIGHT_EYE } from '../mesh-indices'
import type { RegionPlanes } from '../region-planes'
import type { SkinTone } from '../skin-tone'
import { distanceOf, PixelPatch, placeOutline } from './pixel-patch'

/** Corners and middle of the lids of each eye. */
const EYES = [
  { outline: RIGHT_EYE, corners: [33, 133], lids: [159, 145] },
  { outline: LEFT_EYE, corners: [263, 362], lids: [386, 374] },
] as const
/** Height over width of the opening from which an eye begins to be open, and from which it is. */
const CLOSED = 0.1
const OPEN = 0.2
/** The lids throw a shadow and hold the lashes: the outline is drawn in a little. */
const INSIDE = 0.96
/** Share of the way to white, and the most in luma. */
const LIGHTEN = 0.3
const LIGHTEST = 228
const MOST = 24
/** How much darker the dark of the iris becomes, as a share of its distance from the middle. */
const DEEPEN = 0.22
/** Share of the red, and of the yellow, that goes from the white. */
const LESS_RED = 0.6
const LESS_YELLOW = 0.25
const GREY = 128
/** Where the white of an eye ends and where lids begin, in distances of the skin's V from grey. */
const WHITE = 0.45
const LID = 0.85

const outline = new Float32Array(2 * RIGHT_EYE.length)
const patch = new PixelPatch()

/** Lighter, less red whites of the eyes, and clearer irises; never outside of the opening. @param strength 0..1 */
export function brightenEyes(planes: RegionPlanes, region: FaceRegion, tone: SkinTone, strength: number): void {
  const { points, left, top } = region
  for (const eye of EYES) {
    const width = distanceOf(points, eye.corners[0], eye.corners[1])
    const open = smoothStep(CLOSED, OPEN, distanceOf(points, eye.lids[0], eye.lids[1]) / Math.max(width, 1))
    if (open <= 0 || width < 8) continue
    if (!patch.draw(placeOutline(outline, points, eye.outline, left, top, INSIDE), planes.y)) continue
    brighten(planes, tone, strength * open)
  }
}

function brighten({ y: luma, u, v }: RegionPlanes, tone: SkinTone, strength: number): void {
  const dark = patch.percentile(0.15)
  const light = patch.percentile(0.85)
  // Behind dark glasses, and in deep shadow, there is no white to be found.
  const sure = strength * smoothStep(14, 34, light - dark)
  if (sure <= 0) return
  const middle = (dark + light) / 2
  const skinRed = Math.max(tone.v - GREY, 6)
  const { cover, width, height } = patch
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const own = y * width + x
      if (cover[own]! + cover[own + 1]! + cover[own + width]! + cover[own + width + 1]! === 0) continue
      const at = luma.start + (patch.top + y) * luma.stride + patch.left + x
      const chroma = ((patch.top + y) >> 1) * u.stride + ((patch.left + x) >> 1)
      const red = v.pixels[v.start + chroma]!
      const colour = 1 - smoothStep(WHITE * skinRed, LID * skinRed, red - GREY)
      let white = 0
      for (let i = 0; i < 4; i++) {
        const inside = cover[own + (i & 1) + (i >> 1) * width]!
        if (inside <= 0) continue
        const place = at + (i & 1) + (i >> 1) * luma.stride
        const value = luma.pixels[place]!
        const share = colour * smoothStep(middle, light, value)
        white += 0.25 * inside * share
        const lift = share * Math.min(LIGHTEN * Math.max(LIGHTEST - value, 0), MOST)
        const deepen = DEEPEN * Math.min(Math.max(middle - value, 0), value - dark > 0 ? value - dark : 0)
        luma.pixels[place] = value + Math.round(inside * sure * (lift - deepen))
      }
      if (white <= 0) continue
      const blue = u.pixels[u.start + chroma]!
      if (red > GREY) v.pixels[v.start + chroma] = red - Math.round(LESS_RED * sure * white * (red - GREY))
      if (blue < GREY) u.pixels[u.start + chroma] = blue + Math.round(LESS_YELLOW * sure * white * (GREY - blue))
    }
  }
}
