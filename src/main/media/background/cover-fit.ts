import type { RgbImage } from '../i420'

/** Scales a picture so that it fills the size, and cuts what sticks out, evenly on both sides. Mean over the area. */
export function coverFit(image: RgbImage, width: number, height: number): RgbImage {
  const scale = Math.min(image.width / width, image.height / height)
  const left = (image.width - scale * width) / 2
  const top = (image.height - scale * height) / 2
  const across = shares(left, scale, width, image.width)
  const down = shares(top, scale, height, image.height)
  // First the columns of every row that is needed, then the rows: what one pixel takes from is a rectangle.
  const rows = new Map<number, Float32Array>()
  const rowOf = (y: number): Float32Array => {
    let row = rows.get(y)
    if (!row) {
      row = new Float32Array(width * 3)
      for (let x = 0; x < width; x++) {
        for (const [column, share] of across[x]!) {
          const at = (y * image.width + column) * 3
          for (let n = 0; n < 3; n++) row[3 * x + n]! += share * image.data[at + n]!
        }
      }
      rows.set(y, row)
    }
    return row
  }
  const data = new Uint8Array(width * height * 3)
  const sum = new Float32Array(width * 3)
  for (let y = 0; y < height; y++) {
    sum.fill(0)
    for (const [line, share] of down[y]!) {
      const row = rowOf(line)
      for (let i = 0; i < row.length; i++) sum[i]! += share * row[i]!
    }
    for (let i = 0; i < sum.length; i++) data[y * width * 3 + i] = Math.round(sum[i]!)
    const next = down[y + 1]?.[0]?.[0] ?? image.height
    for (const line of rows.keys()) if (line < next) rows.delete(line)
  }
  return { width, height, data }
}

/** Which source pixels make each target pixel, and by how much: bilinear when enlarged, the mean when reduced. */
function shares(start: number, scale: number, count: number, length: number): [number, number][][] {
  const reach = Math.max(scale, 1)
  return Array.from({ length: count }, (_, i) => {
    const centre = start + (i + 0.5) * scale - 0.5
    const weights = new Map<number, number>()
    let total = 0
    for (let j = Math.ceil(centre - reach); j <= Math.floor(centre + reach); j++) {
      const weight = 1 - Math.abs(j - centre) / reach
      if (weight <= 0) continue
      const inside = Math.min(Math.max(j, 0), length - 1)
      weights.set(inside, (weights.get(inside) ?? 0) + weight)
      total += weight
    }
    return [...weights].map(([j, weight]) => [j, weight / total])
  })
}
