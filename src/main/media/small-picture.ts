import { readFileSync } from 'node:fs'
import { i420Size, type I420Frame } from './i420'
import type { AxisTaps } from './scene/axis-taps'
import { PlaneScaler, type Plane } from './scene/plane-scaler'

/** Width and height in pixels, even. */
export interface PictureSize {
  width: number
  height: number
}

/** A small picture that frames are drawn on. */
export interface SmallPicture {
  /** 'wasm' or 'plain'; for logs and measurements. */
  readonly name: string
  readonly picture: I420Frame
  /** Draws the columns `from` to `to` (even, of the small picture) of a whole frame; each pixel is a mean of an area. */
  draw(frame: I420Frame, from: number, to: number): void
}

/** Makes small pictures for frames of the size `whole`. */
export type SmallPictureFactory = (whole: PictureSize, small: PictureSize) => SmallPicture

/** One plane on its way: how, from where, to where. */
type DrawPlane = (scaler: PlaneScaler, source: Plane, target: Plane) => void

/** The tables for luma and chroma, of the parts that have been asked for: a whole picture, or its halves. */
class Scalers {
  private readonly made = new Map<string, [luma: PlaneScaler, chroma: PlaneScaler]>()

  constructor(
    private readonly whole: PictureSize,
    private readonly small: PictureSize,
  ) {}

  planes(frame: I420Frame, picture: I420Frame, from: number, to: number, draw: DrawPlane): void {
    const key = `${from}-${to}`
    const [luma, chroma] = this.made.get(key) ?? [this.scaler(1, from, to), this.scaler(2, from, to)]
    this.made.set(key, [luma, chroma])
    draw(luma, planeOf(frame, 0), planeOf(picture, 0))
    for (const plane of [1, 2] as const) draw(chroma, planeOf(frame, plane), planeOf(picture, plane))
  }

  private scaler(unit: 1 | 2, from: number, to: number): PlaneScaler {
    const { whole, small } = this
    const axis = (length: number, end: number) => ({ from: 0, to: length / unit, start: 0, end: end / unit })
    const across = { ...axis(whole.width, small.width), first: from / unit, last: to / unit }
    const down = { ...axis(whole.height, small.height), first: 0, last: small.height / unit }
    return new PlaneScaler({ ...across, mirrored: false, padded: true }, { ...down, mirrored: false, padded: false })
  }
}

/** The loops in TypeScript: what the fast ones must do. */
export class PlainSmallPicture implements SmallPicture {
  readonly name = 'plain'
  readonly picture: I420Frame
  private readonly scalers: Scalers

  constructor(whole: PictureSize, { width, height }: PictureSize) {
    this.scalers = new Scalers(whole, { width, height })
    this.picture = { width, height, data: new Uint8Array(i420Size(width, height)) }
  }

  draw(frame: I420Frame, from: number, to: number): void {
    this.scalers.planes(frame, this.picture, from, to, (scaler, source, target) => scaler.draw(source, target))
  }
}

const PAGE = 65536
/** Loops read and write up to a vector past the end. */
const SLACK = 64
/** The module keeps nothing of its own in memory; this far from the start on it is ours. */
const BEGIN = 1024
/** Rows of a frame are copied in and drawn in bands of about so many bytes, which stay in the nearest cache. */
const BAND = 32768

/** The loops of the compositor (`scene/wasm`), on a picture in the module's memory. */
class WasmSmallPicture implements SmallPicture {
  readonly name = 'wasm'
  readonly picture: I420Frame
  private readonly scalers: Scalers
  private readonly memory: WebAssembly.Memory
  private readonly filter: (...numbers: number[]) => void
  private readonly halve: (...numbers: number[]) => void
  private readonly band: Uint8Array
  private readonly sums: Uint8Array
  private readonly tables = new Map<AxisTaps, { first: number; weights: number }>()
  private free = BEGIN

