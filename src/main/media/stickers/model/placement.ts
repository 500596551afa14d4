import type { Placement, Vec3 } from './shape-builder'

interface Stand {
  at: Vec3
  /** Degrees, applied in this order: about z (counter-clockwise as seen), about x (leans forward), about y. */
  roll?: number
  pitch?: number
  yaw?: number
  scale?: number
}

/** Sets a model, built upright round its origin, on the head. */
export function stand({ at, roll = 0, pitch = 0, yaw = 0, scale = 1 }: Stand): Placement {
  const [cr, sr, cp, sp, cy, sy] = [roll, pitch, yaw].flatMap((degrees) => {
    const angle = (degrees * Math.PI) / 180
    return [Math.cos(angle), Math.sin(angle)]
  }) as [number, number, number, number, number, number]
  return (x, y, z) => {
    const [x1, y1, z1] = [(x * cr - y * sr) * scale, (x * sr + y * cr) * scale, z * scale]
    const [y2, z2] = [y1 * cp - z1 * sp, y1 * sp + z1 * cp]
    return [at[0] + x1 * cy + z2 * sy, at[1] + y2, at[2] - x1 * sy + z2 * cy]
  }
}
