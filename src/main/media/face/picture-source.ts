import type { Roi } from './roi'

/** What a model reads: planar red, green, blue floats of a square, row by row. */
export interface CropTarget {
  /** Pixels of a side. */
  side: number
  /** Value of black; white is 1. */
  low: number
  /** 3 * side * side values. */
  planes: Float32Array
  /** Where there is one, it does the arithmetic of I420 crops. */
  mixer?: RowMixer
}

/** The fast loop of a crop: a row of samples is gathered into its memory, then mixed into the planes. */
export interface RowMixer {
  /** Luma of each sample: upper left, upper right, lower left, lower right, from the lowest byte up. */
  readonly lumas: Uint32Array
  /** U in the lower byte, V in the upper. */
  readonly chromas: Uint16Array
  /** Fills a row of all planes. @param x, y source of its first sample in 1/65536 pixel, dx, dy from one to the next */
  mix(row: number, x: number, y: number, dx: number, dy: number): void
}

/** A picture from which the models cut their input, whatever its format. */
export interface PictureSource {
  readonly width: number
  readonly height: number
  /**
   * Fills `target` with the region `roi`, bilinear; what lies outside of the picture is black. Output pixel (x, y)
   * shows the point c + R(rotation) * size * ((x + .5) / side - .5, (y + .5) / side - .5).
   */
  crop(roi: Roi, target: CropTarget): void
}

/** The same mapping in steps: source position of output pixel (0, 0), and its change per column and per row. */
export interface CropWalk {
  x: number
  y: number
  dx: number
  dy: number
}

/**
 * Start and step of a crop, in sample positions (the middle of the first pixel is 0). A row down adds (-dy, dx).
 */
export function cropWalk(roi: Roi, side: number): CropWalk {
  const dx = (Math.cos(roi.rotation) * roi.size) / side
  const dy = (Math.sin(roi.rotation) * roi.size) / side
  const first = 0.5 - side / 2
  return {
    x: roi.cx - 0.5 + first * (dx - dy),
    y: roi.cy - 0.5 + first * (dy + dx),
    dx,
    dy,
  }
}
