/** How a surface answers light. */
export interface Material {
  /** Strength of the highlight, 0..1. */
  gloss: number
  /** Exponent of the highlight as a power of two: 3 is satin, 6 is lacquer. */
  sharpness: number
  /** Light along the silhouette, as fur and velvet have it, 0..1. */
  rim: number
  /** Share of the light that mirrors the room instead of being scattered, 0..1. */
  mirror: number
  /** The mirrored room takes the surface's colour. */
  metal: boolean
  /** Share of the colour that shines by itself, 0..1. */
  glow: number
}

const plain: Material = { gloss: 0.15, sharpness: 4, rim: 0.15, mirror: 0, metal: false, glow: 0 }

export const MATERIALS = {
  acetate: { ...plain, gloss: 0.5, sharpness: 5, rim: 0.02, mirror: 0.35 },
  gold: { ...plain, gloss: 0.7, sharpness: 5, rim: 0.1, mirror: 0.75, metal: true },
  gem: { ...plain, gloss: 1, sharpness: 5, mirror: 0.4, rim: 0.25, glow: 0.25 },
  fur: { ...plain, gloss: 0.04, sharpness: 2, rim: 0.4 },
  felt: { ...plain, gloss: 0.08, sharpness: 3, rim: 0.35 },
  satin: { ...plain, gloss: 0.35, sharpness: 4, rim: 0.3 },
  wet: { ...plain, gloss: 0.9, sharpness: 5, rim: 0.2, mirror: 0.12 },
  petal: { ...plain, gloss: 0.08, sharpness: 3, rim: 0.22, glow: 0.1 },
  paper: { ...plain, gloss: 0.22, sharpness: 4, rim: 0.15, glow: 0.06 },
  horn: { ...plain, gloss: 0.55, sharpness: 5, rim: 0.3, mirror: 0.06 },
  lens: { ...plain, gloss: 0.012, sharpness: 6, rim: 0, mirror: 0.05 },
  shade: { ...plain, gloss: 0, rim: 0 },
} as const satisfies Record<string, Material>
