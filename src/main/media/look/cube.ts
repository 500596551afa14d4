import { unit, type ColourMap } from './colour-map'

/** Smallest and largest side of a 3-D table. 65 is the largest that tools write. */
export const CUBE_SIZES = { least: 2, most: 65 } as const

/** A colour table as a .cube file holds it (Adobe Cube LUT Specification 1.0). */
export interface Cube {
  /** `1d`: a curve for each of red, green, blue. `3d`: any colour to any colour. */
  kind: '1d' | '3d'
  title: string
  /** Entries of a side. */
  size: number
  domainMin: readonly [number, number, number]
  domainMax: readonly [number, number, number]
  /** Triples; in a 3-D table red runs fastest, then green, then blue. */
  data: Float32Array
}

/** Samples a map into a 3-D table over 0 to 1. */
export function bakeCube(map: ColourMap, size = 33, title = ''): Cube {
  const data = new Float32Array(size ** 3 * 3)
  const colour = new Float64Array(3)
  let at = 0
  for (let b = 0; b < size; b++) {
    for (let g = 0; g < size; g++) {
      for (let r = 0; r < size; r++) {
        colour[0] = r / (size - 1)
        colour[1] = g / (size - 1)
        colour[2] = b / (size - 1)
        map(colour)
        for (let channel = 0; channel < 3; channel++) data[at++] = unit(colour[channel]!)
      }
    }
  }
  return { kind: '3d', title, size, domainMin: [0, 0, 0], domainMax: [1, 1, 1], data }
}

/** The table as a map; between its entries a 3-D one is interpolated over tetrahedra, a 1-D one in straight lines. */
export function cubeMap(cube: Cube): ColourMap {
  return cube.kind === '3d' ? tableMap(cube) : curveMap(cube)
}

function curveMap({ size, domainMin, domainMax, data }: Cube): ColourMap {
  const last = size - 1
  return (colour) => {
    for (let channel = 0; channel < 3; channel++) {
      const low = domainMin[channel]!
      const x = unit((colour[channel]! - low) / (domainMax[channel]! - low)) * last
      const at = Math.min(Math.floor(x), last - 1)
      const from = data[at * 3 + channel]!
      colour[channel] = from + (data[at * 3 + 3 + channel]! - from) * (x - at)
    }
  }
}

/**
 * Tetrahedral interpolation, as ffmpeg's lut3d and colour tools have it: 4 entries instead of 8, and grey stays on the
 * table's own diagonal.
 */
function tableMap({ size, domainMin, domainMax, data }: Cube): ColourMap {
  const last = size - 1
  const [minR, minG, minB] = domainMin
  const [scaleR, scaleG, scaleB] = domainMax.map((high, channel) => 1 / (high - domainMin[channel]!)) as [
    number,
    number,
    number,
  ]
  const [stepR, stepG, stepB] = [3, 3 * size, 3 * size * size]
  return (colour) => {
    const r = unit((colour[0]! - minR) * scaleR) * last
    const g = unit((colour[1]! - minG) * scaleG) * last
    const b = unit((colour[2]! - minB) * scaleB) * last
    const atR = r < last ? Math.floor(r) : last - 1
    const atG = g < last ? Math.floor(g) : last - 1
    const atB = b < last ? Math.floor(b) : last - 1
    const fr = r - atR
    const fg = g - atG
    const fb = b - atB
    // From the near corner to the far one along the axes, the largest share first.
    const high = fr > fg ? (fr > fb ? fr : fb) : fg > fb ? fg : fb
    const low = fr < fg ? (fr < fb ? fr : fb) : fg < fb ? fg : fb
    const middle = fr + fg + fb - high - low
    const near = atR * stepR + atG * stepG + atB * stepB
    const far = near + stepR + stepG + stepB
    const one = near + (fr === high ? stepR : fg === high ? stepG : stepB)
    // The last axis is the one with the least share; not the first axis again when all are equal.
    const two = far - (fb === low ? stepB : fg === low ? stepG : stepR)
    for (let channel = 0; channel < 3; channel++) {
      colour[channel] =
        (1 - high) * data[near + channel]! +
        (high - middle) * data[one + channel]! +
        (middle - low) * data[two + channel]! +
        low * data[far + channel]!
    }
  }
}
