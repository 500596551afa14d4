import type { RgbImage } from '../i420'

/** Scales a picture so that it fills the size, and cuts what sticks out, evenly on both sides. Mean over the area. */
export function coverFit(image: RgbImage, width: number, height: number): RgbImage {
  const scale = Math.min(image.width / width, image.height / height)
  const across = tapsOf((image.width - scale * width) / 2, scale, width, image.width)
  const down = tapsOf((image.height - scale * height) / 2, scale, height, image.height)
  const line = width * 3
  // Rows at the new width, as many as one new row is made of, each worked out once.
  const rows = new Float32Array(down.count * line)
  const held = new Int32Array(down.count).fill(-1)
  const data = new Uint8Array(height * line)
  const sum = new Float32Array(line)
  for (let y = 0; y < height; y++) {
    sum.fill(0)
    for (let tap = y * down.count; tap < (y + 1) * down.count; tap++) {
      const source = down.from[tap]!
      const slot = source % down.count
      const row = rows.subarray(slot * line, (slot + 1) * line)
      if (held[slot] !== source) shrinkRow(image, source, across, row)
      held[slot] = source
      const share = down.share[tap]!
      for (let i = 0; i < line; i++) sum[i]! += share * row[i]!
    }
    for (let i = 0; i < line; i++) data[y * line + i] = sum[i]! + 0.5
  }
  return { width, height, data }
}

/** For each new place `count` old ones, one behind the other, and the share of each. */
interface Taps {
  count: number
  from: Int32Array
  share: Float32Array
}

/** Bilinear when enlarged, the mean of the neighbourhood when reduced; the border goes on outside. */
function tapsOf(start: number, scale: number, places: number, length: number): Taps {
  const reach = Math.max(scale, 1)
  const count = Math.ceil(2 * reach)
  const from = new Int32Array(places * count)
  const share = new Float32Array(places * count)
  for (let i = 0; i < places; i++) {
    const centre = start + (i + 0.5) * scale - 0.5
    const first = Math.ceil(centre - reach)
    let total = 0
    for (let j = 0; j < count; j++) {
      from[i * count + j] = Math.min(Math.max(first + j, 0), length - 1)
      total += share[i * count + j] = Math.max(1 - Math.abs(first + j - centre) / reach, 0)
    }
    for (let j = 0; j < count; j++) share[i * count + j]! /= total
  }
  return { count, from, share }
}

function shrinkRow({ data, width }: RgbImage, y: number, { count, from, share }: Taps, row: Float32Array): void {
  for (let x = 0, tap = 0; x < row.length; x += 3) {
    let [r, g, b] = [0, 0, 0]
    for (let j = 0; j < count; j++, tap++) {
      const at = (y * width + from[tap]!) * 3
      const part = share[tap]!
      r += part * data[at]!
      g += part * data[at + 1]!
      b += part * data[at + 2]!
    }
    row[x] = r
    row[x + 1] = g
    row[x + 2] = b
  }
}
