/**
 * Points of the MediaPipe face mesh that the retouch stands on (media.md 3.1). Outlines are closed and in order.
 * "Right" and "left" are the person's own: the right eye is on the left of an unmirrored picture.
 */

/** Outline of the face, from the top of the forehead. */
export const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const

export const LIPS_OUTER = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
] as const

/** Inner edge of the lips, each point beside that of `LIPS_OUTER`. */
export const LIPS_INNER = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
] as const

export const RIGHT_EYE = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246] as const
export const LEFT_EYE = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466] as const
export const RIGHT_BROW = [70, 63, 105, 66, 107, 55, 65, 52, 53, 46] as const
export const LEFT_BROW = [300, 293, 334, 296, 336, 285, 295, 282, 283, 276] as const

/** Outer and inner corner: the right eye, the left eye. */
export const EYE_CORNERS = [
  [33, 133],
  [263, 362],
] as const

export const FOREHEAD_TOP = 10
export const CHIN = 152
export const RIGHT_CHEEK = 234
export const LEFT_CHEEK = 454
/** Where skin is seldom covered by hair, beard or glasses: cheeks, nose, glabella, chin. */
export const SKIN_SAMPLES = [
  50, 280, 101, 330, 205, 425, 4, 195, 118, 347, 117, 346, 36, 266, 187, 411, 5, 9, 151, 108, 337, 199, 123, 352,
] as const

/** Outline of the forehead, from temple to temple and back above the brows, with a tip between them. */
export const FOREHEAD = [54, 103, 67, 109, 10, 338, 297, 332, 284, 298, 333, 299, 337, 9, 108, 69, 104, 68] as const

/** Lines from the wings of the nose past the corners of the mouth: right, left. */
export const SMILE_LINES = [
  [203, 206, 216, 212],
  [423, 426, 436, 432],
] as const

/** Under each eye, from its outer corner inwards, and the cheek below it: right, left. */
export const UNDER_EYES = [
  { line: [228, 229, 230, 231, 232], cheek: [50, 101, 36, 118] },
  { line: [448, 449, 450, 451, 452], cheek: [280, 330, 266, 347] },
] as const

/** Outer corner of each eye and the temple beside it. */
export const TEMPLES = [
  [33, 127],
  [263, 356],
] as const

/** Between the brows, from above down. */
export const FROWN = [9, 8, 168] as const

export const NOSTRILS = [
  [79, 166, 59, 60, 20, 238, 239, 241],
  [309, 392, 289, 290, 250, 458, 459, 461],
] as const
