import { fractal2, hash01, mix, noise2, smoothstep } from './noise'
import { boxBlur, Canvas, toTexture } from './texture'
import type { I420Frame } from '../i420'
import { i420Size, planesOf } from '../i420'

/**
 * The studio behind the presenter, out of focus: a wall of upright slats, a shelf, a lamp and a framed print. Its
 * straight lines show at once when a warp bends more than the face.
 */
export function paintBackdrop(width: number, height: number): I420Frame {
  // Painted at half size: the blur hides it and it takes a quarter of the time.
  const halfWidth = width >> 1
  const halfHeight = height >> 1
  const half = new Canvas(halfWidth, halfHeight)
  for (let py = 0; py < halfHeight; py++) {
    for (let px = 0; px < halfWidth; px++) {
      // u runs from -aspect/2 to aspect/2, v from 0 at the top to 1.
      const u = ((px + 0.5) / halfWidth - 0.5) * (width / height)
      const [r, g, b] = roomColour(u, (py + 0.5) / halfHeight)
      half.set(py * halfWidth + px, r, g, b)
    }
  }
  const radius = Math.max(1, Math.round(height / 520))
  for (let c = 0; c < 3; c++) boxBlur(half.rgba, halfWidth, halfHeight, 4, c, radius, 3)
  const canvas = doubled(half)
  for (let i = 0; i < width * height; i++) {
    // Fine sensor grain, so that large areas do not band.
    const grain = (hash01(i, 7) - 0.5) * 0.012
    for (let c = 0; c < 3; c++) canvas.rgba[i * 4 + c]! += grain
  }
  return toFrame(canvas)
}

/** Twice the size, bilinear. */
function doubled(half: Canvas): Canvas {
  const { width, height, rgba } = half
  const canvas = new Canvas(width * 2, height * 2)
  for (let y = 0; y < canvas.height; y++) {
    const near = y >> 1
    const other = Math.min(height - 1, Math.max(0, y & 1 ? near + 1 : near - 1))
    for (let x = 0; x < canvas.width; x++) {
      const nearX = x >> 1
      const otherX = Math.min(width - 1, Math.max(0, x & 1 ? nearX + 1 : nearX - 1))
      for (let c = 0; c < 3; c++) {
        const line = (row: number): number =>
          0.75 * rgba[(row * width + nearX) * 4 + c]! + 0.25 * rgba[(row * width + otherX) * 4 + c]!
        canvas.rgba[(y * canvas.width + x) * 4 + c] = 0.75 * line(near) + 0.25 * line(other)
      }
      canvas.rgba[(y * canvas.width + x) * 4 + 3] = 1
    }
  }
  return canvas
}

function toFrame(canvas: Canvas): I420Frame {
  const { width, height } = canvas
  const texture = toTexture(canvas)
  const frame: I420Frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const planes = planesOf(frame)
  for (let i = 0; i < texture.luma.length; i++) planes.y[i] = texture.luma[i]! + 16
  for (let i = 0; i < texture.chroma.length; i++) {
    planes.u[i] = texture.chroma[i]! & 255
    planes.v[i] = texture.chroma[i]! >> 8
  }
  return frame
}

type Rgb = readonly [number, number, number]

const LAMP = { u: 0.66, v: 0.3 } as const

function roomColour(u: number, v: number): Rgb {
  // Warm light of the lamp on the right, cool daylight from the left.
  const warm = Math.exp(-((u - LAMP.u) ** 2 * 5 + (v - LAMP.v - 0.04) ** 2 * 7))
  const cool = smoothstep(0.1, -1, u) * (1 - 0.5 * v)
  const glow = (base: Rgb): Rgb => {
    const level = 0.52 + 0.1 * (1 - v)
    return [
      base[0] * (level + 0.12 * cool + 0.72 * warm),
      base[1] * (level + 0.17 * cool + 0.5 * warm),
      base[2] * (level + 0.24 * cool + 0.26 * warm),
    ]
  }
  let colour = u < 0.2 ? slats(u, v) : plaster(u, v)
  const print = framed(u, v)
  if (print) colour = print
  const shelf = shelves(u, v)
  if (shelf) colour = shelf
  let [r, g, b] = glow(colour)
  const shade = lampShade(u, v)
  r = mix(r, 1.15, shade)
  g = mix(g, 0.93, shade)
  b = mix(b, 0.66, shade)
  const vignette = 1 - 0.16 * smoothstep(0.45, 1.05, Math.hypot(u, (v - 0.5) * 1.2))
  return [r * vignette, g * vignette, b * vignette]
}

function plaster(u: number, v: number): Rgb {
  const tone = 0.96 + 0.06 * fractal2(u * 5, v * 5, 3, 121)
  return [0.66 * tone, 0.63 * tone, 0.6 * tone]
}

