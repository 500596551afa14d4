/**
 * A picture the rasterizer samples, in the frame's own colour space so that drawing needs no conversion. Kept small:
 * drawing is bound by memory, not by arithmetic.
 */
export interface Texture {
  width: number
  height: number
  /** Luma above black (Y - 16, 0..219). */
  luma: Uint8Array
  /** The same in the low byte, coverage (255 = solid) in the high byte. */
  lumaAlpha: Uint16Array
  /** Half size like the frame's chroma, `width >> 1` wide: U in the low byte, V in the high byte. */
  chroma: Uint16Array
  /** Whether any texel is not solid. */
  sheer: boolean
}

/** Display-referred RGB (0..1) while a texture is being painted, with coverage; 4 floats a pixel. */
export class Canvas {
  readonly rgba: Float32Array

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rgba = new Float32Array(width * height * 4)
  }

  /** Lays a colour over pixel `index` (y * width + x) with the given coverage; colours are not premultiplied. */
  over(index: number, r: number, g: number, b: number, coverage: number): void {
    const at = index * 4
    const data = this.rgba
    const under = data[at + 3]!
    const alpha = coverage + under * (1 - coverage)
    if (alpha <= 0) return
    const share = coverage / alpha
    data[at] = data[at]! + (r - data[at]!) * share
    data[at + 1] = data[at + 1]! + (g - data[at + 1]!) * share
    data[at + 2] = data[at + 2]! + (b - data[at + 2]!) * share
    data[at + 3] = alpha
  }

  set(index: number, r: number, g: number, b: number, alpha = 1): void {
    const at = index * 4
    this.rgba[at] = r
    this.rgba[at + 1] = g
    this.rgba[at + 2] = b
    this.rgba[at + 3] = alpha
  }
}

/** Converts to limited-range BT.601 (ITU-R BT.601 section 2.5) with a soft shoulder above 0.85 instead of clipping. */
export function toTexture(canvas: Canvas): Texture {
  const width = canvas.width & ~1
  const height = canvas.height & ~1
  const texture: Texture = {
    width,
    height,
    luma: new Uint8Array(width * height),
    lumaAlpha: new Uint16Array(width * height),
    chroma: new Uint16Array((width * height) / 4),
    sheer: false,
  }
  const { rgba } = canvas
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      // Chroma is the mean of four texels, each counted by its coverage.
      let weight = 1e-6
      let sumU = 0
      let sumV = 0
      for (let k = 0; k < 4; k++) {
        const column = x + (k & 1)
        const row = y + (k >> 1)
        const at = (row * canvas.width + column) * 4
        const r = shoulder(rgba[at]!)
        const g = shoulder(rgba[at + 1]!)
        const b = shoulder(rgba[at + 2]!)
        const light = 0.299 * r + 0.587 * g + 0.114 * b
        const alpha = Math.round(255 * Math.min(1, rgba[at + 3]!))
        const luma = Math.round(219 * light)
        texture.luma[row * width + column] = luma
        texture.lumaAlpha[row * width + column] = luma | (alpha << 8)
        if (alpha < 255) texture.sheer = true
        weight += alpha
        sumU += ((b - light) / 1.772) * alpha
        sumV += ((r - light) / 1.402) * alpha
      }
      texture.chroma[((y * width) >> 2) + (x >> 1)] =
        Math.round(128 + (224 * sumU) / weight) | (Math.round(128 + (224 * sumV) / weight) << 8)
    }
  }
  return texture
}

function shoulder(x: number): number {
  if (x <= 0) return 0
  return x < 0.85 ? x : 0.85 + 0.15 * (1 - Math.exp((0.85 - x) / 0.15))
}

/** Separable box blur of one float plane, in place, `passes` times; three passes are close to a Gaussian. */
export function boxBlur(
  plane: Float32Array,
  width: number,
  height: number,
  stride: number,
  offset: number,
  radius: number,
  passes: number,
): void {
  if (radius < 1) return
  const line = new Float32Array(Math.max(width, height))
  const run = (start: number, step: number, length: number): void => {
    for (let i = 0; i < length; i++) line[i] = plane[start + i * step]!
    const last = length - 1
    let sum = 0
    for (let k = -radius; k <= radius; k++) sum += line[Math.min(last, Math.max(0, k))]!
    for (let i = 0; i < length; i++) {
      plane[start + i * step] = sum / (2 * radius + 1)
      sum += line[Math.min(last, i + radius + 1)]! - line[Math.max(0, i - radius)]!
    }
  }
  for (let pass = 0; pass < passes; pass++) {
    for (let y = 0; y < height; y++) run(y * width * stride + offset, stride, width)
    for (let x = 0; x < width; x++) run(x * stride + offset, width * stride, height)
  }
}
