import { describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../scripts/kernel.mjs'
import { planesOf, type I420Frame } from './i420'
import { loadSmallPicture, PlainSmallPicture } from './small-picture'

const fast = loadSmallPicture(await ensureKernel('scene'), (line) => {
  throw new Error(line)
})

function frame(width: number, height: number, value: (x: number, y: number) => number): I420Frame {
  const made = { width, height, data: new Uint8Array((width * height * 3) / 2).fill(128) }
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) made.data[y * width + x] = value(x, y)
  return made
}

function noise(width: number, height: number): I420Frame {
  let seed = 1
  const data = new Uint8Array((width * height * 3) / 2).map(() => (seed = (seed * 48271) % 2147483647) >> 8)
  return { width, height, data }
}

describe.each([
  ['plain', (whole, small) => new PlainSmallPicture(whole, small)],
  ['wasm', fast],
] as [string, typeof fast][])('a small picture, %s loops', (name, create) => {
  it('is the mean of 2x2', () => {
    const small = create({ width: 4, height: 4 }, { width: 2, height: 2 })
    expect(small.name).toBe(name)
    small.draw(
      frame(4, 4, (x, y) => 10 * x + y),
      0,
      2,
    )
    expect([...planesOf(small.picture).y]).toEqual([6, 26, 8, 28])
    expect([...planesOf(small.picture).u]).toEqual([128])
  })

  it('is the mean of 3x3: 1080p', () => {
    const whole = noise(1920, 1080)
    const small = create(whole, { width: 640, height: 360 })
    small.draw(whole, 0, 640)
    for (const [x, y] of [
      [0, 0],
      [639, 359],
      [320, 180],
      [17, 300],
    ] as const) {
      let sum = 0
      for (let i = 0; i < 9; i++) sum += whole.data[(3 * y + Math.floor(i / 3)) * 1920 + 3 * x + (i % 3)]!
      expect(Math.abs(small.picture.data[y * 640 + x]! - sum / 9)).toBeLessThan(1.5)
    }
  })

  it('keeps the mean for any other ratio', () => {
    const small = create({ width: 20, height: 12 }, { width: 8, height: 4 })
    small.draw(
      frame(20, 12, (x) => (x < 10 ? 40 : 80)),
      0,
      8,
    )
    expect([...planesOf(small.picture).y.subarray(0, 8)]).toEqual([40, 40, 40, 40, 80, 80, 80, 80])
  })

  it('draws one half and leaves the other', () => {
    const small = create({ width: 1280, height: 720 }, { width: 640, height: 360 })
    small.draw(
      frame(1280, 720, () => 50),
      0,
      320,
    )
    small.draw(
      frame(1280, 720, () => 90),
      320,
      640,
    )
    const { y } = planesOf(small.picture)
    expect([y[0], y[319], y[320], y[639], y[359 * 640 + 319], y[359 * 640 + 320]]).toEqual([50, 50, 90, 90, 50, 90])
  })
})

it('is the same by both loops, for every size of frame', () => {
  for (const [width, height, w, h] of [
    [1280, 720, 640, 360],
    [1920, 1080, 640, 360],
    [640, 360, 640, 360],
    [854, 480, 640, 360],
    [720, 1280, 202, 360],
    [3840, 64, 640, 10],
  ] as const) {
    const whole = noise(width, height)
    const [plain, quick] = [PlainSmallPicture, null].map((make) =>
      make ? new make(whole, { width: w, height: h }) : fast(whole, { width: w, height: h }),
    )
    for (const [from, to] of [
      [0, w],
      [0, Math.floor(w / 4) * 2],
      [Math.floor(w / 4) * 2, w],
    ] as const) {
      plain!.draw(whole, from, to)
      quick!.draw(whole, from, to)
      expect(Buffer.compare(plain!.picture.data, quick!.picture.data), `${width}x${height} ${from}-${to}`).toBe(0)
    }
  }
})

it('falls back to the plain loops with a word when the fast ones are missing', () => {
  const lines: string[] = []
  const create = loadSmallPicture('/nowhere/scene.wasm', (line) => lines.push(line))
  expect(create({ width: 4, height: 4 }, { width: 2, height: 2 }).name).toBe('plain')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('slower')
})
