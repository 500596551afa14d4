/** The mesh around one eye. Rows run from the outer to the inner corner, corners included, nine points each. */
export interface EyePoints {
  upper: readonly number[]
  lower: readonly number[]
  /** The lid above the lashes, and where it folds under the brow. */
  lid: readonly number[]
  fold: readonly number[]
  /** Five points each. */
  browBottom: readonly number[]
  browTop: readonly number[]
  /** Skin beside the outer corner, from the height of the lashes up to the brow's tail. */
  beside: readonly [number, number, number, number]
}

export const RIGHT_EYE_POINTS: EyePoints = {
  upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
  lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
  lid: [130, 247, 30, 29, 27, 28, 56, 190, 243],
  fold: [226, 113, 225, 224, 223, 222, 221, 189, 244],
  browBottom: [46, 53, 52, 65, 55],
  browTop: [70, 63, 105, 66, 107],
  beside: [226, 226, 124, 70],
}

export const LEFT_EYE_POINTS: EyePoints = {
  upper: [263, 466, 388, 387, 386, 385, 384, 398, 362],
  lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
  lid: [359, 467, 260, 259, 257, 258, 286, 414, 463],
  fold: [446, 342, 445, 444, 443, 442, 441, 413, 464],
  browBottom: [276, 283, 282, 295, 285],
  browTop: [300, 293, 334, 296, 336],
  beside: [446, 446, 353, 300],
}
