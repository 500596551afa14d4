import { LEFT_EYE, lipOutline, NOSTRILS, RIGHT_EYE, UPPER_LIP } from './face-regions'
import type { EyeRows } from './face-regions'
import { highlight, irradiance, toDisplay } from './lighting'
import { hairline } from './hair'
import { SKULL } from './head-mesh'
import type { HeadMesh } from './head-mesh'
import { fractal2, hash01, mix, noise2, smoothstep } from './noise'
import type { Occlusion } from './occlusion'
import { curve, SkinLayer } from './skin-paint'
import type { Point } from './skin-paint'
import { unrollSkin } from './skin-surface'
import type { SkinSurface } from './skin-surface'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'

/** What is painted before light falls on it; each layer covers the whole texture. */
interface SkinLayers {
  lips: SkinLayer
  red: SkinLayer
  brown: SkinLayer
  hair: SkinLayer
  shade: SkinLayer
  /** Height of relief, texels; positive bulges out. */
  relief: Float32Array
}

/**
 * Paints the skin and lights it in the resting pose: colour, freckles, pores, wrinkles, brows, lashes, lips, then
 * key, fill and rim lamp with shadows. Drawing only scales this picture, so all of it costs nothing per frame.
 * @param size texture edge in texels
 */
export function bakeSkin(head: HeadMesh, occlusion: Occlusion, size: number): Texture {
  const surface = unrollSkin(head, occlusion, size, Math.max(1, Math.round(size / 300)))
  const perCm = (size * 0.78) / 18.5
  const point = (index: number): Point => [head.uv[index * 2]! * size, head.uv[index * 2 + 1]! * size]
  const row = (indices: readonly number[], closed = false): Point[] => curve(indices.map(point), closed)
  const layers: SkinLayers = {
    lips: new SkinLayer(size),
    red: new SkinLayer(size),
    brown: new SkinLayer(size),
    hair: new SkinLayer(size),
    shade: new SkinLayer(size),
    relief: new Float32Array(size * size),
  }
  paintLips(layers, row, perCm)
  paintTone(layers, point, row, perCm)
  for (const eye of [LEFT_EYE, RIGHT_EYE]) {
    paintEye(layers, eye, row, point, perCm)
    paintBrow(layers, eye, point, perCm)
  }
  paintFreckles(layers, surface, perCm)
  paintScalp(layers, surface)
  sculpt(layers, surface, row, point, perCm)
  return toTexture(dilate(light(surface, layers), surface, Math.ceil(size / 60)))
}

type Row = (indices: readonly number[], closed?: boolean) => Point[]
type At = (index: number) => Point

function paintLips(layers: SkinLayers, row: Row, perCm: number): void {
  layers.lips.area(row(lipOutline(0), true), 0.1 * perCm, 1)
  const seam = row([78, ...UPPER_LIP[3], 308])
  layers.shade.stroke(seam, 0.16 * perCm, 0.55, false)
  layers.shade.stroke(row([95, 88, 178, 87, 14, 317, 402, 318, 324]), 0.08 * perCm, 0.35, false)
  for (const corner of [row([61, 76, 62, 78]), row([291, 306, 292, 308])]) {
    layers.shade.stroke(corner, 0.28 * perCm, 0.6)
  }
  // The lower lip throws a soft shade on the chin.
  layers.shade.stroke(
    row([91, 181, 84, 17, 314, 405, 321]).map(([x, y]): Point => [x, y + 0.35 * perCm]),
    0.55 * perCm,
    0.3,
  )
}

function paintTone(layers: SkinLayers, point: At, row: Row, perCm: number): void {
  for (const index of [50, 280]) layers.red.spot(point(index), 2.7 * perCm, 0.5)
  for (const index of [4, 1]) layers.red.spot(point(index), 1.5 * perCm, 0.5)
  layers.red.spot(point(199), 1.6 * perCm, 0.28)
  for (const nostril of NOSTRILS) {
    layers.shade.area(row(nostril, true), 0.1 * perCm, 1)
    layers.red.area(row(nostril, true), 0.4 * perCm, 0.9)
  }
  layers.shade.stroke(row([49, 102, 129, 64, 98]), 0.3 * perCm, 0.38)
  layers.shade.stroke(row([279, 331, 358, 294, 327]), 0.3 * perCm, 0.38)
  layers.shade.stroke(row([97, 2, 326]), 0.35 * perCm, 0.35)
  // Blemishes, so that smoothing has something to do: forehead, cheek, chin, beside the nose.
  const blemishes: [number, number, number, number][] = [
    [151, -0.9, 0.5, 0.16],
    [108, 0.3, -0.2, 0.12],
    [205, -0.4, 0.5, 0.17],
    [187, 0.5, 0.4, 0.13],
    [425, 0.6, -0.3, 0.15],
    [352, 0.4, 0.6, 0.12],
    [200, 0.8, 0.3, 0.15],
    [421, 0.5, 0.9, 0.11],
    [337, 0.4, 0.2, 0.12],
  ]
  for (const [index, dx, dy, radius] of blemishes) {
    const [x, y] = point(index)
    const at: Point = [x + dx * perCm, y + dy * perCm]
    layers.red.spot(at, radius * 2.1 * perCm, 0.85)
    raise(layers, at, radius * 1.6 * perCm, 0.035 * perCm)
  }
  // Two moles.
  for (const [index, dx, dy] of [
    [434, 0.1, -0.3],
    [117, -0.6, 0.5],
  ] as const) {
    const [x, y] = point(index)
    layers.brown.spot([x + dx * perCm, y + dy * perCm], 0.14 * perCm, 1)
  }
}

