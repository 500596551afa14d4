import { i420Size, planesOf, type I420Frame, type RgbImage } from '../i420'
import { I420Source } from './i420-source'
import { roiOfPicture } from './roi'

/** A disc that fades at its edge: centre and radii in face heights from the middle of the face, colour, opacity. */
type Blob = [x: number, y: number, rx: number, ry: number, luma: number, u: number, v: number, opacity: number]

/** Skin, hair, eyes, brows, nose and mouth of a very plain portrait: just enough for the models to see a face. */
const BLOBS: Blob[] = [
  [0, -0.12, 0.47, 0.58, 45, 124, 134, 1],
  [0, 0.62, 0.22, 0.4, 125, 112, 150, 1],
  [0, 0.02, 0.38, 0.52, 165, 112, 150, 1],
  [-0.1, -0.05, 0.2, 0.4, 182, 114, 148, 0.6],
  [0, -0.5, 0.4, 0.17, 45, 124, 134, 1],
  ...[-1, 1].flatMap((side): Blob[] => [
    [side * 0.165, -0.13, 0.11, 0.025, 60, 122, 136, 0.9],
    [side * 0.165, -0.04, 0.095, 0.05, 125, 114, 148, 0.7],
    [side * 0.165, -0.035, 0.08, 0.034, 215, 128, 128, 1],
    [side * 0.165, -0.035, 0.034, 0.034, 40, 126, 132, 1],
    [side * 0.045, 0.155, 0.028, 0.018, 80, 116, 148, 0.9],
  ]),
  [0.03, 0.06, 0.035, 0.12, 145, 112, 150, 0.5],
  [0, 0.12, 0.06, 0.035, 188, 114, 148, 0.7],
  [0, 0.28, 0.14, 0.028, 105, 116, 168, 0.9],
  [0, 0.3, 0.1, 0.03, 125, 112, 168, 0.8],
  [0, 0.28, 0.13, 0.007, 55, 118, 150, 0.9],
]

/** Where to draw a face: its middle and its height in pixels, its turn in radians, clockwise. */
export interface DrawnFace {
  x: number
  y: number
  height: number
  turn?: number
}

/**
 * Draws plain portraits, so that tests of the tracker need no media. The models are as sure of them as of a person.
 * The pupils lie at (-0.165, -0.035) and (0.165, -0.035) face heights from the middle, the mouth at (0, 0.28).
 */
export function drawFaces(width: number, height: number, faces: DrawnFace[]): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const { y: luma, u, v } = planesOf(frame)
  luma.fill(110)
  u.fill(128)
  v.fill(128)
  for (const face of faces) {
    for (const blob of BLOBS) {
      paint(luma, width, height, 1, face, blob, blob[4])
      paint(u, width / 2, height / 2, 2, face, blob, blob[5])
      paint(v, width / 2, height / 2, 2, face, blob, blob[6])
    }
  }
  return frame
}

/** The same as a square RGB picture of `side` pixels (an even number). */
export function drawFacesRgb(side: number, faces: DrawnFace[]): RgbImage {
  const planes = new Float32Array(3 * side * side)
  const source = new I420Source(drawFaces(side, side, faces))
  source.crop(roiOfPicture(side, side), { side, low: 0, planes })
  const data = new Uint8Array(planes.length)
  for (let i = 0; i < data.length; i++) data[i] = Math.round(planes[(i % 3) * side * side + Math.floor(i / 3)]! * 255)
  return { width: side, height: side, data }
}

function paint(
  plane: Uint8Array,
  width: number,
  height: number,
  step: number,
  face: DrawnFace,
  [bx, by, rx, ry, , , , opacity]: Blob,
  value: number,
): void {
  const cos = Math.cos(face.turn ?? 0)
  const sin = Math.sin(face.turn ?? 0)
  const cx = (face.x + (bx * cos - by * sin) * face.height) / step
  const cy = (face.y + (bx * sin + by * cos) * face.height) / step
  const reach = (1.2 * Math.max(rx, ry) * face.height) / step
  for (let row = Math.max(0, Math.floor(cy - reach)); row < Math.min(height, cy + reach); row++) {
    for (let column = Math.max(0, Math.floor(cx - reach)); column < Math.min(width, cx + reach); column++) {
      const dx = ((column + 0.5 - cx) * step) / face.height
      const dy = ((row + 0.5 - cy) * step) / face.height
      const distance = Math.hypot((dx * cos + dy * sin) / rx, (dy * cos - dx * sin) / ry)
      const cover = opacity * Math.min(Math.max((1.08 - distance) / 0.16, 0), 1)
      const at = row * width + column
      if (cover > 0) plane[at] = Math.round(plane[at]! + (value - plane[at]!) * cover)
    }
  }
}
