import { smoothStep, type FaceRegion } from '../face-region'
import type { NodeRange } from './fold-guard'
import type { NodeGrid } from './node-grid'

/** Nothing moves farther from the middle of a face than the second, all within the first; in face widths. */
const FADE_FROM = 1.05
const FADE_TO = 1.25
/** Over so many face widths a move ends at a border of the region. */
const BORDER = 0.12

/** Lets moves end before they reach what must stay as it is. */
export class BorderFade {
  /** For each column: what is left of moves along it and across it near a border. */
  readonly #columnShare: Float32Array
  readonly #columnAlong: Float32Array

  /** @param capacity most columns of a grid */
  constructor(capacity: number) {
    this.#columnShare = new Float32Array(capacity)
    this.#columnAlong = new Float32Array(capacity)
  }

  /**
   * Moves end at the borders of the region and far from the face. At a border of the frame they only do not cross it:
   * there is nothing behind that could come in.
   */
  apply(
    x: Float32Array,
    y: Float32Array,
    { left, top, cell, moves }: NodeGrid,
    range: NodeRange,
    region: FaceRegion,
    frameWidth: number,
    frameHeight: number,
  ): void {
    const { centre, faceWidth } = region
    const border = BORDER * faceWidth
    const [fadeFrom, fadeTo] = [FADE_FROM * faceWidth, FADE_TO * faceWidth]
    const fromLeft = left + range.firstColumn * cell
    const fromTop = top + range.firstRow * cell
    const toRight = left + range.lastColumn * cell
    const toBottom = top + range.lastRow * cell
    const farX = Math.max(centre[0] - fromLeft, toRight - centre[0])
    const farY = Math.max(centre[1] - fromTop, toBottom - centre[1])
    const isInside =
      Math.min(fromLeft - region.left, fromTop - region.top) >= border &&
      Math.min(region.right - toRight, region.bottom - toBottom) >= border + cell
    if (isInside && farX * farX + farY * farY <= fadeFrom * fadeFrom) return
    // How far the borders of the region are that lie inside of the frame; a cell that one of them cuts stands still.
    const [ownLeft, ownTop] = [region.left > 0 ? region.left : -Infinity, region.top > 0 ? region.top : -Infinity]
    const ownRight = region.right < frameWidth ? region.right - cell : Infinity
    const ownBottom = region.bottom < frameHeight ? region.bottom - cell : Infinity
    const { columns } = moves
    const [shareX, alongX] = [this.#columnShare, this.#columnAlong]
    for (let column = range.firstColumn; column <= range.lastColumn; column++) {
      const at = left + column * cell
      shareX[column] = smoothStep(0, border, Math.min(at - ownLeft, ownRight - at))
      alongX[column] = shareX[column]! * smoothStep(0, border, Math.min(at, frameWidth - at))
    }
    for (let row = range.firstRow; row <= range.lastRow; row++) {
      const at = top + row * cell
      const shareY = smoothStep(0, border, Math.min(at - ownTop, ownBottom - at))
      const alongY = shareY * smoothStep(0, border, Math.min(at, frameHeight - at))
      const offY = at - centre[1]
      for (let column = range.firstColumn; column <= range.lastColumn; column++) {
        const node = row * columns + column
        const offX = left + column * cell - centre[0]
        const far = offX * offX + offY * offY
        const near = far <= fadeFrom * fadeFrom ? 1 : 1 - smoothStep(fadeFrom, fadeTo, Math.sqrt(far))
        x[node]! *= near * shareY * alongX[column]!
        y[node]! *= near * shareX[column]! * alongY
      }
    }
  }
}