function paintEye(layers: SkinLayers, eye: EyeRows, row: Row, point: At, perCm: number): void {
  const upper = row([eye.outer, ...eye.upper, eye.inner])
  const lower = row([eye.outer, ...eye.lower, eye.inner])
  layers.hair.stroke(upper, 0.19 * perCm, 1)
  layers.hair.stroke(lower.slice(0, Math.ceil(lower.length * 0.75)), 0.06 * perCm, 0.4)
  layers.red.stroke(lower, 0.3 * perCm, 0.5)
  layers.red.spot(point(eye.inner), 0.35 * perCm, 0.7)
  const lid = eye.lid.map((index, i): Point => {
    const [ax, ay] = point(index)
    const [bx, by] = point(eye.crease[i]!)
    return [mix(ax, bx, 0.28), mix(ay, by, 0.28)]
  })
  layers.shade.stroke(curve(lid), 0.16 * perCm, 0.5)
  layers.shade.stroke(row(eye.crease), 0.6 * perCm, 0.16)
  layers.brown.stroke(row(eye.lid), 0.4 * perCm, 0.18)
  // Tired skin under the eye: brownish, with a groove.
  layers.brown.stroke(row(eye.groove.slice(2)), 0.55 * perCm, 0.22)
  layers.shade.stroke(row(eye.groove.slice(2)), 0.2 * perCm, 0.13)
}

function paintBrow(layers: SkinLayers, eye: EyeRows, point: At, perCm: number): void {
  const top = curve(eye.browTop.map(point))
  const bottom = curve(eye.browBottom.map(point))
  const at = (s: number, t: number): Point => {
    const index = Math.min(top.length - 1, Math.max(0, s * (top.length - 1)))
    const low = Math.floor(index)
    const high = Math.min(top.length - 1, low + 1)
    const f = index - low
    const x = mix(mix(bottom[low]![0], bottom[high]![0], f), mix(top[low]![0], top[high]![0], f), t)
    const y = mix(mix(bottom[low]![1], bottom[high]![1], f), mix(top[low]![1], top[high]![1], f), t)
    return [x, y]
  }
  const hairs = 260
  for (let i = 0; i < hairs; i++) {
    // s runs from the tail (0) to the nose (1); the tail is thin, the head is loose and upright.
    const s = 0.02 + 0.96 * hash01(i, 1, eye.outer)
    const thin = 0.35 + 0.45 * smoothstep(0, 0.5, s)
    const middle = 0.42 + 0.1 * s
    const t = middle + (hash01(i, 2, eye.outer) - 0.5) * thin
    const upright = smoothstep(0.75, 1, s)
    const length = 0.1 + 0.05 * hash01(i, 3, eye.outer)
    const root = at(s, t - 0.1)
    const bend = at(s - length * (0.55 - 0.3 * upright), t + 0.08 + 0.12 * upright)
    const tip = at(s - length * (1 - 0.5 * upright), t + 0.1 + 0.28 * upright)
    layers.hair.stroke(curve([root, bend, tip]), Math.max(1.1, 0.058 * perCm), 0.55 + 0.35 * hash01(i, 4, eye.outer))
  }
  const spine = [0.04, 0.2, 0.4, 0.6, 0.8, 0.93].map((s) => at(s, 0.45))
  layers.hair.stroke(spine, 0.5 * perCm, 0.55)
}

