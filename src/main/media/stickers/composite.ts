import { planesOf, type I420Frame } from '../i420'
import { TILE, type StickerCanvas } from './sticker-canvas'

/** A surface this many centimetres behind the skin is half hidden, twice as many hide it: no hard cut where they meet. */
const SINK = 0.25
const CELLS = TILE / 2

/** Lays the canvas over the frame in place, without what the head hides. @param fade opacity of all, 0..1 */
export function composite(canvas: StickerCanvas, frame: I420Frame, fade: number): void {
  const { y, u, v } = planesOf(frame)
  if (fade < 1) dim(canvas, Math.round(256 * fade))
  const { tiles, tilesAcross, tilesDown } = canvas
  for (let row = 0, tile = 0; row < tilesDown; row++)
    for (let column = 0; column < tilesAcross; column++, tile++)
      if (tiles[tile] !== 0) layTile(canvas, frame.width, y, u, v, column, row)
}

function layTile(
  { left, top, width, height, colour, depth, headDepth, headWidth, headHeight }: StickerCanvas,
  frameWidth: number,
  luma: Uint8Array,
  u: Uint8Array,
  v: Uint8Array,
  column: number,
  row: number,
): void {
  const end = Math.min(width, (column + 1) * TILE)
  const bottom = Math.min(height, (row + 1) * TILE)
  const nearest = nearestOf(headDepth, headWidth, headHeight, column * CELLS, row * CELLS)
  for (let py = row * TILE; py < bottom; py += 2) {
    const px = column * TILE
    let out = (top + py) * frameWidth + left + px
    let chroma = (((top + py) * frameWidth) / 2 + left + px) >> 1
    let cell = (py / 2 + 1) * headWidth + 1 + px / 2
    const stop = py * width + end
    for (let at = py * width + px; at < stop; at += 2, out += 2, chroma++, cell++) {
      let c0 = colour[at]!
      let c1 = colour[at + 1]!
      let c2 = colour[at + width]!
      let c3 = colour[at + width + 1]!
      if ((c0 | c1 | c2 | c3) === 0) continue
      if (c0 !== 0 && depth[at]! < nearest) c0 = behind(c0, depth[at]!, headDepth, cell, -1, -headWidth)
      if (c1 !== 0 && depth[at + 1]! < nearest) c1 = behind(c1, depth[at + 1]!, headDepth, cell, 1, -headWidth)
      if (c2 !== 0 && depth[at + width]! < nearest) c2 = behind(c2, depth[at + width]!, headDepth, cell, -1, headWidth)
      if (c3 !== 0 && depth[at + width + 1]! < nearest)
        c3 = behind(c3, depth[at + width + 1]!, headDepth, cell, 1, headWidth)
      const blue = ((c0 >> 16) & 255) + ((c1 >> 16) & 255) + ((c2 >> 16) & 255) + ((c3 >> 16) & 255)
      const red = ((c0 >> 8) & 255) + ((c1 >> 8) & 255) + ((c2 >> 8) & 255) + ((c3 >> 8) & 255)
      const below = out + frameWidth
      if ((c0 & c1 & c2 & c3 & 255) === 255) {
        luma[out] = c0 >>> 24
        luma[out + 1] = c1 >>> 24
        luma[below] = c2 >>> 24
        luma[below + 1] = c3 >>> 24
        u[chroma] = (blue + 2) >> 2
        v[chroma] = (red + 2) >> 2
        continue
      }
      const cover = (c0 & 255) + (c1 & 255) + (c2 & 255) + (c3 & 255)
      if (cover === 0) continue
      luma[out] = (c0 >>> 24) + kept(luma[out]!, 255 - (c0 & 255))
      luma[out + 1] = (c1 >>> 24) + kept(luma[out + 1]!, 255 - (c1 & 255))
      luma[below] = (c2 >>> 24) + kept(luma[below]!, 255 - (c2 & 255))
      luma[below + 1] = (c3 >>> 24) + kept(luma[below + 1]!, 255 - (c3 & 255))
      const rest = 1020 - cover
      u[chroma] = (blue + kept(u[chroma]!, rest) + 2) >> 2
      v[chroma] = (red + kept(v[chroma]!, rest) + 2) >> 2
    }
  }
}

/** Takes a share of 256 of every colour. */
function dim({ colour, width, height }: StickerCanvas, share: number): void {
  for (let i = 0; i < width * height; i++) if (colour[i] !== 0) colour[i] = scaled(colour[i]!, share)
}

/** All four bytes times a share of 256, two at once. */
function scaled(colour: number, share: number): number {
  const high = Math.imul((colour >>> 8) & 0xff00ff, share) & 0xff00ff00
  const low = (Math.imul(colour & 0xff00ff, share) >>> 8) & 0xff00ff
  return high | low
}

/** value * share / 255, rounded. */
function kept(value: number, share: number): number {
  const product = Math.imul(value, share) + 128
  return (product + (product >> 8)) >> 8
}

/** The nearest place of the head in and around a tile: what lies before it needs no closer look. */
function nearestOf(depths: Float32Array, width: number, height: number, left: number, top: number): number {
  const right = Math.min(width, left + CELLS + 2)
  const bottom = Math.min(height, top + CELLS + 2)
  let nearest = -Infinity
  for (let row = top; row < bottom; row++) {
    for (let at = row * width + left; at < row * width + right; at++) {
      const depth = depths[at]!
      if (depth > nearest) nearest = depth
    }
  }
  return nearest
}

/**
 * What the head lets through of a colour: the four cells around a pixel are compared and the answers mixed, so that the
 * outline of the head is soft (percentage-closer filtering: Reeves, Salesin, Cook, SIGGRAPH 1987).
 */
function behind(colour: number, z: number, depths: Float32Array, cell: number, dx: number, dy: number): number {
  const here = depths[cell]!
  const beside = depths[cell + dx]!
  const beyond = depths[cell + dy]!
  const corner = depths[cell + dx + dy]!
  if (z >= here && z >= beside && z >= beyond && z >= corner) return colour
  const share = 9 * seen(z - here) + 3 * (seen(z - beside) + seen(z - beyond)) + seen(z - corner)
  const k = (share * 16) | 0
  if (k === 0) return 0
  return k >= 256 ? colour : scaled(colour, k)
}

function seen(before: number): number {
  const share = 1 + before / (2 * SINK)
  return share > 1 ? 1 : share > 0 ? share : 0
}
