/** Vertices as they are drawn. The last four places are free for outlines. */
export interface ScreenMesh {
  /** Pixels. */
  x: Float32Array
  y: Float32Array
  /** Centimetres, larger is nearer. */
  z: Float32Array
  /** Y, U, V, opacity: 0..255. */
  luma: Float32Array
  u: Float32Array
  v: Float32Array
  alpha: Float32Array
  /** Number of vertices, without the free places. */
  count: number
}

export function screenMesh(count: number): ScreenMesh {
  const plane = (): Float32Array => new Float32Array(count + 4)
  return { x: plane(), y: plane(), z: plane(), luma: plane(), u: plane(), v: plane(), alpha: plane(), count }
}
