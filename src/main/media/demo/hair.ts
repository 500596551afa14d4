import { SKULL } from './head-mesh'
import { KEY } from './lighting'
import { hash01, mix, noise2, smoothstep } from './noise'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'
import { Patch } from './patch'

/** A picture of hair over a rectangle of the head's front view, centimetres. */
export interface HairSheet {
  texture: Texture
  left: number
  right: number
  top: number
  bottom: number
}

const FRONT = { left: -11, right: 11, top: 15.5, bottom: -9.5 } as const
const BACK = { left: -11.5, right: 11.5, top: 13.6, bottom: -13.5 } as const
/** Where the hair is parted: degrees left of the middle. */
const PARTING = -14
const DEGREES = Math.PI / 180

interface Strand {
  /** x, y, z per point, head centimetres. */
  points: number[]
  /** How far from the skull, 0 innermost .. 1: decides order and light. */
  layer: number
  shade: number
  width: number
}

/** Draws two sheets strand by strand: hair over the skull (in front of the ears) and hair that falls behind the neck. */
export function bakeHair(texelsPerCm: number): { front: HairSheet; back: HairSheet } {
  const front: Strand[] = []
  const back: Strand[] = []
  for (let i = 0; i < 4200; i++) front.push(combedStrand(i))
  for (let i = 0; i < 420; i++) front.push(looseStrand(i))
  for (let i = 0; i < 1500; i++) back.push(fallingStrand(i))
  return {
    front: drawSheet(front, FRONT, texelsPerCm),
    back: drawSheet(back, BACK, texelsPerCm),
  }
}

/** Front-to-back angle of the hairline at `side` degrees from the top, degrees. */
export function hairline(side: number): number {
  return 51 - 0.1 * side - 0.0042 * side * side
}

/** A strand that grows out of the scalp and is combed sideways and back over the skull. */
function combedStrand(i: number): Strand {
  const side = hash01(i, 1) < 0.44 ? -1 : 1
  const base = i < 1000
  const shift = side * PARTING
  const start = hash01(i, 8) < 0.2 ? 5 * hash01(i, 2) : Math.pow(hash01(i, 2), 1.2) * (92 - shift)
  const limit = hairline(Math.abs(start + shift))
  const atEdge = hash01(i, 3) < 0.34
  let front = atEdge ? limit - 7 * hash01(i, 4) * hash01(i, 7) : -6 + (limit + 4) * Math.sqrt(hash01(i, 4))
  const layer = base ? 0.1 * hash01(i, 5) : Math.pow(hash01(i, 5), 0.8)
  const clump = noise2(start * 0.11 + side * 40, front * 0.16, 91)
  const length = 30 + 45 * hash01(i, 6)
  // Where it goes out of sight behind the ear.
  const tucked = 80 + 17 * hash01(i, 9)
  const points: number[] = []
  const wave = (noise2(front * 0.1 + 7, i * 0.01, 93) - 0.5) * 6
  for (let step = 0; step <= 14; step++) {
    const along = step / 14
    const angle = start + along * length
    // From the top of the head, not from the parting.
    const fromTop = Math.abs(angle + shift)
    if (fromTop > tucked || front < -14) break
    const lift = smoothstep(0, 0.35, along + (atEdge ? 0 : 0.3))
    const volume = 1.02 + (0.045 + 0.085 * layer + 0.035 * clump) * lift * (1 - 0.9 * smoothstep(45, 92, fromTop))
    const grow = volume + 0.02 * Math.sin(along * 5 + clump * 9)
    const sway = 3 * side * clump * along
    points.push(...surfacePoint(side * angle + PARTING + sway, front + wave * Math.sin(along * 3), grow))
    front = Math.min(front, hairline(fromTop) - 1.5)
    front -= (0.3 + 0.5 * smoothstep(10, 70, fromTop)) * (length / 14)
  }
  return { points, layer, shade: clump, width: base ? 0.16 : 0.055 }
}

/** A strand that falls over the left temple; on the other side the hair is tucked behind the ear. */
function looseStrand(i: number): Strand {
  const side = -1
  const layer = 0.25 + 0.75 * hash01(i, 41)
  const place = hash01(i, 42)
  const start = 34 + 30 * place
  const clump = noise2(place * 9 + side * 5, 4, 97)
  const root = surfacePoint(side * start, hairline(start) - 2 - 5 * hash01(i, 44), 1.05 + 0.04 * layer)
  const out = 0.75 * place + 0.35 * (clump - 0.5)
  const end = -7.4 + 1.6 * (hash01(i, 43) - 0.5) - 1.2 * clump
  const path: readonly (readonly [number, number, number])[] = [
    root,
    [side * (7.55 + out + 0.25 * layer), 3.4 + 0.6 * (1 - place), 0.6],
    [side * (7.75 + 1.2 * out + 0.4 * layer), -0.8, 0.4],
    [side * (7.6 + 1.1 * out + 0.3 * layer), (end - 0.8) / 2, 0.4],
    [side * (6.9 + 1.2 * out), end, 0.8],
  ]
  const points: number[] = []
  for (let step = 0; step <= 20; step++) {
    const t = (step / 20) * (path.length - 1)
    const low = Math.min(path.length - 2, Math.floor(t))
    const f = t - low
    const at = (n: number): readonly [number, number, number] => path[Math.min(path.length - 1, Math.max(0, n))]!
    for (let k = 0; k < 3; k++) {
      const [p0, p1, p2, p3] = [at(low - 1)[k]!, at(low)[k]!, at(low + 1)[k]!, at(low + 2)[k]!]
      const bend = 2 * p0 - 5 * p1 + 4 * p2 - p3
      points.push(0.5 * (2 * p1 + (p2 - p0) * f + bend * f * f + (3 * p1 - p0 - 3 * p2 + p3) * f * f * f))
    }
  }
  return { points, layer, shade: clump, width: 0.055 }
}

