import type { DipLook } from '../pixel-kernel'
import type { WorkingGrid } from '../working-grid'

/** A flaw is lifted by at most so much: what is left of it keeps the skin believable. */
const MOST_PULL = 0.9
/** A fold may be so much deeper than a spot; it is lifted by no more than the deepest spot, so that none breaks up. */
const FOLD = 3
/** Difference of V at which a spot begins to be red, and how much more makes it wholly so. */
const RED_FROM = 1
const RED_SPAN = 2.5
/** Excess of luma over which shine comes to its full share. */
const KNEE = 10
/** Excess of luma at which shine has lost its colour, and how much of the colour around comes back there. */
const PALE = 30
const RECOLOUR = 0.7

/** See `PixelKernel.fillDips`. */
export function fillDips(grid: WorkingGrid, { radius, spots, least, most }: DipLook): void {
  const { width, height, luma, v, skin, lines, gain, offset, redness } = grid
  redness.fill(0, 0, width * height)
  const slant = Math.max(1, Math.round(radius * 0.7))
  const down = radius * width
  const falling = slant * (width + 1)
  const rising = slant * (width - 1)
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      const at = y * width + x
      const mask = skin[at]!
      if (mask <= 0) continue
      const light = luma[at]!
      const a = luma[at - radius]! + luma[at + radius]!
      const b = luma[at - down]! + luma[at + down]!
      const c = luma[at - falling]! + luma[at + falling]!
      const d = luma[at - rising]! + luma[at + rising]!
      const round = 0.5 * Math.min(a, b, c, d) - light
      const line = 0.5 * Math.max(a, b, c, d) - light
      const asSpot = spots * mask * countOf(round, least, most)
      const asLine = lines[at]! * mask * countOf(line, least, FOLD * most)
      const pull = MOST_PULL * Math.max(asSpot, asLine)
      const lift = MOST_PULL * Math.max(asSpot * round, asLine * Math.min(line, most))
      gain[at] = (1 - pull) * (1 + gain[at]!) - 1
      offset[at] = (1 - pull) * offset[at]! + pull * light + lift
      const e = v[at - radius]! + v[at + radius]!
      const f = v[at - down]! + v[at + down]!
      const g = v[at - falling]! + v[at + falling]!
      const h = v[at - rising]! + v[at + rising]!
      const red = (v[at]! - 0.5 * Math.max(e, f, g, h) - RED_FROM) / RED_SPAN
      redness[at] = Math.max(spots * mask * Math.min(Math.max(red, 0), 1), asSpot)
    }
  }
}

/** 0 up to a depth of `least`, 1 from twice that on, 0 again from one and a half times `most`. */
function countOf(depth: number, least: number, most: number): number {
  const rise = Math.min(Math.max(depth / least - 1, 0), 1)
  const fall = Math.min(Math.max(3 - (2 * depth) / most, 0), 1)
  return rise * fall
}

/** See `PixelKernel.dullShine`. */
export function dullShine(grid: WorkingGrid, share: number, from: number): void {
  const { width, height, luma, skin, offset, redness } = grid
  const count = width * height
  for (let i = 0; i < count; i++) {
    const excess = luma[i]! - from
    if (excess <= 0) continue
    const mask = share * skin[i]!
    offset[i]! -= (mask * excess * excess) / (excess + KNEE)
    redness[i] = Math.max(redness[i]!, RECOLOUR * mask * Math.min(excess / PALE, 1))
  }
}
