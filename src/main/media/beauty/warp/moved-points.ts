import { boxOfPoints, type Face } from '../../face/face'
import type { NodeGrid } from './node-grid'

/** A place is found when it is this near, in pixels. */
const NEAR = 0.01
const MOST_STEPS = 12

/**
 * The face as it lies in the moved picture; itself when none of its points moves. The old points are not written to.
 */
export function movedFace(face: Face, grid: NodeGrid): Face {
  const [x, y, width, height] = face.box
  if (x > grid.right || y > grid.bottom || x + width < grid.left || y + height < grid.top) return face
  let points: Float32Array | null = null
  for (let i = 0; i < face.points.length; i += 3) {
    const fromX = face.points[i]!
    const fromY = face.points[i + 1]!
    findPlace(grid, fromX, fromY)
    if (place.x === fromX && place.y === fromY) continue
    points ??= face.points.slice()
    points[i] = place.x
    points[i + 1] = place.y
  }
  return points ? { ...face, box: boxOfPoints(points), points } : face
}

const place = { x: 0, y: 0 }
/** The move at a place, and how it changes by a pixel to the right and down. */
const at = { dx: 0, dy: 0, dxx: 0, dyx: 0, dxy: 0, dyy: 0 }

/** Where the pixel of a place in the old picture has gone: p + move(p) = from, by Newton's method in the cells. */
function findPlace(grid: NodeGrid, fromX: number, fromY: number): void {
  place.x = fromX
  place.y = fromY
  let pace = 1
  let before = Infinity
  for (let step = 0; step < MOST_STEPS; step++) {
    look(grid, place.x, place.y)
    const offX = place.x + at.dx - fromX
    const offY = place.y + at.dy - fromY
    const off = Math.abs(offX) + Math.abs(offY)
    if (off < NEAR) return
    // From cell to cell the slope changes: a step that did not help was too long.
    if (off >= before) pace *= 0.5
    before = off
    const [a, b, c, d] = [1 + at.dxx, at.dxy, at.dyx, 1 + at.dyy]
    const determinant = a * d - b * c
    place.x -= (pace * (d * offX - b * offY)) / determinant
    place.y -= (pace * (a * offY - c * offX)) / determinant
  }
}

/** Beyond a border of the grid its last moves go on: they are 0, or it is a border of the frame. */
function look({ moves, cell, left, top, right, bottom }: NodeGrid, x: number, y: number): void {
  const { dx, dy, columns, rows } = moves
  const gx = (Math.min(Math.max(x, left), right) - left) / cell
  const gy = (Math.min(Math.max(y, top), bottom) - top) / cell
  const column = Math.min(Math.floor(gx), columns - 2)
  const row = Math.min(Math.floor(gy), rows - 2)
  const [fx, fy] = [gx - column, gy - row]
  const a = row * columns + column
  const b = a + columns
  const upperX = dx[a + 1]! - dx[a]!
  const upperY = dy[a + 1]! - dy[a]!
  const twistX = dx[b + 1]! - dx[b]! - upperX
  const twistY = dy[b + 1]! - dy[b]! - upperY
  const fallX = dx[b]! - dx[a]! + twistX * fx
  const fallY = dy[b]! - dy[a]! + twistY * fx
  at.dx = dx[a]! + upperX * fx + fallX * fy
  at.dy = dy[a]! + upperY * fx + fallY * fy
  const acrossCell = x > left && x < right ? 1 / cell : 0
  const downCell = y > top && y < bottom ? 1 / cell : 0
  at.dxx = (upperX + twistX * fy) * acrossCell
  at.dyx = (upperY + twistY * fy) * acrossCell
  at.dxy = fallX * downCell
  at.dyy = fallY * downCell
}
