/** Where the head is: rotations in radians about the neck, shift in centimetres. */
export interface HeadPose {
  /** Positive turns the nose to the right of the picture. */
  yaw: number
  /** Positive looks up. */
  pitch: number
  /** Positive tips the head clockwise as seen. */
  roll: number
  x: number
  y: number
  z: number
}

/** The joint the head turns about: the top of the spine, in head centimetres. */
export const NECK_JOINT = { x: 0, y: -5, z: -5.5 } as const

/** A 3x4 matrix, row by row, from resting to posed head coordinates. */
export function poseMatrix(pose: HeadPose, out: Float32Array): void {
  const cy = Math.cos(pose.yaw)
  const sy = Math.sin(pose.yaw)
  const cp = Math.cos(pose.pitch)
  const sp = Math.sin(pose.pitch)
  const cr = Math.cos(-pose.roll)
  const sr = Math.sin(-pose.roll)
  // Roll * yaw * pitch: pitch about x first, then yaw about y, then roll about the line of sight.
  const m = [cy, -sy * sp, sy * cp, 0, cp, sp, -sy, -cy * sp, cy * cp]
  for (let column = 0; column < 3; column++) {
    out[column] = cr * m[column]! - sr * m[3 + column]!
    out[4 + column] = sr * m[column]! + cr * m[3 + column]!
    out[8 + column] = m[6 + column]!
  }
  const { x, y, z } = NECK_JOINT
  out[3] = x + pose.x - (out[0]! * x + out[1]! * y + out[2]! * z)
  out[7] = y + pose.y - (out[4]! * x + out[5]! * y + out[6]! * z)
  out[11] = z + pose.z - (out[8]! * x + out[9]! * y + out[10]! * z)
}

/** A pinhole camera on the z axis. Distances in head centimetres, results in pixels. */
export interface Camera {
  focal: number
  distance: number
  centreX: number
  centreY: number
}

/** Frames the head and shoulders the way a webcam on a monitor does, for any picture shape. */
export function cameraFor(width: number, height: number): Camera {
  const scale = Math.min(height, width * 0.7)
  return { focal: scale * 1.66, distance: 62, centreX: width / 2, centreY: height * 0.455 }
}

/**
 * Poses and projects `count` points: x, y (pixels) into `x` and `y`, depth toward the camera (centimetres) into
 * `z`.
 */
export function project(
  camera: Camera,
  matrix: Float32Array,
  points: Float32Array,
  count: number,
  x: Float32Array,
  y: Float32Array,
  z: Float32Array | null,
): void {
  const m0 = matrix[0]!
  const m1 = matrix[1]!
  const m2 = matrix[2]!
  const m3 = matrix[3]!
  const m4 = matrix[4]!
  const m5 = matrix[5]!
  const m6 = matrix[6]!
  const m7 = matrix[7]!
  const m8 = matrix[8]!
  const m9 = matrix[9]!
  const m10 = matrix[10]!
  const m11 = matrix[11]!
  const { focal, distance, centreX, centreY } = camera
  for (let i = 0; i < count; i++) {
    const px = points[i * 3]!
    const py = points[i * 3 + 1]!
    const pz = points[i * 3 + 2]!
    const depth = m8 * px + m9 * py + m10 * pz + m11
    const scale = focal / (distance - depth)
    x[i] = centreX + scale * (m0 * px + m1 * py + m2 * pz + m3)
    y[i] = centreY - scale * (m4 * px + m5 * py + m6 * pz + m7)
    if (z !== null) z[i] = depth
  }
}
