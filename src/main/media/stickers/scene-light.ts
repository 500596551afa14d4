import type { Face } from '../face/face'
import { planesOf, type I420Frame } from '../i420'

/** The light of the place where a person sits. */
export interface SceneLight {
  /** Brightness for what is put into the picture: 1 in good light. */
  level: number
  /** Chroma that the light adds for each step of luma. */
  tintU: number
  tintV: number
}

const COLUMNS = 20
const ROWS = 16
/** The brightest share of the samples stands for what the light makes of something white. */
const BRIGHT = 0.25
/** Their mean luma in a well lit picture, and in one that is nearly dark. */
const [LIT, DARK] = [172, 40]
const [LEAST, MOST] = [0.32, 1.04]
/** How much of the picture's cast is believed; skin and walls have colours of their own. */
const CAST = 0.12

const lumas = new Float32Array(COLUMNS * ROWS)

/** Measures the light in and around a face: the brightest quarter of a grid of samples. */
export function sceneLight(frame: I420Frame, { box: [bx, by, bw, bh] }: Face, out: SceneLight): void {
  const { y, u, v } = planesOf(frame)
  let [count, blue, red, all] = [0, 0, 0, 0]
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const px = Math.floor(bx + bw * ((1.8 * (column + 0.5)) / COLUMNS - 0.4))
      const py = Math.floor(by + bh * ((1.6 * (row + 0.5)) / ROWS - 0.4))
      if (!(px >= 0 && py >= 0 && px < frame.width && py < frame.height)) continue
      const cell = (py >> 1) * (frame.width / 2) + (px >> 1)
      lumas[count++] = y[py * frame.width + px]!
      all += y[py * frame.width + px]!
      blue += u[cell]! - 128
      red += v[cell]! - 128
    }
  }
  out.level = 1
  out.tintU = out.tintV = 0
  if (count === 0) return
  lumas.subarray(0, count).sort()
  const from = Math.floor(count * (1 - BRIGHT))
  let bright = 0
  for (let i = from; i < count; i++) bright += lumas[i]!
  bright /= count - from
  const share = (bright - DARK) / (LIT - DARK)
  out.level = Math.min(Math.max(LEAST + (1 - LEAST) * share, LEAST), MOST)
  const scale = CAST / Math.max(all, count)
  out.tintU = blue * scale
  out.tintV = red * scale
}
