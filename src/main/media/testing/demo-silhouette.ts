import { paintBackdrop } from '../demo/backdrop'
import type { I420Frame } from '../i420'

/**
 * Where the demo presenter covers her room: what differs from the empty room, without the holes where the two look
 * alike. 1 or 0 for each pixel; for tests. The clock in the lower right corner counts as room.
 */
export function demoSilhouette(frame: I420Frame): Uint8Array {
  const { width, height, data } = frame
  const room = paintBackdrop(width, height)
  const same = new Uint8Array(width * height)
  const [blue, red] = [width * height, (width * height * 5) / 4]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const chroma = (y >> 1) * (width >> 1) + (x >> 1)
      const difference = [at, blue + chroma, red + chroma].map((i) => Math.abs(data[i]! - room.data[i]!))
      const clock = x > width * 0.78 && y > height * 0.92
      same[at] = clock || Math.max(...difference) < 4 ? 1 : 0
    }
  }
  // The room is what can be reached from the upper corners.
  const outside = new Uint8Array(width * height)
  const open = [0, width - 1]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (outside[at] === 1 || same[at] === 0) continue
    outside[at] = 1
    const x = at % width
    if (x > 0) open.push(at - 1)
    if (x < width - 1) open.push(at + 1)
    if (at >= width) open.push(at - width)
    if (at < width * (height - 1)) open.push(at + width)
  }
  return outside.map((value) => 1 - value)
}