/** A point on the skull, `side` degrees from the top, `front` degrees from the ears forwards, `grow` times its size. */
function surfacePoint(side: number, front: number, grow: number): [number, number, number] {
  const a = side * DEGREES
  const b = front * DEGREES
  return [
    SKULL.rx * grow * Math.cos(b) * Math.sin(a),
    SKULL.y + SKULL.ry * grow * Math.cos(a) * Math.cos(b),
    SKULL.z + SKULL.rz * grow * Math.sin(b),
  ]
}

/** A strand of the bob that hangs behind ear and neck and turns in at its tip. */
function fallingStrand(i: number): Strand {
  const base = i < 300
  const layer = base ? 0 : hash01(i, 15)
  const side = i % 2 === 0 ? -1 : 1
  const across = side * (0.35 + 0.65 * Math.sqrt(hash01(i, 12)))
  const clump = noise2(across * 13 + 50, 3, 95)
  const tip = -10.6 - 1.1 * hash01(i, 13) + 0.9 * (Math.abs(across) - 0.6) - 0.5 * clump
  const points: number[] = []
  for (let step = 0; step <= 24; step++) {
    const t = step / 24
    const y = 12.6 + (tip - 12.6) * t
    const down = smoothstep(5, -6, y)
    const wave = 0.22 * down * Math.sin(y * 0.7 + clump * 8) + 0.3 * (clump - 0.5)
    const body = 8.9 + 0.4 * layer + 0.95 * smoothstep(4, -5, y) - 1.9 * smoothstep(-6.5, -12, y)
    const crown = Math.sqrt(Math.max(0.02, 1 - Math.pow(Math.max(0, y - SKULL.y) / 10.6, 2)))
    points.push((across * body + wave) * crown, y, -6)
  }
  return { points, layer: layer * 0.8, shade: clump, width: base ? 0.3 : 0.06 }
}

function drawSheet(
  strands: Strand[],
  box: { left: number; right: number; top: number; bottom: number },
  texelsPerCm: number,
): HairSheet {
  const width = Math.ceil((box.right - box.left) * texelsPerCm)
  const height = Math.ceil((box.top - box.bottom) * texelsPerCm)
  const canvas = new Canvas(width, height)
  strands.sort((a, b) => a.layer - b.layer)
  strands.forEach((strand, i) => drawStrand(canvas, strand, i, box, texelsPerCm))
  return { texture: toTexture(canvas), ...box }
}

