import type { Target } from './raster'
import { dotOf, GLYPH_HEIGHT, GLYPH_WIDTH } from './bitmap-font'

/** Wall clock of this computer, hh:mm:ss.mmm, and the number of the frame. */
export function clockText(clockMs: number, frameIndex: number): string {
  const at = new Date(clockMs)
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')
  const time = `${pad(at.getHours(), 2)}:${pad(at.getMinutes(), 2)}:${pad(at.getSeconds(), 2)}`
  return `${time}.${pad(at.getMilliseconds(), 3)} #${pad(frameIndex, 6)}`
}

/** Writes the text into the lower right corner on a dark plate; dot size follows the height of the picture. */
export function drawClock(target: Target, text: string): void {
  const dot = Math.max(1, Math.round(target.height / 360))
  const pad = 4 * dot
  const width = (text.length * (GLYPH_WIDTH + 1) - 1) * dot
  const left = (target.width - width - 2 * pad - 6 * dot) & ~1
  const top = (target.height - GLYPH_HEIGHT * dot - 2 * pad - 10 * dot) & ~1
  plate(target, left, top, width + 2 * pad, GLYPH_HEIGHT * dot + 2 * pad)
  for (let n = 0; n < text.length; n++) {
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if (!dotOf(text[n]!, column, row)) continue
        const x = left + pad + (n * (GLYPH_WIDTH + 1) + column) * dot
        const y = top + pad + row * dot
        for (let k = 0; k < dot; k++)
          target.luma.fill(222, (y + k) * target.width + x, (y + k) * target.width + x + dot)
      }
    }
  }
}

/** Darkens a rectangle to a third and takes its colour away; left and top are even. */
function plate(target: Target, left: number, top: number, width: number, height: number): void {
  for (let y = Math.max(0, top); y < Math.min(target.height, top + height); y++) {
    const row = y * target.width
    const stop = row + Math.min(target.width, left + width)
    for (let i = row + Math.max(0, left); i < stop; i++) target.luma[i] = 20 + ((target.luma[i]! * 80) >> 8)
    if (y & 1) continue
    const half = target.width >> 1
    const from = (y >> 1) * half + (Math.max(0, left) >> 1)
    const to = (y >> 1) * half + ((Math.min(target.width, left + width) + 1) >> 1)
    target.u.fill(128, from, to)
    target.v.fill(128, from, to)
  }
}
