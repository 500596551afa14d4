import { readFileSync } from 'node:fs'
import type { CropTarget } from './picture-source'

/** Makes the memory for a model's input. @param side pixels @param low value of black; white is 1 */
export type TargetFactory = (side: number, low: number) => CropTarget

/** A target that is filled by plain loops. */
export function plainTarget(side: number, low: number): CropTarget {
  return { side, low, planes: new Float32Array(3 * side * side) }
}

const PAGE = 65536
/** The compiler keeps the start of memory to itself. */
const BEGIN = 1024

type MixRow = (...places: number[]) => void

/**
 * Targets with the fast loop of a file, or plain ones when that is missing, broken, or does not run here; then `log`
 * gets one line that says why. The model reads its input where the loop writes it.
 */
export function loadTargets(path: string, log: (line: string) => void): TargetFactory {
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    fastTarget(module, 4, 0) // does it run here?
    return (side, low) => (side % 4 === 0 ? fastTarget(module, side, low) : plainTarget(side, low))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log(`face: the plain crop is used, slower: ${why}`)
    return plainTarget
  }
}

function fastTarget(module: WebAssembly.Module, side: number, low: number): CropTarget {
  const plane = 4 * side * side
  const pages = Math.ceil((BEGIN + 3 * plane + 6 * side + 64) / PAGE)
  // Of a fixed size: a memory that grows would take the arrays away that lie in it.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const abort = (): never => {
    throw new Error('The face kernel failed.')
  }
  const { mixRow } = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as { mixRow?: MixRow }
  if (typeof mixRow !== 'function') throw new Error('the face kernel has no function mixRow')
  const lumas = new Uint32Array(memory.buffer, BEGIN + 3 * plane, side)
  const chromas = new Uint16Array(memory.buffer, lumas.byteOffset + lumas.byteLength, side)
  return {
    side,
    low,
    planes: new Float32Array(memory.buffer, BEGIN, 3 * side * side),
    mixer: {
      lumas,
      chromas,
      mix: (row, x, y, dx, dy) =>
        mixRow(lumas.byteOffset, chromas.byteOffset, side, x, y, dx, dy, BEGIN + 4 * side * row, plane, low),
    },
  }
}
