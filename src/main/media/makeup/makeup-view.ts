import { faceRegion, smoothStep, type FaceRegion } from '../beauty/face-region'
import { FACE_POINTS, type Face } from '../face/face'
import type { FaceSurface } from './face-surface'

/** Below the first width in pixels a face gets no make-up, from the second on all of it. */
const SIZE_NONE = 44
const SIZE_FULL = 76
/** Cosine of the angle to the camera at which a piece of skin is not painted, and from which on it is as a whole. */
const TURNED_NONE = 0.06
const TURNED_FULL = 0.34

/** One face as the make-up sees it. */
export interface MakeupView {
  region: FaceRegion
  /** x, y, z in pixels. */
  points: Float32Array
  /** For each point 0 (turned away from the camera) to 1. */
  facing: Float32Array
  /** 0..1: how much of the asked strength this face gets. */
  trust: number
}

const facing = new Float32Array(FACE_POINTS)
const normals = new Float32Array(FACE_POINTS * 3)

/**
 * Null where no make-up can be seen: see `faceRegion`; besides, a face that is too small. `facing` is overwritten by
 * the next call.
 */
export function makeupView(face: Face, surface: FaceSurface, width: number, height: number): MakeupView | null {
  const region = faceRegion(face, width, height)
  if (!region) return null
  const trust = region.trust * smoothStep(SIZE_NONE, SIZE_FULL, region.faceWidth)
  if (!(trust > 0)) return null
  measureFacing(face.points, surface.triangles)
  return { region, points: face.points, facing, trust }
}

/** How far each point's normal (mean of its triangles, by area) looks at the camera. */
function measureFacing(points: Float32Array, triangles: Uint16Array): void {
  normals.fill(0)
  let sum = 0
  for (let i = 0; i < triangles.length; i += 3) {
    const a = 3 * triangles[i]!
    const b = 3 * triangles[i + 1]!
    const c = 3 * triangles[i + 2]!
    const px = points[b]! - points[a]!
    const py = points[b + 1]! - points[a + 1]!
    const pz = points[b + 2]! - points[a + 2]!
    const qx = points[c]! - points[a]!
    const qy = points[c + 1]! - points[a + 1]!
    const qz = points[c + 2]! - points[a + 2]!
    const nx = py * qz - pz * qy
    const ny = pz * qx - px * qz
    const nz = px * qy - py * qx
    sum += nz
    normals[a]! += nx
    normals[a + 1]! += ny
    normals[a + 2]! += nz
    normals[b]! += nx
    normals[b + 1]! += ny
    normals[b + 2]! += nz
    normals[c]! += nx
    normals[c + 1]! += ny
    normals[c + 2]! += nz
  }
  // Most of what a mesh shows looks at the camera; a mirrored picture turns the sign round.
  const side = sum < 0 ? -1 : 1
  for (let i = 0; i < FACE_POINTS; i++) {
    const nz = normals[3 * i + 2]!
    const nx = normals[3 * i]!
    const ny = normals[3 * i + 1]!
    // Math.hypot is ten times as slow.
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
    facing[i] = length > 0 ? smoothStep(TURNED_NONE, TURNED_FULL, (side * nz) / length) : 0
  }
}
