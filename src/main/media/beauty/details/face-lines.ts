import type { FaceRegion } from '../face-region'
import { FOREHEAD, FROWN, SMILE_LINES, TEMPLES } from '../mesh-indices'
import { fillPolygon } from '../polygon-fill'
import type { WorkingGrid } from '../working-grid'
import { placeLine, SoftStroke } from './soft-stroke'

/** How far around its line of the mesh a fold may lie, in face widths. */
const SMILE_REACH = 0.07
const TEMPLE_REACH = 0.1
const FROWN_REACH = 0.06
/** How far from the corner of the eye to the temple crow's feet begin and end. */
const FEET = [0.35, 0.7] as const

const stroke = new SoftStroke()
const forehead = new Float32Array(2 * FOREHEAD.length)
const frown = new Float32Array(2 * FROWN.length)
const temple = new Float32Array(4)
const smile = new Float32Array(2 * SMILE_LINES[0].length)

/**
 * Fills `grid.lines`: where thin dark lines are lifted, and how much. Wrinkles are those of the forehead, between the
 * brows and beside the eyes.
 *
 * @param wrinkles, smileLines strengths, 0..1
 */
export function drawLines(grid: WorkingGrid, region: FaceRegion, wrinkles: number, smileLines: number): void {
  const { width, height, lines } = grid
  const { points, left, top, step, faceWidth } = region
  lines.fill(0, 0, width * height)
  const unit = faceWidth / step
  if (wrinkles > 0) {
    fillPolygon(lines, width, height, placeLine(forehead, points, FOREHEAD, left, top, step), wrinkles)
    addLine(grid, placeLine(frown, points, FROWN, left, top, step), FROWN_REACH * unit, wrinkles)
    for (const pair of TEMPLES) {
      placeLine(temple, points, pair, left, top, step)
      const [x, y, tx, ty] = temple as unknown as readonly [number, number, number, number]
      FEET.forEach((share, i) => {
        temple[2 * i] = x + share * (tx - x)
        temple[2 * i + 1] = y + share * (ty - y)
      })
      addLine(grid, temple, TEMPLE_REACH * unit, wrinkles)
    }
  }
  if (smileLines > 0) {
    for (const side of SMILE_LINES)
      addLine(grid, placeLine(smile, points, side, left, top, step), SMILE_REACH * unit, smileLines)
  }
}

function addLine({ width, height, lines }: WorkingGrid, line: Float32Array, reach: number, strength: number): void {
  stroke.draw(line, reach, width, height)
  const { near, left, top, right, bottom } = stroke
  let i = 0
  for (let y = top; y < bottom; y++) {
    for (let at = y * width + left, end = y * width + right; at < end; at++, i++) {
      const value = strength * Math.min(1.5 * near[i]!, 1)
      if (value > lines[at]!) lines[at] = value
    }
  }
}
