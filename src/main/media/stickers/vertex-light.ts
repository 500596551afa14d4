import type { Part, Shape } from './model/shape'
import type { SceneLight } from './scene-light'
import type { ScreenMesh } from './screen-mesh'

/** Towards the lamp, in camera coordinates: above, before, a little to the left. */
const KEY = unit([-0.42, 0.66, 0.62])
/** Between lamp and camera (Blinn 1977). */
const HALF = unit([KEY[0], KEY[1], KEY[2] + 1])
const [AMBIENT, SKY, LAMP] = [0.3, 0.28, 0.62]
/** Share of the lamp that wraps round the edge of a form, as soft light does. */
const WRAP = 0.35

const key = new Float64Array(3)
const half = new Float64Array(3)
const up = new Float64Array(3)
const view = new Float64Array(3)

/**
 * Colours the vertices of a part: soft lamp and sky, a highlight, light along the silhouette, and a mirrored room for
 * what is polished. In head coordinates, so that only the lamps are turned, not every normal.
 * @param rotation see `HeadPose`
 */
export function lightPart(shape: Shape, part: Part, rotation: Float64Array, light: SceneLight, out: ScreenMesh): void {
  toHead(rotation, KEY[0], KEY[1], KEY[2], key)
  toHead(rotation, HALF[0], HALF[1], HALF[2], half)
  toHead(rotation, 0, 1, 0, up)
  toHead(rotation, 0, 0, 1, view)
  const [kx, ky, kz, hx, hy, hz] = [key[0]!, key[1]!, key[2]!, half[0]!, half[1]!, half[2]!]
  const [ux, uy, uz, vx, vy, vz] = [up[0]!, up[1]!, up[2]!, view[0]!, view[1]!, view[2]!]
  const { gloss, sharpness, rim, mirror, metal, glow } = part.material
  const { normals, colours, alphas } = shape
  const level = light.level * light.level
  for (let i = part.firstVertex; i < part.endVertex; i++) {
    const nx = normals[i * 3]!
    const ny = normals[i * 3 + 1]!
    const nz = normals[i * 3 + 2]!
    const lamp = (nx * kx + ny * ky + nz * kz + WRAP) / (1 + WRAP)
    const sky = nx * ux + ny * uy + nz * uz
    const facing = nx * vx + ny * vy + nz * vz
    const scattered = AMBIENT + SKY * (0.5 + 0.5 * sky) + (lamp > 0 ? LAMP * lamp : 0)
    let spot = nx * hx + ny * hy + nz * hz
    spot = spot > 0 ? spot : 0
    for (let k = 0; k < sharpness; k++) spot *= spot
    const grazing = facing > 0 ? 1 - facing : 1
    const edge = grazing * grazing * grazing
    let white = gloss * spot + rim * edge * (0.55 + 0.45 * sky) * 0.5
    let body = scattered * (1 - glow) + glow
    if (mirror > 0) {
      // Of a room with a dark floor, a light ceiling and a bright window to the upper left.
      const height = 2 * facing * sky
      const window = 2 * facing * (nx * kx + ny * ky + nz * kz) - KEY[2]
      const pane = smooth(0.62, 0.86, window)
      const room = 0.12 + 0.75 * smooth(-0.25, 0.75, height) + 0.25 * smooth(-0.5, -0.9, height)
      // Glass mirrors little where it is looked through and more where it is grazed (Schlick 1994), here less than it
      // should: on thin rims the bright line would flicker.
      if (metal) body = body * (1 - mirror) + (room + 1.3 * pane) * 1.15 * mirror
      else white += mirror * (room * (0.04 + 0.1 * edge) + 0.3 * pane)
    }
    // Gamma 2 stands in for the display's curve; highlights bend before they clip.
    const red = display((colours[i * 3]! * body + white) * level)
    const green = display((colours[i * 3 + 1]! * body + white) * level)
    const blue = display((colours[i * 3 + 2]! * body + white) * level)
    // BT.601, limited range, 0..1 in.
    const luma = 65.481 * red + 128.553 * green + 24.966 * blue
    out.luma[i] = 16 + luma
    out.u[i] = within(128 - 37.797 * red - 74.203 * green + 112 * blue + light.tintU * luma)
    out.v[i] = within(128 + 112 * red - 93.786 * green - 18.214 * blue + light.tintV * luma)
    // What mirrors the window hides what lies behind it.
    const solid = part.blend && mirror > 0 ? alphas[i]! + (1 - alphas[i]!) * Math.min(1, white) : alphas[i]!
    out.alpha[i] = 255 * solid
  }
}

function display(linear: number): number {
  const bent = linear < 0.7 ? linear : 0.7 + 0.3 * (1 - 1 / (1 + (linear - 0.7) / 0.3))
  return Math.sqrt(bent)
}

function smooth(from: number, to: number, value: number): number {
  const t = (value - from) / (to - from)
  if (t <= 0) return 0
  return t >= 1 ? 1 : t * t * (3 - 2 * t)
}

function within(chroma: number): number {
  return chroma < 16 ? 16 : chroma > 240 ? 240 : chroma
}

/** Turns a direction of the camera into head coordinates. */
function toHead(r: Float64Array, x: number, y: number, z: number, out: Float64Array): void {
  for (let i = 0; i < 3; i++) out[i] = r[i]! * x + r[3 + i]! * y + r[6 + i]! * z
}

function unit([x, y, z]: readonly [number, number, number]): readonly [number, number, number] {
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}
