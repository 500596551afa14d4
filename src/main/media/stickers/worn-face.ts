import type { Face } from '../face/face'
import { FACE_POINTS } from '../face/face'
import type { I420Frame } from '../i420'
import type { HeadFit, HeadPose } from './head-fit'

/** Presence of a face at which what it wears is gone, and at which it is whole. */
const PRESENCE = [0.5, 0.8] as const
/** Width of a head in pixels: the same; and a wider one than so many frames is a broken track. */
const WIDTH = [14, 28] as const
const WIDEST = 3
/** Centimetres from cheek to cheek of the canonical head. */
const HEAD_WIDTH = 15.3

/**
 * Fits the head to a face.
 * @returns how much of what it wears is seen, 0..1; 0 where there is no head that could wear anything
 */
export function fitWornFace(fit: HeadFit, { points, score }: Face, frame: I420Frame, pose: HeadPose): number {
  if (points.length < FACE_POINTS * 3 || !points.every(Number.isFinite)) return 0
  if (!fit.fit(points, pose)) return 0
  const width = pose.scale * HEAD_WIDTH
  if (!(width <= WIDEST * Math.max(frame.width, frame.height))) return 0
  return ramp(score, PRESENCE) * ramp(width, WIDTH)
}

function ramp(value: number, [from, to]: readonly [number, number]): number {
  const t = Math.min(Math.max((value - from) / (to - from), 0), 1)
  return t > 0 ? t * t * (3 - 2 * t) : 0
}
