/** Deterministic hash of up to three integers to [0, 1); xxhash-like avalanche, enough for texture noise. */
export function hash01(a: number, b = 0, c = 0): number {
  let h = Math.imul(a | 0, 0x27d4eb2d) ^ Math.imul(b | 0, 0x165667b1) ^ Math.imul(c | 0, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth value noise in [0, 1], lattice spacing 1; `seed` picks an independent field. */
export function noise2(x: number, y: number, seed: number): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const top = hash01(ix, iy, seed) * (1 - sx) + hash01(ix + 1, iy, seed) * sx
  const bottom = hash01(ix, iy + 1, seed) * (1 - sx) + hash01(ix + 1, iy + 1, seed) * sx
  return top * (1 - sy) + bottom * sy
}

/** Sum of octaves of value noise, mean 0.5, about [0, 1]. */
export function fractal2(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0
  let weight = 0
  let amplitude = 1
  let scale = 1
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * noise2(x * scale, y * scale, seed + octave)
    weight += amplitude
    amplitude *= 0.5
    scale *= 2
  }
  return sum / weight
}

/** Hermite step from 0 at `from` to 1 at `to`; `from` may be the larger. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}
