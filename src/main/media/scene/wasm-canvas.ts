import { readFileSync } from 'node:fs'
import { i420Size, type I420Frame } from '../i420'
import type { Layer, LayerSize } from './layer'
import type { Plane, PlaneScaler } from './plane-scaler'
import { PlainCanvas, type SceneCanvas } from './scene-canvas'

type Loop = (...numbers: number[]) => void
const LOOPS = ['filter', 'halve', 'fade'] as const

const PAGE = 65536
/** Loops read and write up to a vector past the end. */
const SLACK = 64
/** The module keeps nothing of its own in memory; this far from the start on it is ours. */
const BEGIN = 1024

/**
 * The loops in WebAssembly with SIMD, compiled from `wasm/` by `scripts/kernel.mjs`. Both pictures lie in the module's
 * memory; of a source the rows that are used are copied in (0.07 ms for a whole 720p frame).
 */
export class WasmCanvas implements SceneCanvas {
  readonly name = 'wasm'
  readonly shown: I420Frame
  readonly next: I420Frame
  private readonly memory: WebAssembly.Memory
  private readonly loops: Record<(typeof LOOPS)[number], Loop>
  private readonly source: Uint8Array
  private readonly sums: Uint8Array
  private readonly first: Int32Array
  private readonly rowFirst: Int32Array
  private readonly weights: Int16Array
  private readonly rowWeights: Int16Array
  private free = BEGIN

  /** For pictures of this size, in pixels. @throws when the module is another one or memory runs out */
  constructor(module: WebAssembly.Module, { width, height }: LayerSize) {
    const longest = Math.max(width, height)
    const size = i420Size(width, height)
    const pages = Math.ceil((BEGIN + 3 * (size + SLACK) + 64 * longest + 8 * SLACK) / PAGE)
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const abort = (): never => {
      throw new Error('Drawing the scene failed.')
    }
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory, abort } })
    for (const name of LOOPS)
      if (typeof exports[name] !== 'function') throw new Error(`the scene kernel has no function ${name}`)
    this.loops = exports as Record<(typeof LOOPS)[number], Loop>
    this.shown = { width, height, data: this.bytes(size) }
    this.next = { width, height, data: this.bytes(size) }
    this.source = this.bytes(size)
    this.sums = this.bytes(2 * longest)
    const words = (count: number): Int16Array => {
      const bytes = this.bytes(2 * count)
      return new Int16Array(bytes.buffer, bytes.byteOffset, count)
    }
    const numbers = (count: number): Int32Array => {
      const bytes = this.bytes(4 * count)
      return new Int32Array(bytes.buffer, bytes.byteOffset, count)
    }
    this.first = numbers(longest)
    this.rowFirst = numbers(longest)
    // All taps of a row: each source pixel once or twice, and up to 8 more to fill each position's last vector.
    this.weights = words(11 * longest)
    this.rowWeights = words(11 * longest)
  }

  draw(layer: Layer, frame: I420Frame, canvas: I420Frame): void {
    if (layer.isCopy) canvas.data.set(frame.data)
    else layer.planes(frame, canvas, (scaler, source, target) => this.drawPlane(scaler, source, target))
  }

  fade(share: number): void {
    const { data } = this.shown
    this.loops.fade(data.byteOffset, this.next.data.byteOffset, data.length, Math.round(share * 256))
  }

  private drawPlane(scaler: PlaneScaler, source: Plane, target: Plane): void {
    if (scaler.isCopy) {
      scaler.copy(source, target)
      return
    }
    const { across, down, toX, toY } = scaler
    const { stride } = source
    const top = source.offset + down.lowest * stride
    this.source.set(source.data.subarray(top, source.offset + down.highest * stride))
    const from = this.source.byteOffset - down.lowest * stride
    const to = target.data.byteOffset + target.offset + toY * target.stride + toX
    if (scaler.isHalf) {
      const first = from + down.first[0]! * stride + across.first[0]!
      this.loops.halve(first, stride, to, target.stride, across.count, down.count)
      return
    }
    this.first.set(across.first)
    this.weights.set(across.weights)
    this.rowFirst.set(down.first)
    this.rowWeights.set(down.weights)
    this.loops.filter(
      ...[from, stride, to, target.stride],
      ...[across.count, across.taps, this.first.byteOffset, this.weights.byteOffset, across.lowest, across.highest],
      ...[down.count, down.taps, this.rowFirst.byteOffset, this.rowWeights.byteOffset, this.sums.byteOffset],
    )
  }

  private bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(this.memory.buffer, this.free, count)
    this.free = Math.ceil((this.free + count + SLACK) / 16) * 16
    return bytes
  }
}

/** Makes pictures to draw on. */
export type CanvasFactory = (size: LayerSize) => SceneCanvas

/**
 * The fast loops from a file, or the plain ones when that is missing, broken, or does not run here; then `log` gets one
 * line that says why.
 */
export function loadCanvas(path: string, log: (line: string) => void): CanvasFactory {
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    new WasmCanvas(module, { width: 16, height: 16 }) // does it run here?
    return (size) => new WasmCanvas(module, size)
  } catch (error) {
    log(`scene: the plain loops are used, slower: ${error instanceof Error ? error.message : String(error)}`)
    return (size) => new PlainCanvas(size)
  }
}