/** Upright oak slats on dark felt. */
function slats(u: number, v: number): Rgb {
  const pitch = 0.052
  const place = (u + 2) / pitch
  const slat = Math.floor(place)
  const across = place - slat
  const tone = 0.86 + 0.2 * hash01(slat, 9)
  const wood = 0.9 + 0.2 * noise2(u * 160, v * 2.2, 131)
  const lit = smoothstep(0.66, 0.6, across) * (0.82 + 0.25 * smoothstep(0.25, 0, across))
  return [mix(0.1, 0.57 * tone * wood, lit), mix(0.1, 0.43 * tone * wood, lit), mix(0.11, 0.31 * tone * wood, lit)]
}

/** A print in a thin black frame, upper left. */
function framed(u: number, v: number): Rgb | null {
  const x = (u + 0.62) / 0.155
  const y = (v - 0.31) / 0.205
  const outside = Math.max(Math.abs(x), Math.abs(y))
  if (outside > 1) return null
  if (outside > 0.94) return [0.09, 0.085, 0.08]
  if (outside > 0.72) return [0.93, 0.91, 0.87]
  const hill = 0.25 * Math.sin(x * 3.1 + 0.4) + 0.1 * Math.sin(x * 7)
  const far = 0.12 * Math.sin(x * 4 + 2) - 0.15
  const sun = Math.hypot(x - 0.25, (y + 0.35) * 1.3) < 0.17
  if (y > hill + 0.2) return [0.16, 0.3, 0.33]
  if (y > far + 0.1) return [0.36, 0.52, 0.52]
  return sun ? [0.95, 0.62, 0.38] : [0.93, 0.8, 0.66]
}

/** Two boards with books and a plant on the right. */
function shelves(u: number, v: number): Rgb | null {
  if (u < 0.36) return null
  for (const board of [0.52, 0.83]) {
    if (v > board && v < board + 0.022) return [0.5, 0.37, 0.25]
    if (v > board + 0.022 && v < board + 0.045) return [0.4, 0.38, 0.36]
  }
  const books = book(u, v, 0.52, 0.38, 0.56) ?? book(u, v, 0.83, 0.52, 0.86)
  if (books) return books
  return plant(u, v)
}

const SPINES: readonly Rgb[] = [
  [0.62, 0.3, 0.22],
  [0.2, 0.34, 0.4],
  [0.82, 0.78, 0.7],
  [0.3, 0.28, 0.3],
  [0.72, 0.56, 0.3],
  [0.34, 0.42, 0.32],
  [0.5, 0.2, 0.24],
]

function book(u: number, v: number, board: number, from: number, to: number): Rgb | null {
  if (u < from || u > to || v > board) return null
  let left = from
  for (let n = 0; left < to; n++) {
    const thick = 0.016 + 0.02 * hash01(n, board * 100)
    const tall = 0.11 + 0.07 * hash01(n, board * 100, 3)
    if (u < left + thick) {
      if (v < board - tall) return null
      const across = (u - left) / thick
      const band = Math.abs(board - v - tall * 0.75) < 0.006 ? 1.35 : 1
      const round = (0.72 + 0.35 * Math.sin(Math.PI * across)) * band
      const [r, g, b] = SPINES[Math.floor(hash01(n, board * 100, 5) * SPINES.length)]!
      return [r * round, g * round, b * round]
    }
    left += thick
  }
  return null
}

function plant(u: number, v: number): Rgb | null {
  const potX = u - 0.44
  const potY = (v - 0.775) / 0.055
  if (Math.abs(potY) < 1 && Math.abs(potX) < 0.042 - 0.008 * potY) return [0.78, 0.74, 0.69]
  for (let leaf = 0; leaf < 16; leaf++) {
    const angle = -Math.PI / 2 + (leaf / 15 - 0.5) * 2.7
    const length = 0.09 + 0.07 * hash01(leaf, 141)
    const x = potX - Math.cos(angle) * length * 0.6
    const y = v - 0.725 - Math.sin(angle) * length * 0.6
    const along = x * Math.cos(angle) + y * Math.sin(angle)
    const side = -x * Math.sin(angle) + y * Math.cos(angle)
    if ((along / (length * 0.5)) ** 2 + (side / 0.013) ** 2 < 1) {
      const tone = 0.7 + 0.5 * hash01(leaf, 143) + (side > 0 ? 0.15 : 0)
      return [0.16 * tone, 0.33 * tone, 0.17 * tone]
    }
  }
  return null
}

function lampShade(u: number, v: number): number {
  const y = (v - LAMP.v) / 0.085
  const half = 0.075 + 0.016 * y
  if (Math.abs(y) < 1) return 0.95 * smoothstep(half, half - 0.006, Math.abs(u - LAMP.u)) * (0.82 + 0.18 * y * y)
  // Its stem down to the board.
  return 0
}
