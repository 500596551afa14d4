import type { Detection } from './blaze-face'
import { boxOfPoints } from './face'

/** A square region of a picture, in pixels; it may be turned and may reach over the border. */
export interface Roi {
  /** Centre; the middle of the upper left pixel is (0.5, 0.5). */
  cx: number
  cy: number
  /** Length of a side. */
  size: number
  /** Radians, clockwise on the screen. */
  rotation: number
}

/** MediaPipe enlarges the box of a face by half, so that the whole head is in the crop. */
const MARGIN = 1.5
/** Outer corners of the eyes in the mesh: the right and the left one of the person. */
const EYES = [33, 263] as const
/** Below this side length a crop holds no face any more, in pixels. */
const SMALLEST = 8

/** The whole picture as one upright square of its longer side, as the detectors want it. */
export function roiOfPicture(width: number, height: number): Roi {
  return { cx: width / 2, cy: height / 2, size: Math.max(width, height), rotation: 0 }
}

/** Where the mesh model should look for a detected face (pixels). */
export function roiOfDetection({ box: [x, y, width, height], eyes }: Detection): Roi {
  const [right, left] = eyes
  return {
    cx: x + width / 2,
    cy: y + height / 2,
    size: MARGIN * Math.max(width, height),
    rotation: Math.atan2(left[1] - right[1], left[0] - right[0]),
  }
}

/** Where the mesh model should look in the next frame, from the points of this one (pixels). */
export function roiOfPoints(points: Float32Array): Roi {
  const [x, y, width, height] = boxOfPoints(points)
  const [right, left] = EYES
  const rotation = Math.atan2(points[left * 3 + 1]! - points[right * 3 + 1]!, points[left * 3]! - points[right * 3]!)
  return { cx: x + width / 2, cy: y + height / 2, size: MARGIN * Math.max(width, height), rotation }
}

/**
 * Whether a crop of this region can show a face: finite, not tiny, not many times the picture, and its centre in the
 * picture. A track whose region fails this is lost.
 */
export function isUsableRoi({ cx, cy, size, rotation }: Roi, width: number, height: number): boolean {
  return (
    Number.isFinite(cx + cy + size + rotation) &&
    size >= SMALLEST &&
    size <= 4 * Math.max(width, height) &&
    cx >= 0 &&
    cy >= 0 &&
    cx <= width &&
    cy <= height
  )
}

/**
 * Moves mesh points from the crop into the picture, in place.
 *
 * @param points x, y, z in pixels of a crop of `side` x `side`; afterwards in pixels of the picture
 */
export function pointsFromCrop(points: Float32Array, roi: Roi, side: number): void {
  const scale = roi.size / side
  const cos = Math.cos(roi.rotation) * scale
  const sin = Math.sin(roi.rotation) * scale
  const half = side / 2
  for (let i = 0; i < points.length; i += 3) {
    const u = points[i]! - half
    const v = points[i + 1]! - half
    points[i] = roi.cx + u * cos - v * sin
    points[i + 1] = roi.cy + u * sin + v * cos
    points[i + 2] = points[i + 2]! * scale
  }
}
