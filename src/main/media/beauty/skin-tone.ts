import { smoothStep, type FaceRegion } from './face-region'
import { SKIN_SAMPLES } from './mesh-indices'
import type { SkinGate } from './pixel-kernel'
import { sortFirst } from './sort-first'
import type { WorkingGrid } from './working-grid'

/** What the skin of one face looks like in this light. */
export interface SkinTone {
  luma: number
  u: number
  v: number
  /** Variance of luma within a sample: pores and grain. */
  texture: number
}

/** Texture of hair in good light begins here. */
const ROUGH = 36

/** Where the samples lie and what they are, of the present face. */
const places = new Int32Array(SKIN_SAMPLES.length)
const values = new Float32Array(SKIN_SAMPLES.length)

/**
 * Colour of the skin: middle half of the samples, so that a hand, a glass or a beard over some does not count.
 * Null when no sample lies in the region.
 */
export function skinToneOf(grid: WorkingGrid, region: FaceRegion): SkinTone | null {
  const count = findPlaces(grid, region)
  if (count === 0) return null
  return {
    luma: middleOf(grid.luma, count),
    u: middleOf(grid.u, count),
    v: middleOf(grid.v, count),
    texture: middleOf(grid.texture, count),
  }
}

/** Indices of the grid's samples under points of the skin that lie in the region; returns how many. */
function findPlaces({ width, height }: WorkingGrid, { points, left, top, step }: FaceRegion): number {
  let count = 0
  for (const index of SKIN_SAMPLES) {
    const x = Math.floor((points[index * 3]! - left) / step)
    const y = Math.floor((points[index * 3 + 1]! - top) / step)
    if (x >= 0 && y >= 0 && x < width && y < height) places[count++] = y * width + x
  }
  return count
}

/** Mean of the middle half of the samples. */
function middleOf(plane: Float32Array, count: number): number {
  for (let i = 0; i < count; i++) values[i] = plane[places[i]!]!
  sortFirst(values, count)
  const cut = Math.floor(count / 4)
  let sum = 0
  for (let i = cut; i < count - cut; i++) sum += values[i]!
  return sum / (count - 2 * cut)
}

/**
 * How to tell this skin from all else. Less light scales colour and luma alike, so colour is judged by its direction
 * from grey and by how far it lies along it; luma only refuses what is far darker (hair, nostrils, brows, frames of
 * glasses).
 */
export function skinGateOf(tone: SkinTone): SkinGate {
  const du = tone.u - 128
  const dv = tone.v - 128
  const chroma = Math.hypot(du, dv)
  // Hardly any colour (a grey film, blue light): there is no direction, only a distance from grey.
  const length = Math.max(chroma, 6)
  return {
    axisU: chroma > 1 ? du / chroma : 0,
    axisV: chroma > 1 ? dv / chroma : 1,
    chroma,
    backwards: 1 / (0.45 * length + 3),
    forwards: 1 / (0.6 * length + 4),
    sideways: 1 / (4 + 0.24 * length),
    shaded: 1.5 / Math.max(tone.luma - 16, 1),
    luma: tone.luma,
    // Around the face only colour can tell neck from wall, and a beige wall differs from skin by little but its hue.
    strictly: 1 / (2.2 + 0.12 * length),
    darkFrom: 16 + 0.25 * (tone.luma - 16),
    darkTo: 16 + 0.55 * (tone.luma - 16),
    roughFrom: 3 * tone.texture + ROUGH * lightOf(tone),
    roughTo: 8 * tone.texture + 3 * ROUGH * lightOf(tone),
  }
}

/** How strong differences of luma are in this light, squared: 1 in good light, less in the dark and on dark skin. */
export function lightOf(tone: SkinTone): number {
  const light = Math.min(Math.max((tone.luma - 16) / 130, 0.25), 1)
  return light * light
}

/** 0..1: whether the picture has colour; a grey film gets no rose cheeks, and shows no teeth by their colour. */
export function colourOf(tone: SkinTone): number {
  return smoothStep(3, 9, Math.hypot(tone.u - 128, tone.v - 128))
}
