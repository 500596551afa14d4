/** Planes of a block, in order: what goes in, and what `multiply` adds. */
export const GRID = { mask: 0, y: 1, u: 2, v: 3, products: 4, planes: 13 } as const

/**
 * What `fit` leaves in a block: mean mask, mean colour behind the person, mean colour of the person, and the line
 * alpha = a.(Y, U, V) + b as four planes with the mean mask once more behind them.
 */
export const FITTED = { mask: 0, behind: 1, person: 4, line: 7 } as const

/** A disc reaches at most this many cells to either side. */
export const REACH = 36

/** Fitted coverage below the first counts as none, above the second as whole: it is never quite 0 or 1 on noise. */
export const COVER_FROM = 0.14
export const COVER_TO = 0.86

/**
 * How far a pixel may differ from its surroundings: at most NEAR times their mean coverage less NEAR_LESS, and the same
 * from the other side. Without it a texture of the wall that looks like hair is taken for hair a long way off.
 */
export const NEAR = 4
export const NEAR_LESS = 0.2

/** Mean coverages around a cell at which the matter is settled. */
export const SURELY_NONE = 0.02
export const SURELY_WHOLE = 0.98

/** Share of background that a cell keeps with a person in it, so that no sum over a disc is empty. */
export const LEAST_SHARE = 0.002
/** How much more the brightest cell counts in a blur: lamps become discs, as through a lens. */
export const GLOW = 5

/** A disc of this radius and more takes every second row: 1.1 instead of 1.9 ms at 720p (measured). */
export const EVERY_ROW = 5

/** Bayer's ordered dither, in steps of a sixteenth, less its mean. */
export const DITHER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((rank) => (rank + 0.5) / 16 - 0.5)

/** The grid of a picture. */
export interface Grid {
  /** Pixels of luma to a cell, each way. */
  step: number
  columns: number
  rows: number
  /** Floats of a plane: all cells, and room for a vector more. */
  size: number
  /** Bytes from row to row of the padded planes of luma and of chroma. */
  stride: number
  chromaStride: number
}

/** 320 x 180 cells at 720p; never more than 480 columns where steps of at most 16 can do it. */
export function gridOf(width: number, height: number): Grid {
  const step = width <= 960 ? 2 : width <= 1920 ? 4 : width <= 3840 ? 8 : 16
  const columns = Math.ceil(width / step)
  const rows = Math.ceil(height / step)
  const stride = Math.ceil(width / 64) * 64
  return { step, columns, rows, size: Math.ceil((columns * rows + 8) / 4) * 4, stride, chromaStride: stride / 2 }
}
