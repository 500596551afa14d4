import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { DemoPresenter } from './demo-presenter'
import { buildHeadMesh, type CanonicalFace } from './head-mesh'
import { readBarcode } from './time-barcode'

const [WIDTH, HEIGHT, FPS] = [480, 270, 30]
const CLOCK = Date.UTC(2026, 4, 17, 9, 30, 12, 345)

function frame(): I420Frame {
  return { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
}

describe('DemoPresenter', () => {
  let mesh: CanonicalFace
  let presenter: DemoPresenter
  beforeAll(async () => {
    await ensureModels()
    const path = fileURLToPath(new URL('../../../../resources/models/canonical-face.json', import.meta.url))
    mesh = JSON.parse(readFileSync(path, 'utf8')) as CanonicalFace
    presenter = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: FPS, mesh })
  })

  function drawn(index: number, clockMs = CLOCK): I420Frame {
    const out = frame()
    presenter.draw(index, clockMs, out)
    return out
  }

  it('draws the same picture for the same frame, in any order and by any presenter', () => {
    const first = drawn(77)
    drawn(400)
    expect(drawn(77).data).toEqual(first.data)
    const other = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: FPS, mesh })
    const out = frame()
    other.draw(77, CLOCK, out)
    expect(out.data).toEqual(first.data)
  })

  it('leaves nothing of what was in the frame before', () => {
    const out = frame()
    out.data.fill(77)
    presenter.draw(12, CLOCK, out)
    expect(out.data).toEqual(drawn(12).data)
  })

  it('changes the clock only in the lower right corner', () => {
    const before = drawn(30, CLOCK)
    const after = drawn(30, CLOCK + 4321)
    const changed: [number, number][] = []
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      if (before.data[i] !== after.data[i]) changed.push([i % WIDTH, Math.floor(i / WIDTH)])
    }
    expect(changed.length).toBeGreaterThan(20)
    expect(changed.every(([x, y]) => x > WIDTH * 0.6 && y > HEIGHT * 0.85)).toBe(true)
  })

  it('keeps the whole face inside the picture and moves it', () => {
    const noses: [number, number][] = []
    for (let index = 0; index < 60 * FPS; index += 7) {
      const points = presenter.landmarks(index)
      expect(points.length).toBe(468 * 3)
      for (let i = 0; i < points.length; i += 3) {
        const inside = points[i]! > 0 && points[i]! < WIDTH && points[i + 1]! > 0 && points[i + 1]! < HEIGHT
        if (!inside) expect.fail(`point ${i / 3} of frame ${index} is at ${points[i]}, ${points[i + 1]}`)
      }
      noses.push([points[3]!, points[4]!])
    }
    const spread = (k: 0 | 1): number => Math.max(...noses.map((p) => p[k])) - Math.min(...noses.map((p) => p[k]))
    expect(spread(0)).toBeGreaterThan(HEIGHT * 0.05)
    expect(spread(1)).toBeGreaterThan(HEIGHT * 0.01)
  })

  it('draws dark irises between the lids and bright skin below where the landmarks say', () => {
    // Frame without a blink: the lids of the left eye stand farthest apart.
    const gap = (points: Float32Array): number => points[145 * 3 + 1]! - points[159 * 3 + 1]!
    const indices = Array.from({ length: 40 }, (_, i) => i * 11)
    const open = indices.reduce((a, b) => (gap(presenter.landmarks(a)) > gap(presenter.landmarks(b)) ? a : b))
    const points = presenter.landmarks(open)
    const { y } = planesOf(drawn(open))
    const lumaAt = (px: number, py: number): number => y[Math.round(py) * WIDTH + Math.round(px)]!
    for (const [top, bottom, cheek] of [
      [159, 145, 50],
      [386, 374, 280],
    ] as const) {
      const x = (points[top * 3]! + points[bottom * 3]!) / 2
      const middle = (points[top * 3 + 1]! + points[bottom * 3 + 1]!) / 2
      const around = [-3, -2, -1, 0, 1, 2, 3].map((dx) => lumaAt(x + dx, middle))
      expect(Math.min(...around)).toBeLessThan(70)
      expect(lumaAt(points[cheek * 3]!, points[cheek * 3 + 1]!)).toBeGreaterThan(100)
    }
  })

  it('opens the mouth when the voice sounds and shuts it in the pauses', () => {
    const lips: number[] = []
    const loud: number[] = []
    for (let index = 0; index < 20 * FPS; index++) {
      const points = presenter.landmarks(index)
      lips.push(points[14 * 3 + 1]! - points[13 * 3 + 1]!)
      const pcm = presenter.pcm(Math.round((index * 48_000) / FPS), 1600)
      loud.push(Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length))
    }
    expect(correlation(lips, loud)).toBeGreaterThan(0.6)
    const quiet = lips.filter((_, i) => loud[i]! < 30)
    expect(quiet.length).toBeGreaterThan(FPS)
    expect(quiet.sort((a, b) => a - b)[quiet.length >> 1]!).toBeLessThan(Math.max(...lips) * 0.2)
  })

  it('gives the same sound in any chunks, without a jump at the repeat', () => {
    const whole = presenter.pcm(1000, 9000)
    const parts = [presenter.pcm(1000, 1), presenter.pcm(1001, 4999), presenter.pcm(6000, 4000)]
    expect(Int16Array.from(parts.flatMap((part) => [...part]))).toEqual(whole)
    const long = presenter.pcm(0, 48_000 * 45)
    let step = 0
    for (let i = 2; i < long.length; i += 2) step = Math.max(step, Math.abs(long[i]! - long[i - 2]!))
    let peak = 0
    for (const value of long) peak = Math.max(peak, Math.abs(value))
    expect(peak).toBeGreaterThan(8000)
    expect(peak).toBeLessThan(32_000)
    expect(step).toBeLessThan(peak * 0.75)
  })

  it('draws a time strip that decodes to the clock, only when asked', () => {
    expect(readBarcode(drawn(5))).not.toBe(CLOCK % 2 ** 40)
    const marked = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: FPS, mesh, barcode: true })
    const out = frame()
    for (const clock of [CLOCK, CLOCK + 17, 2 ** 40 * 3 + 1, 2 ** 40 - 1]) {
      marked.draw(5, clock + 0.4, out)
      expect(readBarcode(out)).toBe(clock % 2 ** 40)
    }
  })

  it('refuses a damaged mesh with what to do', () => {
    expect(() => buildHeadMesh({ vertices: mesh.vertices.slice(1), triangles: mesh.triangles })).toThrow(
      /npm run models/,
    )
  })
})

function correlation(a: number[], b: number[]): number {
  const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb)
    aa += (a[i]! - ma) ** 2
    bb += (b[i]! - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}