  /** @throws when the module is another one or memory runs out */
  constructor(module: WebAssembly.Module, whole: PictureSize, { width, height }: PictureSize) {
    this.scalers = new Scalers(whole, { width, height })
    // Of each part that is drawn (whole, left, right) the tables of two planes: at most 16 weights for a position.
    const tables = 3 * 2 * (width + height) * (4 + 2 * 2 * (whole.width / width + 9)) + 24 * SLACK
    const band = BAND + 4 * Math.ceil(whole.height / height + 2) * whole.width
    const bytes = BEGIN + i420Size(width, height) + band + 2 * whole.width + tables + 4 * SLACK
    const pages = Math.ceil(bytes / PAGE)
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const abort = (): never => {
      throw new Error('Drawing a small picture failed.')
    }
    const { filter, halve } = new WebAssembly.Instance(module, { env: { memory: this.memory, abort } }).exports
    if (typeof filter !== 'function' || typeof halve !== 'function') throw new Error('the scene kernel is another one')
    this.filter = filter as (...numbers: number[]) => void
    this.halve = halve as (...numbers: number[]) => void
    this.picture = { width, height, data: this.bytes(i420Size(width, height)) }
    this.band = this.bytes(band)
    this.sums = this.bytes(2 * whole.width)
  }

  draw(frame: I420Frame, from: number, to: number): void {
    this.scalers.planes(frame, this.picture, from, to, (scaler, source, target) => {
      if (scaler.isCopy) scaler.copy(source, target)
      else this.drawPlane(scaler, source, target)
    })
  }

  private drawPlane({ across, down, toX, isHalf }: PlaneScaler, source: Plane, target: Plane): void {
    const { stride } = source
    const columns = this.table(across)
    const lines = this.table(down)
    const perRow = Math.max(1, (stride * (down.highest - down.lowest)) / down.count)
    const step = Math.max(1, Math.floor(BAND / perRow))
    for (let row = 0; row < down.count; row += step) {
      const rows = Math.min(step, down.count - row)
      const top = down.first[row]!
      const bottom = down.first[row + rows - 1]! + down.taps
      this.band.set(source.data.subarray(source.offset + top * stride, source.offset + bottom * stride))
      const to = target.data.byteOffset + target.offset + row * target.stride + toX
      if (isHalf) {
        this.halve(this.band.byteOffset + across.first[0]!, stride, to, target.stride, across.count, rows)
        continue
      }
      this.filter(
        ...[this.band.byteOffset - top * stride, stride, to, target.stride],
        ...[across.count, across.taps, columns.first, columns.weights, across.lowest, across.highest],
        ...[rows, down.taps, lines.first + 4 * row, lines.weights + 2 * down.taps * row, this.sums.byteOffset],
      )
    }
  }

  /** Addresses of an axis's tables, which are copied in once. */
  private table(axis: AxisTaps): { first: number; weights: number } {
    const known = this.tables.get(axis)
    if (known) return known
    const first = this.bytes(axis.first.byteLength)
    first.set(new Uint8Array(axis.first.buffer))
    const weights = this.bytes(axis.weights.byteLength)
    weights.set(new Uint8Array(axis.weights.buffer))
    const made = { first: first.byteOffset, weights: weights.byteOffset }
    this.tables.set(axis, made)
    return made
  }

  private bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(this.memory.buffer, this.free, count)
    this.free = Math.ceil((this.free + count + SLACK) / 16) * 16
    return bytes
  }
}

/**
 * The fast loops from a file (`scene.wasm`), or the plain ones when that is missing, broken, or does not run here; then
 * `log` gets one line that says why.
 */
export function loadSmallPicture(path: string, log: (line: string) => void): SmallPictureFactory {
  const complain = (error: unknown): void =>
    log(`preview: the plain loops are used, slower: ${error instanceof Error ? error.message : String(error)}`)
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    new WasmSmallPicture(module, { width: 32, height: 32 }, { width: 16, height: 16 }) // does it run here?
    return (whole, small) => new WasmSmallPicture(module, whole, small)
  } catch (error) {
    complain(error)
    return (whole, small) => new PlainSmallPicture(whole, small)
  }
}

function planeOf({ width, height, data }: I420Frame, plane: 0 | 1 | 2): Plane {
  const luma = width * height
  return plane === 0
    ? { data, offset: 0, stride: width }
    : { data, offset: luma + ((plane - 1) * luma) / 4, stride: width / 2 }
}
