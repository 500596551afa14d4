import type { CanonicalHead } from './canonical-head'
import type { HeadPose } from './head-fit'

/** Bridge of the nose between the eyes: what lies as deep as this has the scale of the pose. */
const BRIDGE = 168
/** Centimetres from the camera: about an arm and a bit, as people sit before a webcam. */
const DISTANCE = 62

/** Shows head coordinates as the camera sees them. */
export class HeadCamera {
  readonly rotation = new Float64Array(9)
  private scale = 1
  private x = 0
  private y = 0
  private readonly middle = new Float64Array(3)

  constructor(private readonly head: CanonicalHead) {}

  aim(pose: HeadPose): void {
    this.rotation.set(pose.rotation)
    this.scale = pose.scale
    const { rotation: r, middle } = this
    const p = this.head.positions
    for (let row = 0; row < 3; row++) {
      middle[row] =
        r[row * 3]! * p[BRIDGE * 3]! + r[row * 3 + 1]! * p[BRIDGE * 3 + 1]! + r[row * 3 + 2]! * p[BRIDGE * 3 + 2]!
    }
    this.x = pose.x + pose.scale * middle[0]!
    this.y = pose.y - pose.scale * middle[1]!
  }

  /**
   * Projects points `first` to `end`: x, y in pixels (shifted by dx, dy), depth in centimetres before the bridge of the
   * nose (plus `lift`), larger is nearer.
   */
  project(
    points: Float32Array,
    first: number,
    end: number,
    [dx, dy]: readonly [number, number],
    lift: number,
    x: Float32Array,
    y: Float32Array,
    z: Float32Array,
  ): void {
    const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = this.rotation as unknown as Matrix
    const [mx, my, mz] = this.middle as unknown as [number, number, number]
    const { scale } = this
    const left = this.x + dx
    const top = this.y + dy
    for (let i = first; i < end; i++) {
      const px = points[i * 3]!
      const py = points[i * 3 + 1]!
      const pz = points[i * 3 + 2]!
      const depth = r6 * px + r7 * py + r8 * pz - mz
      const k = scale / (1 - depth / DISTANCE)
      x[i] = left + k * (r0 * px + r1 * py + r2 * pz - mx)
      y[i] = top - k * (r3 * px + r4 * py + r5 * pz - my)
      z[i] = depth + lift
    }
  }
}

type Matrix = [number, number, number, number, number, number, number, number, number]
