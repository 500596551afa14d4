import { smoothStep } from '../beauty/face-region'
import type { Coverage } from './coverage'
import { LID_CURVE, type EyeShape } from './eye-shape'

const COUNT = 24
/** In eye widths: the longest lash, and half the width of a lash at its root. */
const LENGTH = 0.19
const ROOT = 0.0095
/** Width of an eye in pixels below which there are no strokes but a shade, and from which on strokes alone. */
const SHADE_ONLY = 26
const STROKES_ONLY = 52
/** Points along one side of a lash. */
const PARTS = 4

const outline = new Float32Array(Math.max(2 * (2 * PARTS + 1), 4 * LID_CURVE))

/**
 * Adds lashes along the upper lid: tapered, bent upwards, fanned out, longest at two thirds towards the outer corner.
 * They hang down when the eye is shut. On a small face they are a soft dark edge.
 */
export function drawLashes(cover: Coverage, eye: EyeShape, strength: number): void {
  const fine = smoothStep(SHADE_ONLY, STROKES_ONLY, eye.width)
  // Seen from the front, lashes of an open eye rise; on the way down they point at the camera and look short.
  const rise = -0.75 + 1.75 * smoothStep(0.02, 0.24, eye.height)
  if (fine < 1) shade(cover, eye, rise, 0.5 * (1 - fine))
  if (fine > 0) for (let i = 0; i < COUNT; i++) lash(cover, eye, i, rise, (0.55 + 0.45 * strength) * LENGTH, fine)
}

function lash(cover: Coverage, eye: EyeShape, index: number, rise: number, longest: number, value: number): void {
  const { upper, width3d, alongX, alongY, upX, upY } = eye
  // The same irregularity in every picture: a lash keeps its place and length.
  const odd = ((index * 7919) % 17) / 17 - 0.5
  const t = 0.03 + (0.86 * (index + 0.3 * odd)) / (COUNT - 1)
  const place = t * (LID_CURVE - 1)
  const at = Math.min(Math.floor(place), LID_CURVE - 2)
  const share = place - at
  const x = upper[2 * at]! + (upper[2 * at + 2]! - upper[2 * at]!) * share
  const y = upper[2 * at + 1]! + (upper[2 * at + 3]! - upper[2 * at + 1]!) * share
  const length =
    longest * width3d * (0.42 + 0.58 * Math.sin(Math.PI * Math.min(1, 0.28 + 0.72 * (1 - t)) ** 1.6)) * (1 + 0.45 * odd)
  // Outwards at the outer corner, slightly inwards at the inner one.
  const fan = 1.5 * (0.6 - t) + 0.25 * odd
  const tipAlong = -fan * length
  const tipUp = rise * length * (1 - 0.3 * Math.min(Math.abs(fan), 1))
  // Leaves the lid flat and then bends up.
  const bendAlong = 0.42 * tipAlong
  const bendUp = 0.42 * tipUp
  const root = Math.max(ROOT * width3d, 0.34)
  let from = 0
  for (let side = 1; side >= -1; side -= 2) {
    for (let k = 0; k < PARTS; k++) {
      const s = (side > 0 ? k : PARTS - 1 - k) / PARTS
      const along = 2 * s * (1 - s) * bendAlong + s * s * tipAlong + side * root * (1 - 0.8 * s)
      const up = 2 * s * (1 - s) * bendUp + s * s * tipUp
      outline[from++] = x + along * alongX + up * upX
      outline[from++] = y + along * alongY + up * upY
    }
    if (side > 0) {
      outline[from++] = x + tipAlong * alongX + tipUp * upX
      outline[from++] = y + tipAlong * alongY + tipUp * upY
    }
  }
  cover.fill(outline, from >> 1, value)
}

/** A soft edge where single lashes would be finer than a pixel. */
function shade(cover: Coverage, { upper, width3d, upX, upY }: EyeShape, rise: number, value: number): void {
  let to = 0
  for (let i = 0; i < LID_CURVE; i++) {
    outline[to++] = upper[2 * i]! - 0.02 * width3d * upX
    outline[to++] = upper[2 * i + 1]! - 0.02 * width3d * upY
  }
  for (let i = LID_CURVE - 1; i >= 0; i--) {
    const t = i / (LID_CURVE - 1)
    const height = 0.1 * rise * width3d * Math.sin(Math.PI * Math.min(1, 0.25 + 0.75 * (1 - t)))
    outline[to++] = upper[2 * i]! + height * upX
    outline[to++] = upper[2 * i + 1]! + height * upY
  }
  cover.fill(outline, to >> 1, value)
}
