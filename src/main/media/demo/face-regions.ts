/**
 * Vertex numbers of the canonical face mesh by facial feature. "Left" is the left of the picture (the side of point
 * 33). Source: the topology of MediaPipe's canonical face model, read off its vertex positions; media.md section 3.
 */
export const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const

/** One eye: rows run from the outer to the inner corner, without the corners. */
export interface EyeRows {
  outer: number
  inner: number
  upper: readonly number[]
  lower: readonly number[]
  /** Skin of the moving upper lid, one row above its edge. */
  lid: readonly number[]
  /** Where the upper lid folds under the brow. */
  crease: readonly number[]
  /** First row of skin below the lower lid, then the groove under it. */
  below: readonly number[]
  groove: readonly number[]
  browTop: readonly number[]
  browBottom: readonly number[]
}

export const LEFT_EYE: EyeRows = {
  outer: 33,
  inner: 133,
  upper: [246, 161, 160, 159, 158, 157, 173],
  lower: [7, 163, 144, 145, 153, 154, 155],
  lid: [247, 30, 29, 27, 28, 56, 190],
  crease: [113, 225, 224, 223, 222, 221, 189],
  below: [25, 110, 24, 23, 22, 26, 112],
  groove: [31, 228, 229, 230, 231, 232, 233],
  browTop: [70, 63, 105, 66, 107],
  browBottom: [46, 53, 52, 65, 55],
}

export const RIGHT_EYE: EyeRows = {
  outer: 263,
  inner: 362,
  upper: [466, 388, 387, 386, 385, 384, 398],
  lower: [249, 390, 373, 374, 380, 381, 382],
  lid: [467, 260, 259, 257, 258, 286, 414],
  crease: [342, 445, 444, 443, 442, 441, 413],
  below: [255, 339, 254, 253, 252, 256, 341],
  groove: [261, 448, 449, 450, 451, 452, 453],
  browTop: [300, 293, 334, 296, 336],
  browBottom: [276, 283, 282, 295, 285],
}

/** Lip rows from the outer border to the inner edge, left corner to right corner, without the corners. */
export const UPPER_LIP = [
  [185, 40, 39, 37, 0, 267, 269, 270, 409],
  [184, 74, 73, 72, 11, 302, 303, 304, 408],
  [183, 42, 41, 38, 12, 268, 271, 272, 407],
  [191, 80, 81, 82, 13, 312, 311, 310, 415],
] as const
export const LOWER_LIP = [
  [146, 91, 181, 84, 17, 314, 405, 321, 375],
  [77, 90, 180, 85, 16, 315, 404, 320, 307],
  [96, 89, 179, 86, 15, 316, 403, 319, 325],
  [95, 88, 178, 87, 14, 317, 402, 318, 324],
] as const
/** Corners of the same four rows. */
export const LIP_CORNERS = {
  left: [61, 76, 62, 78],
  right: [291, 306, 292, 308],
} as const

export const NOSTRILS = [
  [79, 166, 75, 60, 20, 238, 239],
  [309, 392, 305, 290, 250, 458, 459],
] as const

/** Closed outline of an eye opening, of the outer and of the inner border of the lips. */
export function eyeOutline(eye: EyeRows): number[] {
  return [eye.outer, ...eye.upper, eye.inner, ...[...eye.lower].reverse()]
}
export function lipOutline(row: 0 | 1 | 2 | 3): number[] {
  return [LIP_CORNERS.left[row], ...UPPER_LIP[row], LIP_CORNERS.right[row], ...[...LOWER_LIP[row]].reverse()]
}
