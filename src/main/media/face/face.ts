/** Points of the MediaPipe face mesh; `points` of a face holds x, y, z for each. */
export const FACE_POINTS = 468

/** One face as the mesh sees it, in pixels of the frame. */
export interface Face {
  /** How sure the model is, 0..1: presence while tracking, the detector's score on a still picture. */
  score: number
  /** Bounding box of the points: x, y of the upper left corner, width, height. */
  box: [number, number, number, number]
  /** 468 * 3: x, y, z; z is depth in the same unit, smaller is nearer to the camera. Never written to again. */
  points: Float32Array
}

/** Smallest upright rectangle that holds all points: x, y, width, height. */
export function boxOfPoints(points: Float32Array): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i]!
    const y = points[i + 1]!
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return [left, top, right - left, bottom - top]
}

/** Shared area of two boxes divided by the area of both together, 0..1. */
export function boxOverlap(a: readonly number[], b: readonly number[]): number {
  const width = Math.min(a[0]! + a[2]!, b[0]! + b[2]!) - Math.max(a[0]!, b[0]!)
  const height = Math.min(a[1]! + a[3]!, b[1]! + b[3]!) - Math.max(a[1]!, b[1]!)
  if (!(width > 0 && height > 0)) return 0
  const shared = width * height
  return shared / (a[2]! * a[3]! + b[2]! * b[3]! - shared)
}
