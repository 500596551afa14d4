import { axisTaps, type AxisRequest, type AxisTaps } from './axis-taps'

/** One plane of a picture inside a larger array. */
export interface Plane {
  data: Uint8Array
  /** Where the plane begins. */
  offset: number
  stride: number
}

/**
 * Draws a part of one plane into a part of another: copied, halved or filtered, whatever the sizes ask for. All tables
 * are made once. What the fast loops of `wasm/` must do, to the last bit, is said here.
 */
export class PlaneScaler {
  readonly across: AxisTaps
  readonly down: AxisTaps
  /** Where the result begins in the target plane. */
  readonly toX: number
  readonly toY: number
  readonly isCopy: boolean
  readonly isHalf: boolean
  /** Vertical sums of one row, 15 bits. */
  private sums: Int32Array | null = null

  constructor(across: AxisRequest, down: AxisRequest) {
    this.across = axisTaps(across)
    this.down = axisTaps(down)
    this.toX = across.first
    this.toY = down.first
    this.isCopy = this.across.isCopy && this.down.isCopy
    this.isHalf = this.across.isHalf && this.down.isHalf
  }

  draw(source: Plane, target: Plane): void {
    if (this.isCopy) this.copy(source, target)
    else if (this.isHalf) this.halve(source, target)
    else this.filter(source, target)
  }

  copy(source: Plane, target: Plane): void {
    const { across, down } = this
    const x = across.first[0]! + across.weights.indexOf(256)
    const y = down.first[0]! + down.weights.indexOf(256)
    let from = source.offset + y * source.stride + x
    let to = target.offset + this.toY * target.stride + this.toX
    if (across.count === source.stride && across.count === target.stride) {
      target.data.set(source.data.subarray(from, from + across.count * down.count), to)
      return
    }
    for (let row = 0; row < down.count; row++) {
      target.data.set(source.data.subarray(from, from + across.count), to)
      from += source.stride
      to += target.stride
    }
  }

  /** Means of 2x2 pixels. */
  private halve(source: Plane, target: Plane): void {
    const { across, down, toX, toY } = this
    const [from, to] = [source.data, target.data]
    const { stride } = source
    for (let row = 0; row < down.count; row++) {
      let at = source.offset + (down.first[0]! + 2 * row) * stride + across.first[0]!
      let out = target.offset + (toY + row) * target.stride + toX
      const end = out + across.count
      while (out < end) {
        to[out++] = (from[at]! + from[at + 1]! + from[at + stride]! + from[at + stride + 1]! + 2) >> 2
        at += 2
      }
    }
  }

  private filter(source: Plane, target: Plane): void {
    const { down, toX, toY } = this
    const sums = (this.sums ??= new Int32Array(this.across.highest + this.across.taps))
    for (let row = 0; row < down.count; row++) {
      this.sumRows(source, row, sums)
      this.sumColumns(sums, target.data, target.offset + (toY + row) * target.stride + toX)
    }
  }

  /** The weighted sum of the source rows under one row of the result. */
  private sumRows({ data, offset, stride }: Plane, row: number, sums: Int32Array): void {
    const { lowest, highest } = this.across
    const { taps, weights, first } = this.down
    for (let x = lowest; x < highest; x++) {
      let at = offset + first[row]! * stride + x
      let sum = 1
      for (let tap = row * taps; tap < (row + 1) * taps; tap++, at += stride) sum += data[at]! * weights[tap]!
      sums[x] = sum >> 1
    }
  }

  private sumColumns(sums: Int32Array, to: Uint8Array, out: number): void {
    const { count, taps, first, weights } = this.across
    let weight = 0
    for (let i = 0; i < count; i++) {
      const at = first[i]!
      let sum = 16384
      for (let tap = 0; tap < taps; tap++) sum += sums[at + tap]! * weights[weight++]!
      to[out + i] = sum >> 15
    }
  }
}
