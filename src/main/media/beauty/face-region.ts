import { FACE_POINTS, type Face } from '../face/face'
import { stepFor, type RegionSteps } from './region-steps'
import { CHIN, FOREHEAD_TOP, LEFT_CHEEK, OVAL, RIGHT_CHEEK } from './mesh-indices'

/** Below the first width in pixels a face is left alone, from the second on it gets all. */
const SIZE_NONE = 28
const SIZE_FULL = 56
/** A face wider than so many frames is a broken track. */
const WIDEST = 3
/** Presence at which the retouch is gone and at which it is whole: no flicker when a hand passes the face. */
const PRESENCE_NONE = 0.5
const PRESENCE_FULL = 0.8
/** Half axes of the ellipse that may change: face widths across, face heights up and down. */
const REACH_ACROSS = 0.85
const REACH_UP = 0.85

/** Where one face lies in the frame and how it is turned; everything else is measured in these units. */
export interface FaceRegion {
  points: Float32Array
  /** The pixels that may change: even numbers inside of the frame, right and bottom exclusive. */
  left: number
  top: number
  right: number
  bottom: number
  /** One sample of the working grid stands for step x step pixels: 2, 4 or 8 by the size of the face. */
  step: number
  /** Pixels from cheek to cheek, in space, so that a turned head keeps its scale. */
  faceWidth: number
  /** Pixels from the chin to the top of the mesh. */
  faceHeight: number
  /** Unit vectors: to the person's left cheek, and at right angles to it up the forehead. */
  across: readonly [number, number]
  up: readonly [number, number]
  /** Middle of the oval. */
  centre: readonly [number, number]
  /** Half axes of the ellipse that may change, in pixels along `across` and `up`. */
  reach: readonly [number, number]
  /** 0..1: how much of the asked strength this face gets. */
  trust: number
}

/**
 * The region of a face in a frame of width x height pixels, with `steps` steady from frame to frame. Null when there is nothing to retouch: points that are not
 * numbers, a face that is too small, wholly outside of the frame, or hardly present.
 */
export function faceRegion(
  { points, score }: Face,
  width: number,
  height: number,
  steps?: RegionSteps,
): FaceRegion | null {
  const present = smoothStep(PRESENCE_NONE, PRESENCE_FULL, score)
  if (!(present > 0) || points.length < FACE_POINTS * 3 || !allFinite(points)) return null
  const [ax, ay, az] = between(points, RIGHT_CHEEK, LEFT_CHEEK)
  const [ux, uy] = between(points, CHIN, FOREHEAD_TOP)
  const faceHeight = Math.hypot(ux, uy)
  const flat = Math.hypot(ax, ay)
  // A head is about as wide as the mesh is high: depth that says otherwise is a wrong guess of the model.
  const faceWidth = Math.min(Math.hypot(flat, az), Math.max(flat, 1.3 * faceHeight))
  if (!(faceWidth > SIZE_NONE) || faceWidth > WIDEST * Math.max(width, height) || faceHeight < faceWidth / 8)
    return null

  const up = [ux / faceHeight, uy / faceHeight] as const
  // A mirrored picture turns the direction across round.
  const side = ay * up[0] - ax * up[1] < 0 ? -1 : 1
  const across = [-up[1] * side, up[0] * side] as const
  const centre = middleOf(points, OVAL)
  const reach = [REACH_ACROSS * faceWidth, REACH_UP * Math.max(faceHeight, 0.6 * faceWidth)] as const
  const step = steps ? steps.choose(centre, faceWidth) : stepFor(faceWidth)
  const halfWidth = Math.hypot(reach[0] * across[0], reach[1] * up[0])
  const halfHeight = Math.hypot(reach[0] * across[1], reach[1] * up[1])
  // The grid is laid on multiples of the step: it stands still while the face moves.
  const left = Math.max(Math.floor((centre[0] - halfWidth) / step) * step, 0)
  const top = Math.max(Math.floor((centre[1] - halfHeight) / step) * step, 0)
  const right = Math.min(Math.ceil((centre[0] + halfWidth) / step) * step, width)
  const bottom = Math.min(Math.ceil((centre[1] + halfHeight) / step) * step, height)
  if (right - left < 4 * step || bottom - top < 4 * step) return null
  const trust = present * smoothStep(SIZE_NONE, SIZE_FULL, faceWidth)
  return { points, left, top, right, bottom, step, faceWidth, faceHeight, across, up, centre, reach, trust }
}

/** Mean of some points, in pixels. */
export function middleOf(points: Float32Array, indices: readonly number[]): [number, number] {
  let [x, y] = [0, 0]
  for (const index of indices) {
    x += points[index * 3]!
    y += points[index * 3 + 1]!
  }
  return [x / indices.length, y / indices.length]
}

/** 0 up to `from`, 1 from `to` on, smooth between (Hermite). */
export function smoothStep(from: number, to: number, value: number): number {
  const t = (value - from) / (to - from)
  return t > 0 ? (t < 1 ? t * t * (3 - 2 * t) : 1) : 0
}

/** A plain loop: `every` takes 15 microseconds a face. */
function allFinite(points: Float32Array): boolean {
  for (let i = 0; i < points.length; i++) if (!Number.isFinite(points[i])) return false
  return true
}

function between(points: Float32Array, from: number, to: number): [number, number, number] {
  const at = (axis: number): number => points[to * 3 + axis]! - points[from * 3 + axis]!
  return [at(0), at(1), at(2)]
}
