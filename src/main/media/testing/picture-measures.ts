/**
 * Measures of what a retouch does to a picture. Planes are rows of `width` bytes; a mask has the size of its plane,
 * and what is not 0 counts.
 */

/** Peak signal-to-noise ratio in dB (255² over the mean squared difference); Infinity where nothing differs. */
export function psnrIn(mask: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue
    sum += (a[i]! - b[i]!) ** 2
    count++
  }
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * count) / sum)
}

/** Mean of a plane. NaN for an empty mask. */
export function meanIn(mask: Uint8Array, plane: Uint8Array): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue
    sum += plane[i]!
    count++
  }
  return sum / count
}

/**
 * Pearson correlation of the gradients of two planes (central differences, across and down as one list): 1 when every
 * edge is where it was and as strong beside the others. Whole brightness and contrast do not count.
 */
export function gradientCorrelation(mask: Uint8Array, a: Uint8Array, b: Uint8Array, width: number): number {
  let [ab, aa, bb, sumA, sumB, count] = [0, 0, 0, 0, 0, 0]
  for (let i = width; i < mask.length - width; i++) {
    if (mask[i] === 0) continue
    for (const step of [1, width]) {
      const ga = a[i + step]! - a[i - step]!
      const gb = b[i + step]! - b[i - step]!
      ab += ga * gb
      aa += ga * ga
      bb += gb * gb
      sumA += ga
      sumB += gb
      count++
    }
  }
  const covariance = ab - (sumA * sumB) / count
  return covariance / Math.sqrt((aa - sumA ** 2 / count) * (bb - sumB ** 2 / count))
}

/**
 * Standard deviation of noise (Immerkaer 1996: mean absolute response of the difference of two Laplacians, which
 * neither a slope nor a bend answers to).
 */
export function noiseLevel(mask: Uint8Array, plane: Uint8Array, width: number): number {
  let [sum, count] = [0, 0]
  for (let i = width + 1; i < mask.length - width - 1; i++) {
    if (mask[i] === 0) continue
    const corners = plane[i - width - 1]! + plane[i - width + 1]! + plane[i + width - 1]! + plane[i + width + 1]!
    const sides = plane[i - width]! + plane[i + width]! + plane[i - 1]! + plane[i + 1]!
    sum += Math.abs(corners - 2 * sides + 4 * plane[i]!)
    count++
  }
  return (Math.sqrt(Math.PI / 2) * sum) / (6 * count)
}

/** Standard deviation of the means of size x size pixels, less their slope: blotches, without noise and shading. */
export function blotchiness(mask: Uint8Array, plane: Uint8Array, width: number, size: number): number {
  const means = new Map<number, number>()
  const columns = Math.floor(width / size)
  for (let row = 0; row + size <= mask.length / width; row += size) {
    for (let column = 0; column < columns; column++) {
      let [sum, inside] = [0, true]
      for (let i = 0; i < size * size && inside; i++) {
        const at = (row + Math.floor(i / size)) * width + column * size + (i % size)
        inside = mask[at] !== 0
        sum += plane[at]!
      }
      if (inside) means.set((row / size) * columns + column, sum / (size * size))
    }
  }
  // The second difference across and down, whose deviation is sqrt(6) times that of independent values.
  let [squares, count] = [0, 0]
  for (const [at, mean] of means) {
    for (const step of [1, columns]) {
      const [before, after] = [means.get(at - step), means.get(at + step)]
      if (before === undefined || after === undefined) continue
      squares += (before - 2 * mean + after) ** 2
      count++
    }
  }
  return Math.sqrt(squares / count / 6)
}

/** Values between the least and the largest of a plane that no pixel has: a stretched picture has many. */
export function histogramHoles(mask: Uint8Array, plane: Uint8Array): number {
  const seen = new Uint8Array(256)
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) seen[plane[i]!] = 1
  const first = seen.indexOf(1)
  const last = seen.lastIndexOf(1)
  return seen.subarray(first, last + 1).filter((value) => value === 0).length
}

/** 255 inside of a closed outline (even-odd rule), by the middle of each pixel. @param outline x, y of each corner */
export function maskInside(width: number, height: number, outline: ArrayLike<number>): Uint8Array {
  const mask = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const crossings: number[] = []
    for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
      const [yi, yj] = [outline[i + 1]! - y - 0.5, outline[j + 1]! - y - 0.5]
      if (yi <= 0 !== yj <= 0) crossings.push(outline[i]! - (yi / (yj - yi)) * (outline[j]! - outline[i]!))
    }
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5))
      const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5))
      if (to > from) mask.fill(255, y * width + from, y * width + to)
    }
  }
  return mask
}

/** 255 nearer to a place than `radius` pixels. */
export function maskAround(width: number, height: number, x: number, y: number, radius: number): Uint8Array {
  const mask = new Uint8Array(width * height)
  for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius + 1); row++)
    for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(width, x + radius + 1); column++)
      if (Math.hypot(column - x, row - y) <= radius) mask[row * width + column] = 255
  return mask
}

/** 255 where `mask` is 0. */
export function inverted(mask: Uint8Array): Uint8Array {
  return mask.map((value) => (value === 0 ? 255 : 0))
}

/** What is in any of the masks. */
export function union(...masks: readonly [Uint8Array, ...Uint8Array[]]): Uint8Array {
  return masks[0].map((_, i) => (masks.some((mask) => mask[i] !== 0) ? 255 : 0))
}