function paintFreckles(layers: SkinLayers, surface: SkinSurface, perCm: number): void {
  const { size } = surface
  for (let i = 0; i < 1500; i++) {
    const x = hash01(i, 11) * size
    const y = hash01(i, 12) * size
    const index = Math.floor(y) * size + Math.floor(x)
    if (!surface.covered[index]) continue
    const [px, py] = [surface.positions[index * 3]!, surface.positions[index * 3 + 1]!]
    const cheeks = smoothstep(3.4, 0.6, Math.hypot((Math.abs(px) - 3.1) / 1.25, py - 0.1))
    const nose = smoothstep(1.7, 0.3, Math.hypot(px, (py - 1) / 1.6))
    const density = Math.max(cheeks * 0.95, nose * 0.8, 0.07)
    if (hash01(i, 13) > density) continue
    const strength = 0.14 + 0.3 * hash01(i, 14) * hash01(i, 15)
    layers.brown.spot([x, y], (0.045 + 0.08 * hash01(i, 16)) * perCm, strength)
  }
}

/** Colours the skin behind the hairline like hair, so that no skin shines through between the strands. */
function paintScalp(layers: SkinLayers, surface: SkinSurface): void {
  const { size, positions } = surface
  for (let i = 0; i < size * size; i++) {
    if (!surface.covered[i]) continue
    const x = (positions[i * 3]! - SKULL.x) / SKULL.rx
    const y = (positions[i * 3 + 1]! - SKULL.y) / SKULL.ry
    const z = (positions[i * 3 + 2]! - SKULL.z) / SKULL.rz
    const fromTop = (Math.abs(Math.atan2(x, y)) * 180) / Math.PI
    if (fromTop > 96) continue
    const front = (Math.asin(Math.min(1, Math.max(-1, z / Math.hypot(x, y, z)))) * 180) / Math.PI
    const ragged = 3 * noise2((i % size) * 0.25, Math.floor(i / size) * 0.25, 151)
    const share = smoothstep(0.5, 4.5, hairline(fromTop) - front - ragged) * smoothstep(96, 90, fromTop)
    layers.hair.values[i] = Math.max(layers.hair.values[i]!, 0.93 * share)
  }
}

function raise(layers: SkinLayers, [cx, cy]: Point, radius: number, height: number): void {
  const { size } = layers.red
  for (let y = Math.max(0, Math.floor(cy - radius)); y <= Math.min(size - 1, cy + radius); y++) {
    for (let x = Math.max(0, Math.floor(cx - radius)); x <= Math.min(size - 1, cx + radius); x++) {
      layers.relief[y * size + x]! += height * smoothstep(1, 0, Math.hypot(x + 0.5 - cx, y + 0.5 - cy) / radius)
    }
  }
}

/** Pores, fine creases, lip lines and wrinkles as relief. */
function sculpt(layers: SkinLayers, surface: SkinSurface, row: Row, point: At, perCm: number): void {
  const { size } = surface
  const wrinkles = new SkinLayer(size)
  const shifted = (indices: readonly number[], dy: number): Point[] =>
    row(indices).map(([x, y]): Point => [x, y + dy * perCm + Math.sin(x / perCm) * 0.06 * perCm])
  wrinkles.stroke(shifted([104, 69, 108, 151, 337, 299, 333], -0.1), 0.16 * perCm, 0.022)
  wrinkles.stroke(shifted([69, 108, 151, 337, 299], 0.75), 0.15 * perCm, 0.017)
  wrinkles.stroke(shifted([103, 67, 109, 10, 338, 297, 332], 0.9), 0.15 * perCm, 0.012)
  wrinkles.stroke(row([129, 203, 206, 216, 212]), 0.3 * perCm, 0.038)
  wrinkles.stroke(row([358, 423, 426, 436, 432]), 0.3 * perCm, 0.038)
  for (const eye of [LEFT_EYE, RIGHT_EYE]) {
    const [ox, oy] = point(eye.outer)
    const side = eye === LEFT_EYE ? -1 : 1
    for (const [angle, length] of [
      [-0.35, 0.8],
      [0.05, 0.95],
      [0.45, 0.85],
    ] as const) {
      const from: Point = [ox + side * 0.35 * perCm, oy + angle * 0.5 * perCm]
      const to: Point = [from[0] + side * length * perCm, from[1] + angle * length * 0.9 * perCm]
      wrinkles.stroke([from, to], 0.09 * perCm, 0.016)
    }
    wrinkles.stroke(row(eye.below), 0.1 * perCm, 0.018)
  }
  const grain = 4.2 / perCm
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const index = y * size + x
      if (!surface.covered[index]) continue
      const lip = layers.lips.values[index]!
      const px = surface.positions[index * 3]!
      const py = surface.positions[index * 3 + 1]!
      const oily = smoothstep(3.6, 0.8, Math.hypot(px / 1.6, py - 0.3)) + smoothstep(3, 1, Math.hypot(px / 2, py - 6))
      const pore = noise2(x * grain * 1.6, y * grain * 1.6, 31)
      const pits = -smoothstep(0.62, 0.9, pore) * (0.5 + 0.5 * oily)
      const uneven = fractal2(x * grain * 0.45, y * grain * 0.45, 3, 41) - 0.5
      const skin = pits * 0.016 + uneven * 0.022
      const lines = (noise2(x * grain * 1.3, y * grain * 0.16, 51) - 0.5) * 0.1 + lip * 0.04
      layers.relief[index]! += (mix(skin, lines, lip) - wrinkles.values[index]!) * perCm
    }
  }
}

