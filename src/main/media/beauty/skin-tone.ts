import type { FaceRegion } from './face-region'
import { smoothStep } from './face-region'
import { SKIN_SAMPLES } from './mesh-indices'
import type { WorkingGrid } from './working-grid'

/** What the skin of one face looks like in this light. */
export interface SkinTone {
  luma: number
  u: number
  v: number
}

/** Colour of the skin: middle half of the samples, so that a hand, a glass or a beard over some does not count. */
export function skinToneOf(grid: WorkingGrid, region: FaceRegion): SkinTone {
  const places = SKIN_SAMPLES.map((i) => sampleAt(grid, region, i)).filter((at) => at !== null)
  const middle = (plane: Float32Array): number => trimmedMean(places.map((at) => plane[at]!))
  return { luma: middle(grid.luma), u: middle(grid.u), v: middle(grid.v) }
}

/** Index of the grid's sample under a point of the mesh; null outside of the region. */
function sampleAt(grid: WorkingGrid, { points, left, top, step }: FaceRegion, index: number): number | null {
  const x = Math.floor((points[index * 3]! - left) / step)
  const y = Math.floor((points[index * 3 + 1]! - top) / step)
  return x >= 0 && y >= 0 && x < grid.width && y < grid.height ? y * grid.width + x : null
}

/** Mean of the middle half; not a number when there is nothing. */
function trimmedMean(values: number[]): number {
  values.sort((a, b) => a - b)
  const cut = Math.floor(values.length / 4)
  const kept = values.slice(cut, values.length - cut)
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

/**
 * Fills `target` with how much each sample looks like this skin, 0..1. Less light scales colour and luma alike, so
 * colour is judged by its direction from grey and by how far it lies along it; luma only refuses what is far darker
 * (hair, nostrils, brows, frames of glasses). Needs the outline of the face in `grid.skin`.
 */
export function gateBySkinTone(grid: WorkingGrid, tone: SkinTone, target: Float32Array): void {
  const { luma, u, v, skin } = grid
  const count = grid.width * grid.height
  const du = tone.u - 128
  const dv = tone.v - 128
  const chroma = Math.hypot(du, dv)
  // Hardly any colour (a grey film, blue light): there is no direction, only a distance from grey.
  const length = Math.max(chroma, 6)
  const [ax, ay] = chroma > 1 ? [du / chroma, dv / chroma] : [0, 1]
  const darkFrom = 16 + 0.25 * (tone.luma - 16)
  const darkTo = 16 + 0.55 * (tone.luma - 16)
  const sideways = 1 / (5 + 0.3 * length)
  // Around the face only colour can tell neck from wall, and a beige wall differs from skin by little but its hue.
  const strictly = 1 / (2.2 + 0.12 * length)
  const backwards = 1 / (0.45 * length + 3)
  const forwards = 1 / (0.6 * length + 4)
  for (let i = 0; i < count; i++) {
    const light = luma[i]!
    if (light <= darkFrom) {
      target[i] = 0
      continue
    }
    const pu = u[i]! - 128
    const pv = v[i]! - 128
    const along = pu * ax + pv * ay - chroma
    const aside = (pu * ay - pv * ax) * (skin[i]! > 0 ? sideways : strictly)
    const off = along * (along < 0 ? backwards : forwards)
    const distance = aside * aside + off * off
    // 1 up to a distance of 0.7, 0 from 1.5 on.
    const near = distance <= 0.5 ? 1 : distance >= 2.25 ? 0 : (2.25 - distance) / 1.75
    const bright = light >= darkTo ? 1 : smoothStep(darkFrom, darkTo, light)
    target[i] = near * bright
  }
}
