import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { noise } from '../testing/portrait'
import { FITTED, GRID, gridOf, REACH, type Grid } from './grid'
import type { MattingKernel, MattingKernelFactory } from './matting-kernel'
import { plainMatting } from './plain/plain-matting'
import { loadMatting } from './wasm-matting'

/** Everything that the loops make of one picture, in the order in which `Matting` calls them. */
function runAll(kernel: MattingKernel, width: number, height: number, grid: Grid): Record<string, number[]> {
  const { step, columns, rows, size, stride } = grid
  const random = noise(5)
  const cells = columns * rows
  const picture = kernel.bytes(stride * height)
  const [u, v] = [kernel.bytes((stride * height) / 4), kernel.bytes((stride * height) / 4)]
  const backdrop = kernel.bytes(stride * height)
  const alpha = kernel.bytes(stride * height)
  const half = kernel.bytes((stride * height) / 4)
  const block = kernel.floats(GRID.planes * size)
  const colours = kernel.floats(3 * size)
  const weighted = kernel.floats(4 * size)
  const sums = kernel.floats((columns + 2 * REACH) * rows)
  const scratch = kernel.floats(Math.max(size, 5 * (columns + 8)))
  const spans = kernel.floats(2 * REACH + 1)
  const settled = kernel.bytes(size)
  const person = (x: number, y: number): number => (Math.hypot(x / width - 0.5, y / height - 0.6) < 0.3 ? 1 : 0)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      picture[y * stride + x] = 90 + 80 * person(x, y) + 20 * Math.sin(x / 3) + 6 * random()
      backdrop[y * stride + x] = (x * 7 + y * 3) % 256
    }
  }
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < width / 2; x++) {
      u[(y * stride) / 2 + x] = 120 - 20 * person(2 * x, 2 * y) + 3 * random()
      v[(y * stride) / 2 + x] = 130 + 25 * person(2 * x, 2 * y) + 3 * random()
    }
  }
  kernel.shrink(picture, stride, width, height, step, colours, columns)
  kernel.shrink(u, stride / 2, width / 2, height / 2, step / 2, colours.subarray(size), columns)
  kernel.shrink(v, stride / 2, width / 2, height / 2, step / 2, colours.subarray(2 * size), columns)
  for (let i = 0; i < cells; i++) block[i] = person((i % columns) * step, Math.floor(i / columns) * step)
  kernel.blur(block, 1, size, scratch, columns, rows, 1)
  block.set(colours, size)
  const results: Record<string, number[]> = { colours: planes(colours, 3, size, cells) }
  kernel.multiply(block, size, cells)
  kernel.blur(block, GRID.planes, size, scratch, columns, rows, 5)
  results['means'] = planes(block, GRID.planes, size, cells)
  kernel.fit(block, size, cells, settled, 60)
  results['settled'] = [...settled.subarray(0, cells)]
  results['colours of both'] = planes(block.subarray(FITTED.behind * size), 6, size, cells)
  const lines = block.subarray(FITTED.line * size)
  kernel.blur(lines, 4, size, scratch, columns, rows, 2)
  kernel.matte(picture, u, v, stride, height, lines, size, settled, columns, rows, step, alpha, scratch)
  results['alpha'] = rowsOf(alpha, stride, width, height)
  kernel.halve(alpha, stride, height, half)
  results['half alpha'] = rowsOf(half, stride / 2, width / 2, height / 2)
  const mean = (n: number): Float32Array => block.subarray(n * size)
  const compose = [mean(FITTED.person), mean(FITTED.behind), columns, rows, step, scratch] as const
  kernel.composite(picture, backdrop, alpha, stride, height, ...compose)
  results['picture'] = rowsOf(picture, stride, width, height)
  const [pu, bu] = [mean(FITTED.person + 1), mean(FITTED.behind + 1)]
  kernel.composite(u, backdrop, half, stride / 2, height / 2, pu, bu, columns, rows, step / 2, scratch)
  results['chroma'] = rowsOf(u, stride / 2, width / 2, height / 2)
  for (let i = -7; i <= 7; i++) spans[i + 7] = Math.floor(Math.sqrt(50 - i * i))
  kernel.weigh(colours, block, weighted, size, cells)
  kernel.disc(weighted, size, columns, rows, spans, 7, sums)
  kernel.enlarge(weighted, columns, rows, step, picture, stride, height, scratch)
  kernel.enlarge(weighted.subarray(size), columns, rows, step / 2, u, stride / 2, height / 2, scratch)
  results['blurred'] = rowsOf(picture, stride, width, height)
  results['blurred chroma'] = rowsOf(u, stride / 2, width / 2, height / 2)
  return results
}

function planes(block: Float32Array, count: number, size: number, cells: number): number[] {
  return Array.from({ length: count }, (_, n) => [...block.subarray(n * size, n * size + cells)]).flat()
}

function rowsOf(bytes: Uint8Array, stride: number, width: number, height: number): number[] {
  return Array.from({ length: height }, (_, y) => [...bytes.subarray(y * stride, y * stride + width)]).flat()
}

describe('the fast loops of the background', () => {
  let fast: MattingKernelFactory
  const lines: string[] = []
  beforeAll(async () => {
    await ensureKernel()
    const file = fileURLToPath(new URL('../../../../resources/kernel/background.wasm', import.meta.url))
    fast = loadMatting(file, (line) => lines.push(line))
  })

  test.each([
    [1006, 50],
    [322, 50],
    [402, 34],
    [1922, 12],
    [3842, 18],
    [90, 2],
    [2, 90],
    [2, 2],
  ])('make of %ix%i what the plain ones make', (width, height) => {
    const grid = gridOf(width, height)
    const kernel = fast(width, height)
    expect([kernel.name, lines]).toEqual(['wasm', []])
    const [expected, got] = [plainMatting(), kernel].map((each) => runAll(each, width, height, grid))
    for (const [name, values] of Object.entries(expected!)) {
      const others = got![name]!
      expect(others.length).toBe(values.length)
      const scale = name === 'means' ? 65 : 1
      const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - others[i]!)), 0)
      expect(worst, name).toBeLessThanOrEqual(name === 'settled' ? 0 : 1.01 * scale)
      const mean = values.reduce((sum, value, i) => sum + Math.abs(value - others[i]!), 0) / values.length
      expect(mean, name).toBeLessThan(0.02 * scale)
    }
  })

  test('give way to the plain ones, with one line, when the file is broken', () => {
    const said: string[] = []
    const create = loadMatting(fileURLToPath(import.meta.url), (line) => said.push(line))
    expect(create(16, 16).name).toBe('plain')
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/plain loops are used/)
  })
})
