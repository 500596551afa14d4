import type { CanonicalHead } from './canonical-head'
import { largestEigenvector } from './largest-eigenvector'

/** Where a head is, as seen by a camera far away. */
export interface HeadPose {
  /**
   * Row by row: turns head coordinates into those of the camera (x right, y up, z to the camera). Its determinant is -1
   * in a mirrored picture whose points kept their numbers.
   */
  rotation: Float64Array
  /** Pixels in a centimetre of the canonical head. */
  scale: number
  /** Where the origin of the head lies: pixels of the picture, depth upwards to the camera. */
  x: number
  y: number
  z: number
  mirrored: boolean
}

export function headPose(): HeadPose {
  return { rotation: new Float64Array(9), scale: 0, x: 0, y: 0, z: 0, mirrored: false }
}

/**
 * Points that sit on bone and hardly move with speech, laughter or a raised brow: bridge and back of the nose, corners
 * of the eyes, forehead, temples, cheekbones.
 */
const STABLE = [
  ...[168, 6, 197, 195, 5, 4, 8, 9, 151, 10],
  ...[33, 133, 130, 226, 244, 189, 109, 67, 103, 54, 21, 162, 127, 234, 116, 143, 35, 111, 117, 50, 198, 98],
  ...[263, 362, 359, 446, 464, 413, 338, 297, 332, 284, 251, 389, 356, 454, 345, 372, 265, 340, 346, 280, 420, 327],
]

/** A cross-covariance whose determinant is so negative, as a share of its size cubed, belongs to a mirrored picture. */
const MIRROR = -1e-4

/**
 * Fits the canonical head to the points of a face by rotation, one scale and shift, with the least squared distance,
 * in closed form: the rotation by quaternions (Horn, "Closed-form solution of absolute orientation using unit
 * quaternions", JOSA A 4, 1987), the scale as in Umeyama (PAMI 13, 1991).
 */
export class HeadFit {
  private readonly centre: [number, number, number]
  /** Stable points of the canonical head less their mean. */
  private readonly model: Float64Array
  private readonly spread: number
  private readonly covariance = new Float64Array(9)
  private readonly quaternion = new Float64Array(4)

  constructor(head: CanonicalHead) {
    this.model = Float64Array.from(STABLE.flatMap((point) => [...head.positions.subarray(point * 3, point * 3 + 3)]))
    const mean = (axis: number): number =>
      this.model.reduce((sum, value, i) => sum + (i % 3 === axis ? value : 0), 0) / STABLE.length
    this.centre = [mean(0), mean(1), mean(2)]
    for (let i = 0; i < this.model.length; i++) this.model[i]! -= this.centre[i % 3]!
    this.spread = this.model.reduce((sum, value) => sum + value * value, 0)
  }

  /**
   * @param points of a `Face`, pixels
   * @returns false when they are no head: not numbers, or all in one place
   */
  fit(points: Float32Array, out: HeadPose): boolean {
    const { model, covariance: s, centre } = this
    let [mx, my, mz] = [0, 0, 0]
    for (const point of STABLE) {
      mx += points[point * 3]!
      my -= points[point * 3 + 1]!
      mz -= points[point * 3 + 2]!
    }
    mx /= STABLE.length
    my /= STABLE.length
    mz /= STABLE.length
    s.fill(0)
    for (let i = 0, at = 0; i < STABLE.length; i++) {
      const point = STABLE[i]! * 3
      const x = points[point]! - mx
      const y = -points[point + 1]! - my
      const z = -points[point + 2]! - mz
      for (let row = 0; row < 9; row += 3, at++) {
        const a = model[at]!
        s[row]! += a * x
        s[row + 1]! += a * y
        s[row + 2]! += a * z
      }
    }
    const size = Math.hypot(...s)
    if (!(size > 0 && size < 1e12)) return false
    out.mirrored = determinant(s) < MIRROR * size ** 3
    // A mirrored face is fitted by the mirrored head.
    if (out.mirrored) for (let i = 0; i < 3; i++) s[i] = -s[i]!
    if (!largestEigenvector(s, this.quaternion)) return false
    const r = out.rotation
    rotationOf(this.quaternion, r)
    let along = 0
    for (let i = 0; i < 3; i++) for (let k = 0; k < 3; k++) along += s[i * 3 + k]! * r[k * 3 + i]!
    out.scale = along / this.spread
    if (out.mirrored) for (let i = 0; i < 9; i += 3) r[i] = -r[i]!
    out.x = mx - out.scale * (r[0]! * centre[0] + r[1]! * centre[1] + r[2]! * centre[2])
    out.y = -my + out.scale * (r[3]! * centre[0] + r[4]! * centre[1] + r[5]! * centre[2])
    out.z = mz - out.scale * (r[6]! * centre[0] + r[7]! * centre[1] + r[8]! * centre[2])
    return out.scale > 0
  }
}

function determinant(m: Float64Array): number {
  return (
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!)
  )
}

/** Rotation by a unit quaternion w, x, y, z, row by row. */
function rotationOf(q: Float64Array, out: Float64Array): void {
  const [w, x, y, z] = [q[0]!, q[1]!, q[2]!, q[3]!]
  out[0] = 1 - 2 * (y * y + z * z)
  out[1] = 2 * (x * y - w * z)
  out[2] = 2 * (x * z + w * y)
  out[3] = 2 * (x * y + w * z)
  out[4] = 1 - 2 * (x * x + z * z)
  out[5] = 2 * (y * z - w * x)
  out[6] = 2 * (x * z - w * y)
  out[7] = 2 * (y * z + w * x)
  out[8] = 1 - 2 * (x * x + y * y)
}
