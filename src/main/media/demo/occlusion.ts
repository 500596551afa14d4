import { hash01 } from './noise'
import type { HeadMesh } from './head-mesh'
import { KEY } from './lighting'

/** Per vertex: the share of the surroundings, and of the key lamp, that the head itself does not hide. */
export interface Occlusion {
  openness: Float32Array
  keyVisibility: Float32Array
}

const SKY_RAYS = 28
const KEY_RAYS = 10
/** Half-width of the key lamp as seen from the face: a soft box, so that the nose's shadow has a soft edge. */
const KEY_SPREAD = 0.16

/** Shoots rays from every control vertex against the resting mesh; midpoints take the mean of their parents. */
export function measureOcclusion(head: HeadMesh): Occlusion {
  const blockers = new Blockers(head)
  const openness = new Float32Array(head.total)
  const keyVisibility = new Float32Array(head.total)
  for (let i = 0; i < head.controls; i++) {
    const normal = [head.normals[i * 3]!, head.normals[i * 3 + 1]!, head.normals[i * 3 + 2]!] as const
    const origin = [0, 1, 2].map((k) => head.positions[i * 3 + k]! + normal[k]! * 0.08) as [number, number, number]
    let open = 0
    for (let ray = 0; ray < SKY_RAYS; ray++) {
      // Cosine-weighted directions round the normal (Malley's method).
      const z = 2 * ((ray + 0.5) / SKY_RAYS) - 1
      const turn = 2.399963 * ray + 6.2832 * hash01(i, 3)
      const flat = Math.sqrt(1 - z * z)
      const dx = normal[0] * 1.001 + flat * Math.cos(turn)
      const dy = normal[1] * 1.001 + flat * Math.sin(turn)
      const dz = normal[2] * 1.001 + z
      if (!blockers.hit(origin, dx, dy, dz, 5)) open++
    }
    let lit = 0
    for (let ray = 0; ray < KEY_RAYS; ray++) {
      const jitter = (k: number): number => (hash01(i, ray, k) - 0.5) * 2 * KEY_SPREAD
      const [kx, ky, kz] = KEY.direction
      if (!blockers.hit(origin, kx + jitter(1), ky + jitter(2), kz + jitter(3), 20)) lit++
    }
    openness[i] = 0.3 + (0.7 * open) / SKY_RAYS
    keyVisibility[i] = lit / KEY_RAYS
  }
  for (let i = head.controls; i < head.total; i++) {
    const a = head.parents[(i - head.controls) * 2]!
    const b = head.parents[(i - head.controls) * 2 + 1]!
    openness[i] = (openness[a]! + openness[b]!) / 2
    keyVisibility[i] = (keyVisibility[a]! + keyVisibility[b]!) / 2
  }
  return { openness, keyVisibility }
}

/** The triangles with precomputed edges, tested by Moeller and Trumbore's method. */
class Blockers {
  private readonly data: Float32Array
  private readonly spheres: Float32Array
  private readonly count: number

  constructor(head: HeadMesh) {
    this.count = head.coarse.length / 3
    this.data = new Float32Array(this.count * 9)
    this.spheres = new Float32Array(this.count * 4)
    for (let t = 0; t < this.count; t++) {
      const corner = (n: number, k: number): number => head.positions[head.coarse[t * 3 + n]! * 3 + k]!
      let square = 0
      for (let k = 0; k < 3; k++) {
        this.data[t * 9 + k] = corner(0, k)
        this.data[t * 9 + 3 + k] = corner(1, k) - corner(0, k)
        this.data[t * 9 + 6 + k] = corner(2, k) - corner(0, k)
        this.spheres[t * 4 + k] = (corner(0, k) + corner(1, k) + corner(2, k)) / 3
      }
      for (let n = 0; n < 3; n++) {
        let sum = 0
        for (let k = 0; k < 3; k++) sum += (corner(n, k) - this.spheres[t * 4 + k]!) ** 2
        square = Math.max(square, sum)
      }
      this.spheres[t * 4 + 3] = square
    }
  }

  hit(origin: readonly [number, number, number], dx: number, dy: number, dz: number, reach: number): boolean {
    const length = Math.hypot(dx, dy, dz)
    if (length < 0.05) return false
    dx /= length
    dy /= length
    dz /= length
    const [ox, oy, oz] = origin
    const { data, spheres } = this
    for (let t = 0; t < this.count; t++) {
      const cx = spheres[t * 4]! - ox
      const cy = spheres[t * 4 + 1]! - oy
      const cz = spheres[t * 4 + 2]! - oz
      const along = cx * dx + cy * dy + cz * dz
      if (along < 0 || along > reach) continue
      if (cx * cx + cy * cy + cz * cz - along * along > spheres[t * 4 + 3]!) continue
      const o = t * 9
      const e1x = data[o + 3]!
      const e1y = data[o + 4]!
      const e1z = data[o + 5]!
      const e2x = data[o + 6]!
      const e2y = data[o + 7]!
      const e2z = data[o + 8]!
      const px = dy * e2z - dz * e2y
      const py = dz * e2x - dx * e2z
      const pz = dx * e2y - dy * e2x
      const det = e1x * px + e1y * py + e1z * pz
      if (Math.abs(det) < 1e-9) continue
      const sx = ox - data[o]!
      const sy = oy - data[o + 1]!
      const sz = oz - data[o + 2]!
      const u = (sx * px + sy * py + sz * pz) / det
      if (u < 0 || u > 1) continue
      const qx = sy * e1z - sz * e1y
      const qy = sz * e1x - sx * e1z
      const qz = sx * e1y - sy * e1x
      const v = (dx * qx + dy * qy + dz * qz) / det
      if (v < 0 || u + v > 1) continue
      const distance = (e2x * qx + e2y * qy + e2z * qz) / det
      if (distance > 0.03 && distance < reach) return true
    }
    return false
  }
}
