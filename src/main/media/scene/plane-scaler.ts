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
 * are made once.
 */
export class PlaneScaler {
  private readonly across: AxisTaps
  private readonly down: AxisTaps
  /** Vertical sums of one row, 8 bits of fraction. */
  private readonly sums: Int32Array
  private readonly toX: number
  private readonly toY: number

  constructor(across: AxisRequest, down: AxisRequest) {
    this.across = axisTaps(across)
    this.down = axisTaps(down)
    this.sums = new Int32Array(this.across.highest)
    this.toX = across.first
    this.toY = down.first
  }

  draw(source: Plane, target: Plane): void {
    const { across, down } = this
    if (across.isCopy && down.isCopy) this.copy(source, target)
    else if (across.isHalf && down.isHalf) this.halve(source, target)
    else this.filter(source, target)
  }

  private copy(source: Plane, target: Plane): void {
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
    const { across, down, toX, toY } = this
    for (let row = 0; row < down.count; row++) {
      this.sumRows(source, row)
      const out = target.offset + (toY + row) * target.stride + toX
      if (across.taps === 2) this.two(target.data, out)
      else this.many(target.data, out)
    }
  }

  /** The weighted sum of the source rows under one row of the result. */
  private sumRows({ data, offset, stride }: Plane, row: number): void {
    const { across, down, sums } = this
    const { lowest, highest } = across
    const { taps, weights } = down
    const begin = row * taps
    let at = offset + down.first[row]! * stride
    if (taps === 2 || (taps === 3 && weights[begin + 2] === 0)) {
      const [a, b] = [weights[begin]!, weights[begin + 1]!]
      const next = at + stride
      for (let x = lowest; x < highest; x++) sums[x] = data[at + x]! * a + data[next + x]! * b
      return
    }
    const w = weights[begin]!
    for (let x = lowest; x < highest; x++) sums[x] = data[at + x]! * w
    for (let tap = 1; tap < taps; tap++) {
      const weight = weights[begin + tap]!
      at += stride
      if (weight === 0) continue
      for (let x = lowest; x < highest; x++) sums[x]! += data[at + x]! * weight
    }
  }

  private two(to: Uint8Array, out: number): void {
    const { sums } = this
    const { count, first, weights } = this.across
    for (let i = 0; i < count; i++) {
      const at = first[i]!
      to[out + i] = (sums[at]! * weights[2 * i]! + sums[at + 1]! * weights[2 * i + 1]! + 32768) >> 16
    }
  }

  private many(to: Uint8Array, out: number): void {
    const { sums } = this
    const { count, taps, first, weights } = this.across
    let weight = 0
    for (let i = 0; i < count; i++) {
      const at = first[i]!
      let sum = 32768
      for (let tap = 0; tap < taps; tap++) sum += sums[at + tap]! * weights[weight++]!
      to[out + i] = sum >> 16
    }
  }
}
