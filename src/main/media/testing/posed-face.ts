import { readFileSync } from 'node:fs'
import { boxOfPoints, type Face } from '../face/face'
import { canonicalHead } from '../stickers/canonical-head'

/** The canonical head of the tests. */
export const HEAD = canonicalHead(
  JSON.parse(readFileSync(new URL('../../../../resources/models/canonical-face.json', import.meta.url), 'utf8')) as {
    vertices: number[][]
    triangles: number[][]
  },
)

interface Posed {
  /** Where the origin of the head lies, pixels. */
  x?: number
  y?: number
  /** Pixels in a centimetre. */
  scale?: number
  /** Degrees: about the head's own y, x, then about the line of sight. */
  yaw?: number
  pitch?: number
  roll?: number
  /** The picture was mirrored after the points were found. */
  mirrored?: boolean
  score?: number
}

/** Rotation (row by row; x right, y up, z to the camera) by degrees. */
export function rotation(yaw: number, pitch: number, roll: number): number[] {
  const [cy, sy, cp, sp, cr, sr] = [yaw, pitch, roll].flatMap((degrees) => {
    const angle = (degrees * Math.PI) / 180
    return [Math.cos(angle), Math.sin(angle)]
  }) as [number, number, number, number, number, number]
  const m = [cy, sy * sp, sy * cp, 0, cp, -sp, -sy, cy * sp, cy * cp]
  const turned = (a: number, b: number): number[] => [0, 1, 2].map((k) => a * m[k]! + b * m[3 + k]!)
  return [...turned(cr, -sr), ...turned(sr, cr), ...m.slice(6)]
}

/** The canonical face as a camera far away sees it. */
export function posedFace({ x = 320, y = 240, scale = 14, yaw = 0, pitch = 0, roll = 0, ...rest }: Posed = {}): Face {
  const r = rotation(yaw, pitch, roll)
  const side = rest.mirrored === true ? -1 : 1
  const points = new Float32Array(HEAD.positions.length)
  for (let i = 0; i < points.length; i += 3) {
    const [px, py, pz] = [HEAD.positions[i]!, HEAD.positions[i + 1]!, HEAD.positions[i + 2]!]
    points[i] = x + side * scale * (r[0]! * px + r[1]! * py + r[2]! * pz)
    points[i + 1] = y - scale * (r[3]! * px + r[4]! * py + r[5]! * pz)
    points[i + 2] = -scale * (r[6]! * px + r[7]! * py + r[8]! * pz)
  }
  return { score: rest.score ?? 1, box: boxOfPoints(points), points }
}
