import type { I420Frame } from '../i420'
import { planesOf } from '../i420'
import type { Target } from './raster'

/** Cells of the strip; cell x is bit x of the time, lowest at the left (live.md section 2). */
const CELLS = 40
/** 2^40 ms is 34 years, so the value is unambiguous. */
const MODULUS = 2 ** CELLS

function rowsOf(height: number): number {
  return Math.max(4, Math.round((height * 16) / 360)) & ~1
}

/** Draws floor(unix ms) mod 2^40 as 40 black or white cells over the bottom 16/360 of the picture. */
export function drawBarcode(target: Target, clockMs: number): void {
  const value = Math.floor(clockMs) % MODULUS
  const rows = rowsOf(target.height)
  for (let cell = 0; cell < CELLS; cell++) {
    const luma = Math.floor(value / 2 ** cell) % 2 === 1 ? 235 : 16
    const from = Math.round((cell * target.width) / CELLS)
    const to = Math.round(((cell + 1) * target.width) / CELLS)
    for (let y = target.height - rows; y < target.height; y++) {
      target.luma.fill(luma, y * target.width + from, y * target.width + to)
    }
  }
  const chromaFrom = ((target.height - rows) >> 1) * (target.width >> 1)
  target.u.fill(128, chromaFrom)
  target.v.fill(128, chromaFrom)
}

/** Reads the strip of a picture: unix ms mod 2^40, or null where a cell is neither black nor white. */
export function readBarcode(frame: I420Frame): number | null {
  const { y } = planesOf(frame)
  const row = frame.height - (rowsOf(frame.height) >> 1)
  let value = 0
  for (let cell = 0; cell < CELLS; cell++) {
    const middle = Math.floor(((cell + 0.5) * frame.width) / CELLS)
    const luma = y[row * frame.width + middle]!
    if (luma > 80 && luma < 170) return null
    if (luma >= 170) value += 2 ** cell
  }
  return value
}
