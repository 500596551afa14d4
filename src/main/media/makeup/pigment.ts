import type { FaceTone } from './face-tone'

/** A colour in limited-range BT.601. */
export interface Pigment {
  y: number
  u: number
  v: number
}

/** What full cover does to skin: luma grows by `gain` times itself (above black), chroma moves by du, dv. */
export interface Tint {
  gain: number
  du: number
  dv: number
}

/** Luma of light skin in good light: where a colour looks as it was chosen. */
const WELL_LIT = 150

/** @param hex `#rrggbb`. ITU-R BT.601, limited range */
export function pigmentOf(hex: string): Pigment {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]
  return {
    y: 16 + 0.256788 * r + 0.504129 * g + 0.097906 * b,
    u: 128 - 0.148223 * r - 0.290993 * g + 0.439216 * b,
    v: 128 + 0.439216 * r - 0.367788 * g - 0.071427 * b,
  }
}

/**
 * The luma a pigment has on this face: less where the skin is darker, be it by light or by nature. Not in proportion,
 * so that a colour still shows on deep skin.
 */
export function pigmentLuma({ y }: Pigment, { luma }: FaceTone): number {
  const exposure = Math.pow(Math.max(luma - 16, 4) / (WELL_LIT - 16), 0.7)
  return 16 + (y - 16) * Math.min(Math.max(exposure, 0.3), 1.2)
}

/** Chroma of well-lit skin, and how far a coloured light is followed that turns it elsewhere. */
const SKIN = { u: -14, v: 20 }
const CAST = 0.5
const MOST_CAST = 9
/** Chroma of a pigment so strong that it hides the colour of the light. */
const VIVID = 70

/**
 * A pigment in the light of a picture: skin that is yellower or redder than skin is says how the light, or the camera,
 * colours everything, most of all what has little colour of its own. Written to `out`.
 */
export function lightPigment(pigment: Pigment, tone: FaceTone, out: Pigment): Pigment {
  const shade = Math.min(Math.pow(Math.max(tone.luma - 16, 0) / (WELL_LIT - 16), 0.5), 1.1)
  const pale = Math.max(1 - Math.hypot(pigment.u - 128, pigment.v - 128) / VIVID, 0)
  out.y = pigment.y
  out.u = pigment.u + pale * castOf(tone.u - 128 - SKIN.u * shade)
  out.v = pigment.v + pale * castOf(tone.v - 128 - SKIN.v * shade)
  return out
}

function castOf(off: number): number {
  return Math.min(Math.max(CAST * off, -MOST_CAST), MOST_CAST)
}

/** Colour for skin: `cover` is how much of its luma, and `stain` how much of its chroma, the skin takes over. */
export function tintOf(pigment: Pigment, tone: FaceTone, cover: number, stain: number): Tint {
  const luma = tone.luma + (Math.min(pigmentLuma(pigment, tone), 1.1 * tone.luma) - tone.luma) * cover
  const shade = shadeOf(pigment, luma)
  return {
    gain: (luma - 16) / Math.max(tone.luma - 16, 4) - 1,
    du: (128 + (pigment.u - 128) * shade - tone.u) * stain,
    dv: (128 + (pigment.v - 128) * shade - tone.v) * stain,
  }
}

/** The share of its chroma that a pigment has at another luma: light scales both, deep skin lets more colour through. */
function shadeOf({ y }: Pigment, luma: number): number {
  return Math.min(Math.pow(Math.max(luma - 16, 0) / Math.max(y - 16, 4), 0.7), 1.15)
}
