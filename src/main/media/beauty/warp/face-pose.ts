import { smoothStep, type FaceRegion } from '../face-region'
import { LEFT_CHEEK, RIGHT_CHEEK } from '../mesh-indices'

/** Height of the canonical face, in its widths (`canonical-face.json`). */
const CANONICAL_HEIGHT = 1.152
/** Foreshortened height of a face at which the shape is left alone, and from which on all is done. */
const PITCH_NONE = 0.55
const PITCH_FULL = 0.8

/** How a face lies in the picture, in the units that the tables of moves are written in. */
export interface FacePose {
  points: Float32Array
  across: readonly [number, number]
  up: readonly [number, number]
  /** Pixels of one face width, as it is seen across and up: a turned head is narrower, a bowed one shorter. */
  unitAcross: number
  unitUp: number
  /** Visible part of the width, 0..1: about the cosine of the turn. */
  visible: number
  /** 0..1: how much of a move is left on a face that looks up or down, and by the trust in the region. */
  strength: number
}

/** The pose of the face of a region. */
export function facePose({ points, across, up, faceWidth, faceHeight, trust }: FaceRegion): FacePose {
  const flat = Math.abs(distanceAlong(points, RIGHT_CHEEK, LEFT_CHEEK, across))
  // A fallen jaw makes a face longer, not its parts.
  const unitUp = Math.min(Math.max(faceHeight / CANONICAL_HEIGHT, 0.5 * faceWidth), 1.1 * faceWidth)
  const strength = trust * smoothStep(PITCH_NONE, PITCH_FULL, faceHeight / CANONICAL_HEIGHT / faceWidth)
  return { points, across, up, unitAcross: flat, unitUp, visible: flat / faceWidth, strength }
}

/** From one point to another along a unit vector, in pixels. */
export function distanceAlong(
  points: Float32Array,
  from: number,
  to: number,
  direction: readonly [number, number],
): number {
  const x = points[to * 3]! - points[from * 3]!
  const y = points[to * 3 + 1]! - points[from * 3 + 1]!
  return x * direction[0] + y * direction[1]
}
