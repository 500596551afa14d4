import { highlight, irradiance } from './lighting'

/**
 * Keeps the light where the lamps are while the head turns: textures hold the light of the resting pose, and this
 * gives the ratio between light now and light then for each vertex.
 */
export class Relight {
  private readonly rest: Float32Array
  private readonly restShine: Float32Array
  private readonly lamp = new Float32Array(3)

  constructor(
    private readonly normals: Float32Array,
    private readonly count: number,
  ) {
    this.rest = new Float32Array(count)
    this.restShine = new Float32Array(count)
    for (let i = 0; i < count; i++) {
      const [x, y, z] = [normals[i * 3]!, normals[i * 3 + 1]!, normals[i * 3 + 2]!]
      this.rest[i] = this.level(x, y, z)
      this.restShine[i] = highlight(x, y, z)
    }
  }

  /** Fills `gain` (factor on display values) and `shine` (luma steps) for a head turned by the 3x4 `matrix`. */
  apply(matrix: Float32Array, gain: Float32Array, shine: Float32Array): void {
    const { normals } = this
    for (let i = 0; i < this.count; i++) {
      const nx = normals[i * 3]!
      const ny = normals[i * 3 + 1]!
      const nz = normals[i * 3 + 2]!
      const x = matrix[0]! * nx + matrix[1]! * ny + matrix[2]! * nz
      const y = matrix[4]! * nx + matrix[5]! * ny + matrix[6]! * nz
      const z = matrix[8]! * nx + matrix[9]! * ny + matrix[10]! * nz
      gain[i] = Math.sqrt(this.level(x, y, z) / this.rest[i]!)
      shine[i] = 110 * (highlight(x, y, z) - this.restShine[i]!)
    }
  }

  private level(x: number, y: number, z: number): number {
    irradiance(x, y, z, 0.9, 0.9, this.lamp)
    return 0.35 * this.lamp[0]! + 0.5 * this.lamp[1]! + 0.15 * this.lamp[2]! + 0.02
  }
}
