import { readFileSync } from 'node:fs'
import { gridOf, GRID, REACH } from './grid'
import type { MattingKernel, MattingKernelFactory } from './matting-kernel'
import { plainMatting } from './plain/plain-matting'

/** Functions of `wasm/kernel.ts`; a place is an address in bytes. */
type Loop = (...places: number[]) => void
type LoopName = Exclude<keyof MattingKernel, 'name' | 'floats' | 'bytes'>
const LOOPS = [
  'shrink',
  'blur',
  'multiply',
  'fit',
  'matte',
  'halve',
  'composite',
  'weigh',
  'disc',
  'enlarge',
] as const satisfies LoopName[]

const PAGE = 65536
/** The compiler lays the module's table at 1024; from here on memory is ours. */
const BEGIN = 2048
/** Room behind each array: loops run up to a row of a cell's pixels past the end. */
const SLACK = 128

/** A kernel for pictures of this size. @throws when the module is another one or memory runs out */
function wasmMatting(module: WebAssembly.Module, width: number, height: number): MattingKernel {
  const { columns, rows, size, stride } = gridOf(width, height)
  // All that `Matting` asks for: frame, backdrop and alpha; block, colours, blurred planes, sums, scratch.
  const pictures = 5 * stride * height
  const planes = 4 * ((GRID.planes + 3 + 4 + 2) * size + (columns + 2 * REACH) * rows + 5 * (columns + 8))
  const pages = Math.ceil((BEGIN + pictures + planes + size + 4096) / PAGE)
  // Of a fixed size: a memory that grows would take the arrays away that lie in it.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const abort = (): never => {
    throw new Error('The background kernel failed.')
  }
  const loops = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Record<string, Loop>
  let free = BEGIN
  const bytes = (count: number): Uint8Array => {
    const made = new Uint8Array(memory.buffer, free, count)
    free = Math.ceil((free + count + SLACK) / 16) * 16
    return made
  }
  const kernel: Record<string, unknown> = {
    name: 'wasm',
    bytes,
    floats: (count: number) => new Float32Array(memory.buffer, bytes(4 * count).byteOffset, count),
  }
  for (const name of LOOPS) {
    const loop = loops[name]
    if (typeof loop !== 'function') throw new Error(`the background kernel has no function ${name}`)
    kernel[name] = (...places: (number | ArrayBufferView)[]) =>
      loop(...places.map((place) => (typeof place === 'number' ? place : place.byteOffset)))
  }
  return kernel as unknown as MattingKernel
}

/**
 * The fast loops from a file, or the plain ones when that is missing, broken, or does not run here; then `log` gets one
 * line that says why.
 */
export function loadMatting(path: string, log: (line: string) => void): MattingKernelFactory {
  const plain = (error: unknown): MattingKernel => {
    const why = error instanceof Error ? error.message : String(error)
    log(`background: the plain loops are used, slower: ${why}`)
    return plainMatting()
  }
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    wasmMatting(module, 16, 16) // does it run here?
    return (width, height) => {
      try {
        return wasmMatting(module, width, height)
      } catch (error) {
        return plain(error)
      }
    }
  } catch (error) {
    plain(error)
    return plainMatting
  }
}
