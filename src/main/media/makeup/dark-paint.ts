import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { FaceTone } from './face-tone'

/** Nothing gets darker than this share of the skin's luma. */
const DARKEST = 0.1

/** Paints a coverage in soft black, as kohl and mascara: darkens what is lighter, never lightens. */
export function paintDark(frame: I420Frame, cover: Coverage, tone: FaceTone, strength: number): void {
  const { data, width, height } = frame
  const { plane, left, top, width: w, height: h } = cover
  const dark = 16 + DARKEST * Math.max(tone.luma - 16, 0)
  const half = width >> 1
  const uAt = width * height
  const vAt = uAt + (uAt >> 2)
  for (let y = 0; y < h; y += 2) {
    for (let x = cover.startOfTwo(y), end = cover.endOfTwo(y); x < end; x += 2) {
      const i = y * w + x
      const sum = plane[i]! + plane[i + 1]! + plane[i + w]! + plane[i + w + 1]!
      if (sum <= 0.01) continue
      const at = (top + y) * width + left + x
      data[at] = darkened(data[at]!, dark, strength, plane[i]!)
      data[at + 1] = darkened(data[at + 1]!, dark, strength, plane[i + 1]!)
      data[at + width] = darkened(data[at + width]!, dark, strength, plane[i + w]!)
      data[at + width + 1] = darkened(data[at + width + 1]!, dark, strength, plane[i + w + 1]!)
      const cell = ((top + y) >> 1) * half + ((left + x) >> 1)
      const fade = 0.75 * strength * Math.min(sum / 4, 1)
      data[uAt + cell] = (data[uAt + cell]! + (128 - data[uAt + cell]!) * fade + 0.5) | 0
      data[vAt + cell] = (data[vAt + cell]! + (128 - data[vAt + cell]!) * fade + 0.5) | 0
    }
  }
}

/** Where lashes cross, they cover no more than all. */
function darkened(luma: number, dark: number, strength: number, cover: number): number {
  return luma > dark ? (luma + (dark - luma) * strength * (cover < 1 ? cover : 1) + 0.5) | 0 : luma
}
