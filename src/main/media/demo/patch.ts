import type { Camera } from './head-pose'
import { project } from './head-pose'
import { fillBlended, fillOpaque, screenVertices } from './raster'
import type { ScreenVertices, Target } from './raster'
import type { Texture } from './texture'

export interface PatchShape {
  columns: number
  rows: number
  /** Place of a grid point, s from left to right, t from top to bottom, both 0..1; x, y, z in head centimetres. */
  place(s: number, t: number): readonly [number, number, number]
  /** Leaves out quads that something else always hides; x and y of the quad's middle. */
  hidden?(x: number, y: number): boolean
}

/** A sheet of quads that carries one texture across its whole face; what is not skin is made of these. */
export class Patch {
  readonly count: number
  readonly positions: Float32Array
  readonly vertices: ScreenVertices
  /** Quads that the texture covers entirely, and those it covers in part; empty ones are left out. */
  private readonly solid: Uint16Array
  private readonly sheer: Uint16Array

  constructor(
    shape: PatchShape,
    readonly texture: Texture,
  ) {
    const { columns, rows } = shape
    this.count = (columns + 1) * (rows + 1)
    this.positions = new Float32Array(this.count * 3)
    this.vertices = screenVertices(this.count)
    const solid: number[] = []
    const sheer: number[] = []
    for (let row = 0; row <= rows; row++) {
      for (let column = 0; column <= columns; column++) {
        const index = row * (columns + 1) + column
        this.positions.set(shape.place(column / columns, row / rows), index * 3)
        this.vertices.u[index] = 1 + (column / columns) * (texture.width - 2.01)
        this.vertices.v[index] = 1 + (row / rows) * (texture.height - 2.01)
        if (row === rows || column === columns) continue
        const below = index + columns + 1
        const [x, y] = shape.place((column + 0.5) / columns, (row + 0.5) / rows)
        if (shape.hidden?.(x, y)) continue
        const kind = coverage(texture, column / columns, row / rows, (column + 1) / columns, (row + 1) / rows)
        if (kind === 'empty') continue
        const list = kind === 'solid' ? solid : sheer
        list.push(index, below, index + 1, below, below + 1, index + 1)
      }
    }
    this.solid = Uint16Array.from(solid)
    this.sheer = Uint16Array.from(sheer)
  }

  /** Draws the patch where `matrix` puts it; quads where the texture has holes are laid over. */
  draw(target: Target, camera: Camera, matrix: Float32Array, positions: Float32Array = this.positions): void {
    project(camera, matrix, positions, this.count, this.vertices.x, this.vertices.y, null)
    fillOpaque(target, this.vertices, this.solid, this.texture)
    fillBlended(target, this.vertices, this.sheer, this.texture)
  }
}

/** Looks at the coverage inside a rectangle given in shares of the texture, with two texels of margin. */
function coverage(
  texture: Texture,
  left: number,
  top: number,
  right: number,
  bottom: number,
): 'empty' | 'solid' | 'sheer' {
  const { lumaAlpha, width, height } = texture
  if (!texture.sheer) return 'solid'
  let low = 255
  let high = 0
  const lastX = Math.min(width - 2, Math.ceil(right * width) + 2)
  const lastY = Math.min(height - 2, Math.ceil(bottom * height) + 2)
  for (let y = Math.max(1, Math.floor(top * height) - 2); y <= lastY; y++) {
    for (let x = Math.max(1, Math.floor(left * width) - 2); x <= lastX; x++) {
      const value = lumaAlpha[y * width + x]! >> 8
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (high < 4) return 'empty'
  return low > 251 ? 'solid' : 'sheer'
}
