import { boxOverlap } from './face'

/** One face found by a detector; all positions in pixels of the picture. */
export interface Detection {
  /** 0..1 */
  score: number
  /** x, y, width, height: from the brows to below the chin, less than the whole head. */
  box: [number, number, number, number]
  /** The right and the left eye of the person. */
  eyes: [[number, number], [number, number]]
}

/** Grids of anchors of a BlazeFace model: cells of a side and anchors in each cell. */
export interface AnchorGrid {
  cells: number
  perCell: number
}

/** Values of one anchor: box centre and size, then six points (two eyes, nose, mouth, two ears). */
const VALUES = 16
/** Box and both eyes: what we keep of the sixteen. */
const KEPT = 8
const LEAST_SCORE = 0.5
/** Boxes of one face overlap by more than this and are averaged. */
const SAME_FACE = 0.3

/**
 * Centres x, y of all anchors in 0..1, by row, column, anchor; anchor boxes have size 1
 * (mediapipe/calculators/tflite/ssd_anchors_calculator.cc with `fixed_anchor_size`).
 */
export function anchorCentres(grids: readonly AnchorGrid[]): Float32Array {
  const centres: number[] = []
  for (const { cells, perCell } of grids) {
    for (let cell = 0; cell < cells * cells; cell++) {
      const x = ((cell % cells) + 0.5) / cells
      const y = (Math.floor(cell / cells) + 0.5) / cells
      for (let anchor = 0; anchor < perCell; anchor++) centres.push(x, y)
    }
  }
  return new Float32Array(centres)
}

/** A decoded anchor: score, and centre, size and eyes in 0..1 of the square that the model saw. */
interface Candidate {
  score: number
  values: number[]
}

/**
 * Reads the raw output of a BlazeFace model.
 *
 * @param regressors 16 values for each anchor, in pixels of the model's input
 * @param logits one score before the sigmoid for each anchor
 * @param centres of {@link anchorCentres}
 * @param side pixels of the model's input
 * @param square upper left corner and side length, in picture pixels, of the square that the model saw
 * @returns faces with a score of at least 0.5, the best first
 */
export function decodeBlazeFace(
  regressors: Float32Array,
  logits: Float32Array,
  centres: Float32Array,
  side: number,
  square: { x: number; y: number; size: number },
): Detection[] {
  const candidates: Candidate[] = []
  for (let anchor = 0; anchor < logits.length; anchor++) {
    // The sigmoid only for anchors that can pass: nearly all lie far below zero.
    if (!(logits[anchor]! >= 0)) continue
    const score = 1 / (1 + Math.exp(-Math.min(logits[anchor]!, 100)))
    if (score < LEAST_SCORE) continue
    candidates.push({ score, values: decodeAnchor(regressors, centres, anchor, side) })
  }
  return suppress(candidates).map((candidate) => detectionIn(square, candidate))
}

function decodeAnchor(regressors: Float32Array, centres: Float32Array, anchor: number, side: number): number[] {
  const values: number[] = []
  for (let i = 0; i < KEPT; i++) {
    const isSize = i === 2 || i === 3
    values.push(regressors[anchor * VALUES + i]! / side + (isSize ? 0 : centres[anchor * 2 + (i % 2)]!))
  }
  return values
}

/**
 * Weighted suppression (mediapipe/calculators/util/non_max_suppression_calculator.cc): the best box and all that
 * overlap it become one, averaged by score; it keeps the best score.
 */
function suppress(candidates: Candidate[]): Candidate[] {
  const merged: Candidate[] = []
  let rest = candidates.sort((a, b) => b.score - a.score)
  while (rest.length > 0) {
    const best = rest[0]!
    const box = boxOf(best)
    const same = rest.filter((candidate) => candidate === best || boxOverlap(box, boxOf(candidate)) > SAME_FACE)
    const weight = same.reduce((sum, candidate) => sum + candidate.score, 0)
    const values = best.values.map(
      (_, i) => same.reduce((sum, candidate) => sum + candidate.score * candidate.values[i]!, 0) / weight,
    )
    merged.push({ score: best.score, values })
    rest = rest.filter((candidate) => !same.includes(candidate))
  }
  return merged
}

function boxOf({ values: [cx, cy, width, height] }: Candidate): [number, number, number, number] {
  return [cx! - width! / 2, cy! - height! / 2, width!, height!]
}

function detectionIn(square: { x: number; y: number; size: number }, candidate: Candidate): Detection {
  const { values } = candidate
  const [x, y, width, height] = boxOf(candidate)
  const at = (i: number): [number, number] => [
    square.x + values[i]! * square.size,
    square.y + values[i + 1]! * square.size,
  ]
  return {
    score: candidate.score,
    box: [square.x + x * square.size, square.y + y * square.size, width * square.size, height * square.size],
    eyes: [at(4), at(6)],
  }
}
