import type { FaceRegion } from '../face-region'
import { FOREHEAD_TOP, LEFT_BROW, LEFT_EYE, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE } from '../mesh-indices'
import type { PixelPlane } from '../pixel-kernel'
import type { RegionPlanes } from '../region-planes'
import type { SkinTone } from '../skin-tone'
import type { WorkingGrid } from '../working-grid'

/** Ellipses around the middle of some points: half axes across and up in face widths. Hair is where it meets the face. */
const PLACES = [
  { points: [...RIGHT_EYE, ...RIGHT_BROW], across: 0.19, up: 0.15 },
  { points: [...LEFT_EYE, ...LEFT_BROW], across: 0.19, up: 0.15 },
  { points: LIPS_OUTER, across: 0.24, up: 0.14 },
  { points: [FOREHEAD_TOP], across: 0.6, up: 0.3 },
] as const
/** How many times the detail is added at full strength. */
const AMOUNT = 1.4
/** Detail below this is noise, in luma; and how many times the skin's own grain. */
const CORE = 1.2
const GRAIN = 0.9
/** How far beyond its neighbours a pixel may go, as a share of their range: a wider seam would be a halo. */
const OVERSHOOT = 0.08

/**
 * Clearer eyes, brows, lips and hair: unsharp masking that leaves out skin and noise and stays within the range of
 * the neighbours.
 */
export class Clarity {
  #rows = new Uint8Array(0)

  /** @param strength 0..1 */
  apply(planes: RegionPlanes, grid: WorkingGrid, region: FaceRegion, tone: SkinTone, strength: number): void {
    const radius = Math.max(1, Math.round(region.faceWidth / 320))
    const core = CORE + GRAIN * Math.sqrt(Math.max(tone.texture, 0))
    for (const place of PLACES) this.#sharpen(planes.y, grid, region, place, radius, core, AMOUNT * strength)
  }

  #sharpen(
    luma: PixelPlane,
    grid: WorkingGrid,
    region: FaceRegion,
    place: (typeof PLACES)[number],
    radius: number,
    core: number,
    amount: number,
  ): void {
    const { across, up, step } = region
    let [mx, my] = [-region.left, -region.top]
    for (const index of place.points) {
      mx += region.points[3 * index]! / place.points.length
      my += region.points[3 * index + 1]! / place.points.length
    }
    const ra = place.across * region.faceWidth
    const rb = place.up * region.faceWidth
    const halfWidth = Math.hypot(ra * across[0], rb * up[0])
    const halfHeight = Math.hypot(ra * across[1], rb * up[1])
    const left = Math.max(Math.floor(mx - halfWidth), radius)
    const right = Math.min(Math.ceil(mx + halfWidth), luma.width - radius)
    const top = Math.max(Math.floor(my - halfHeight), radius)
    const bottom = Math.min(Math.ceil(my + halfHeight), luma.height - radius)
    if (right <= left || bottom <= top) return
    const width = right - left + 2 * radius
    this.#copy(luma, left - radius, top - radius, width, bottom - top + 2 * radius)
    for (let y = top; y < bottom; y++) {
      const row = luma.start + y * luma.stride
      const samples = Math.floor(y / step) * grid.width
      for (let x = left; x < right; x++) {
        const p = ((x - mx) * across[0] + (y - my) * across[1]) / ra
        const q = ((x - mx) * up[0] + (y - my) * up[1]) / rb
        const near = 1 - p * p - q * q
        if (near <= 0) continue
        const share = Math.min(3 * near, 1) * (1 - grid.skin[samples + Math.floor(x / step)]!)
        if (share > 0.02) {
          const at = (y - top + radius) * width + x - left + radius
          luma.pixels[row + x] = this.#clear(at, radius, radius * width, core, amount * share)
        }
      }
    }
  }

  #clear(at: number, side: number, down: number, core: number, amount: number): number {
    const rows = this.#rows
    const value = rows[at]!
    const [n, s, w, e] = [rows[at - down]!, rows[at + down]!, rows[at - side]!, rows[at + side]!]
    const detail = value - (4 * value + 3 * (n + s + w + e)) / 16
    const size = Math.abs(detail)
    if (size <= core) return value
    const low = Math.min(value, n, s, w, e)
    const high = Math.max(value, n, s, w, e)
    const spare = OVERSHOOT * (high - low)
    const clear = value + (amount * detail * (size - core)) / size
    return Math.round(Math.min(Math.max(clear, low - spare, 0), high + spare, 255))
  }

  #copy({ pixels, start, stride }: PixelPlane, left: number, top: number, width: number, height: number): void {
    if (this.#rows.length < width * height) this.#rows = new Uint8Array(2 * width * height)
    for (let y = 0; y < height; y++) {
      const from = start + (top + y) * stride + left
      this.#rows.set(pixels.subarray(from, from + width), y * width)
    }
  }
}