function light(surface: SkinSurface, layers: SkinLayers): Canvas {
  const { size, openness, keyVisibility } = surface
  const canvas = new Canvas(size, size)
  const lamp = new Float32Array(3)
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const i = y * size + x
      if (!surface.covered[i]) continue
      const lip = layers.lips.values[i]!
      const shade = layers.shade.values[i]!
      const hair = layers.hair.values[i]!
      const red = layers.red.values[i]!
      const brown = layers.brown.values[i]!
      // Texture x runs to the right of the picture, texture y down.
      const slopeX =
        surface.covered[i + 1] && surface.covered[i - 1] ? layers.relief[i + 1]! - layers.relief[i - 1]! : 0
      const slopeY =
        surface.covered[i + size] && surface.covered[i - size] ? layers.relief[i + size]! - layers.relief[i - size]! : 0
      let nx = surface.normals[i * 3]! - slopeX * 0.5
      let ny = surface.normals[i * 3 + 1]! + slopeY * 0.5
      let nz = surface.normals[i * 3 + 2]!
      const length = Math.hypot(nx, ny, nz)
      nx /= length
      ny /= length
      nz /= length
      const open = openness[i]! * (1 - 0.55 * shade)
      irradiance(nx, ny, nz, keyVisibility[i]! * (1 - 0.5 * shade), open, lamp)
      const blotch = fractal2(x * 0.035, y * 0.035, 3, 61) - 0.5
      const fine = fractal2(x * 0.3, y * 0.3, 2, 71) - 0.5
      const pigment = 1 + 0.16 * blotch + 0.1 * fine
      let r = 0.66 * pigment * (1 - 0.02 * red) * (1 - 0.32 * brown)
      let g = 0.372 * pigment * (1 - 0.3 * red - 0.1 * blotch) * (1 - 0.5 * brown)
      let b = 0.252 * pigment * (1 - 0.3 * red - 0.1 * blotch) * (1 - 0.62 * brown)
      r = mix(r, 0.5, lip * 0.88)
      g = mix(g, 0.12, lip * 0.88)
      b = mix(b, 0.12, lip * 0.88)
      r = mix(r, 0.05, hair)
      g = mix(g, 0.03, hair)
      b = mix(b, 0.022, hair)
      const gloss = (0.75 + 0.9 * lip) * (1 - hair) * (1 - shade) * openness[i]!
      const shine = highlight(nx, ny, nz) * gloss * (0.25 + 0.75 * keyVisibility[i]!)
      const deep = 1 - 0.75 * Math.max(0, shade - 0.6) * 2.5
      canvas.set(
        i,
        toDisplay((r * lamp[0]! + shine) * deep),
        toDisplay((g * lamp[1]! + shine) * deep * (1 - 0.12 * shade)),
        toDisplay((b * lamp[2]! + shine) * deep * (1 - 0.16 * shade)),
      )
    }
  }
  return canvas
}

/** Lets the skin run over the edges of the mesh, so that sampling there never meets an unpainted texel. */
function dilate(canvas: Canvas, surface: SkinSurface, steps: number): Canvas {
  const { size } = surface
  const { rgba } = canvas
  let edge: number[] = []
  for (let i = size; i < size * (size - 1); i++) if (rgba[i * 4 + 3]! > 0) edge.push(i)
  for (let step = 0; step < steps; step++) {
    const next: number[] = []
    for (const i of edge) {
      for (const neighbour of [i - 1, i + 1, i - size, i + size]) {
        if (neighbour < 0 || neighbour >= size * size || rgba[neighbour * 4 + 3]! > 0) continue
        rgba.copyWithin(neighbour * 4, i * 4, i * 4 + 4)
        next.push(neighbour)
      }
    }
    edge = next
  }
  return canvas
}
