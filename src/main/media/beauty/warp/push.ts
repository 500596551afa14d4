import type { FacePose } from './face-pose'

/**
 * One local move of the picture: whole in its middle, none beyond an ellipse in the face's own axes. A place at r from
 * the middle goes by `near` * (move + stretch r), near = (1 - f)² with f the square of the distance in half axes, or
 * (1 - f²)² for a firm push, whose middle goes as one piece.
 */
export interface Push {
  /** Middle, in pixels: where it lies after the move. */
  x: number
  y: number
  /** Unit vectors across and up, divided by the half axes of the ellipse. */
  ax: number
  ay: number
  ux: number
  uy: number
  /** Half sides of the upright rectangle around the ellipse, in pixels. */
  width: number
  height: number
  /** Move in pixels. */
  mx: number
  my: number
  /** Symmetric matrix of the stretch: 0 leaves, 0.3 enlarges to 1 / 0.7. */
  sxx: number
  sxy: number
  syy: number
  /** How much it counts among others; 1 when it stands alone. */
  weight: number
  firm: boolean
}

/**
 * Pixels by which bilinear cells of so many pixels miss a push at most: cell² / 8 times its strongest curvature, which
 * is 4 (firm: 8) moves by the square of the half axis, and 4 (firm: 8) stretches by the half axis.
 */
export function cellError({ width, height, mx, my, sxx, sxy, syy, firm }: Push, cell: number): number {
  const reach = Math.min(width, height)
  const move = Math.hypot(mx, my) / reach + Math.max(Math.abs(sxx), Math.abs(syy)) + Math.abs(sxy)
  return ((cell * cell) / 8) * ((firm ? 8 : 4) / reach) * move
}

/** Pushes that are used again for each face, so that a frame allocates nothing. */
export class PushList {
  count = 0
  readonly #pushes: Push[] = []

  /** Forgets all pushes. */
  clear(): void {
    this.count = 0
  }

  /** One more push that takes what lies around (x, y) there by (mx, my), all in pixels; without a stretch, not firm. */
  add(
    { across, up }: FacePose,
    x: number,
    y: number,
    mx: number,
    my: number,
    reachAcross: number,
    reachUp: number,
  ): Push {
    const push = (this.#pushes[this.count] ??= {
      ...{ x: 0, y: 0, ax: 0, ay: 0, ux: 0, uy: 0, width: 0, height: 0 },
      ...{ mx: 0, my: 0, sxx: 0, sxy: 0, syy: 0, weight: 1, firm: false },
    })
    this.count++
    push.mx = mx
    push.my = my
    push.x = x + mx
    push.y = y + my
    push.ax = across[0] / reachAcross
    push.ay = across[1] / reachAcross
    push.ux = up[0] / reachUp
    push.uy = up[1] / reachUp
    push.width = Math.hypot(across[0] * reachAcross, up[0] * reachUp)
    push.height = Math.hypot(across[1] * reachAcross, up[1] * reachUp)
    push.sxx = push.sxy = push.syy = 0
    push.weight = 1
    push.firm = false
    return push
  }

  at(index: number): Push {
    return this.#pushes[index]!
  }
}