function drawStrand(
  canvas: Canvas,
  strand: Strand,
  i: number,
  box: { left: number; top: number },
  texelsPerCm: number,
): void {
  const { points, layer } = strand
  const count = points.length / 3
  const tone = 0.74 + 0.5 * hash01(i, 31) + 0.7 * (strand.shade - 0.5)
  const colour = [0.225 * tone, 0.128 * tone, 0.07 * tone]
  const [kx, ky, kz] = KEY.direction
  const half = Math.max(0.5, (strand.width * texelsPerCm) / 2)
  for (let p = 0; p + 1 < count; p++) {
    const [ax, ay, az] = [points[p * 3]!, points[p * 3 + 1]!, points[p * 3 + 2]!]
    const [bx, by, bz] = [points[p * 3 + 3]!, points[p * 3 + 4]!, points[p * 3 + 5]!]
    const [dx, dy, dz] = [bx - ax, by - ay, bz - az]
    const size = Math.hypot(dx, dy, dz) || 1
    // Kajiya and Kay 1989: light on a thin fibre depends on its angle to the tangent.
    const along = (dx * kx + dy * ky + dz * kz) / size
    const diffuse = Math.sqrt(Math.max(0, 1 - along * along))
    const hx = kx
    const hy = ky
    const hz = kz + 1
    const half2 = (dx * hx + dy * hy + dz * hz) / (size * Math.hypot(hx, hy, hz)) + (hash01(i, 33) - 0.5) * 0.16
    const sheen = Math.pow(Math.max(0, 1 - half2 * half2), 26)
    const round = Math.hypot((ax - SKULL.x) / SKULL.rx, (ay - SKULL.y) / SKULL.ry) || 1
    const facing = Math.max(
      0,
      0.35 + 0.65 * ((ax / SKULL.rx / round) * kx + ((ay - SKULL.y) / SKULL.ry / round) * ky * 0.9 + 0.35 * kz),
    )
    const depth = 0.3 + 0.7 * layer
    // Darker where the hair turns in beside the ear.
    const fall = 1 - 0.36 * smoothstep(5, -1, ay) * (1 - smoothstep(0, -9, ay) * Math.min(1, Math.abs(ax) / 8))
    const level = (0.38 + 0.75 * diffuse * facing) * depth * fall
    const shine = 0.34 * sheen * facing * depth * fall
    const rim = 0.12 * smoothstep(0.5, 1.05, ax / 9) * depth
    const r = colour[0]! * level * 1.6 + shine * 0.95 + rim
    const g = colour[1]! * level * 1.6 + shine * 0.74 + rim * 0.85
    const b = colour[2]! * level * 1.6 + shine * 0.52 + rim * 0.7
    const fade = (t: number): number => Math.min(1, 0.25 + t * 7) * Math.min(1, (1 - t) * 3.5) * 0.8
    drawPiece(
      canvas,
      [(ax - box.left) * texelsPerCm, (box.top - ay) * texelsPerCm, fade(p / (count - 1))],
      [(bx - box.left) * texelsPerCm, (box.top - by) * texelsPerCm, fade((p + 1) / (count - 1))],
      half,
      [r, g, b],
    )
  }
}

type End = readonly [x: number, y: number, cover: number]

/** An anti-aliased straight piece `2 * half` texels wide: one run of texels across it per step of its longer axis. */
function drawPiece(canvas: Canvas, from: End, to: End, half: number, colour: readonly [number, number, number]): void {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  const upright = Math.abs(dy) > Math.abs(dx)
  const long = upright ? dy : dx
  if (Math.abs(long) < 1e-6) return
  // Texels are counted along the longer axis, where a slanted line is wider by 1/cos.
  const reach = half * Math.hypot(1, upright ? dx / dy : dy / dx)
  const start = upright ? from[1] : from[0]
  const first = Math.ceil(Math.min(start, start + long) - 0.5)
  const last = Math.ceil(Math.max(start, start + long) - 0.5)
  const lengthwise = upright ? canvas.height : canvas.width
  const crosswise = upright ? canvas.width : canvas.height
  for (let step = Math.max(1, first); step < Math.min(lengthwise - 1, last); step++) {
    const t = (step + 0.5 - start) / long
    const centre = upright ? from[0] + dx * t : from[1] + dy * t
    const cover = from[2] + (to[2] - from[2]) * t
    const end = Math.min(crosswise - 2, Math.floor(centre + reach + 0.5))
    for (let side = Math.max(1, Math.floor(centre - reach - 0.5)); side <= end; side++) {
      const share = Math.min(1, reach + 0.5 - Math.abs(side + 0.5 - centre))
      if (share <= 0) continue
      canvas.over(upright ? step * canvas.width + side : side * canvas.width + step, ...colour, share * cover)
    }
  }
}

/** Depth of the front sheet: on the skull above the brows, beside the face below; without steps that would tear it. */
export function frontDepth(x: number, y: number): number {
  const flat = 1 - Math.pow(x / (SKULL.rx * 1.2), 2) - Math.pow((y - SKULL.y) / (SKULL.ry * 1.2), 2)
  const skull = SKULL.z + SKULL.rz * 1.08 * Math.sqrt(Math.max(0, flat))
  const beside = mix(0, -3.4, smoothstep(0.5, 5, y))
  return mix(beside, skull, smoothstep(1, 7, y) * smoothstep(9.2, 6.4, Math.abs(x)))
}

/** The two sheets as patches of the head. */
export function hairPatches({ front, back }: { front: HairSheet; back: HairSheet }): { front: Patch; back: Patch } {
  const patch = (
    sheet: HairSheet,
    columns: number,
    rows: number,
    depth: (x: number, y: number) => number,
    hidden: (x: number, y: number) => boolean,
  ): Patch =>
    new Patch(
      {
        columns,
        rows,
        place: (s, t) => {
          const x = sheet.left + (sheet.right - sheet.left) * s
          const y = sheet.top + (sheet.bottom - sheet.top) * t
          return [x, y, depth(x, y)]
        },
        hidden,
      },
      sheet.texture,
    )
  return {
    front: patch(front, 26, 26, frontDepth, () => false),
    // Face and neck always cover the middle.
    back: patch(
      back,
      24,
      20,
      () => -6,
      (x, y) => Math.hypot(x / 7, (y - SKULL.y) / (y > SKULL.y ? 8.5 : 60)) < (y > 0 ? 0.9 : 0.66),
    ),
  }
}
