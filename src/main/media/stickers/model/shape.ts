import type { Anchor } from './anchor'
import type { Material } from './material'

/** A piece of a sticker that shares a material and moves as one. */
export interface Part {
  material: Material
  anchor: Anchor
  /** Centimetres that it is held nearer to the camera when it is compared with the head, so that skin does not cut it. */
  lift: number
  /** Uses the opacity of its vertices; drawn before what is opaque, which may cover it. */
  blend: boolean
  /** Its outline is softened; needless where it is covered or fades out by itself. */
  soft: boolean
  /** Not seen itself, but hides what lies behind it: hair inside of a crown. */
  hides: boolean
  sway: Sway | null
  firstVertex: number
  endVertex: number
  firstTriangle: number
  endTriangle: number
  firstEdge: number
  endEdge: number
}

/** Idle motion: a turn in the picture plane about a point of the head, now and then. */
export interface Sway {
  pivot: readonly [number, number, number]
  /** Largest turn, radians. */
  angle: number
  /** Time between two twitches, milliseconds. */
  periodMs: number
  /** Share of the period by which it comes later. */
  phase: number
}

/** Triangle meshes in head coordinates (centimetres, see `CanonicalHead`), ready to be drawn. */
export interface Shape {
  parts: readonly Part[]
  /** x, y, z. */
  positions: Float32Array
  /** Unit vectors. */
  normals: Float32Array
  /** Red, green, blue, linear (display value squared), 0..1. */
  colours: Float32Array
  /** Opacity 0..1. */
  alphas: Float32Array
  /** Three vertices each, counter-clockwise from outside. */
  triangles: Uint16Array
  /** Five for each edge: its two vertices, its triangle, the next one (or 65535) and the corner opposite in the first. */
  edges: Uint16Array
}

export const NO_TRIANGLE = 65535
