import { describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import type { I420Frame, RgbImage } from '../i420'
import { noise } from '../testing/portrait'
import { loadTargets } from './crop-target'
import { I420Source } from './i420-source'
import { RgbSource } from './rgb-source'
import type { Roi } from './roi'

/** A smooth grey picture in both formats: limited range luma and the RGB that it means. */
function ramp(width: number, height: number): { yuv: I420Frame; rgb: RgbImage } {
  const yuv = { width, height, data: new Uint8Array((width * height * 3) / 2).fill(128) }
  const rgb = { width, height, data: new Uint8Array(width * height * 3) }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const luma = Math.round(16 + (219 * (x + 2 * y)) / (width + 2 * height))
      yuv.data[y * width + x] = luma
      rgb.data.fill(Math.round(((luma - 16) * 255) / 219), (y * width + x) * 3, (y * width + x) * 3 + 3)
    }
  }
  return { yuv, rgb }
}

function crop(source: I420Source | RgbSource, roi: Roi, side: number, low = 0): Float32Array {
  const planes = new Float32Array(3 * side * side)
  source.crop(roi, { side, low, planes })
  return planes
}

describe('crop', () => {
  const { yuv, rgb } = ramp(40, 24)

  it('of the whole picture at its own size gives its pixels, in planes', () => {
    const data = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => i * 5)
    const planes = crop(new RgbSource({ width: 4, height: 4, data }), { cx: 2, cy: 2, size: 4, rotation: 0 }, 4)
    for (let i = 0; i < 48; i++) expect(planes[(i % 3) * 16 + Math.floor(i / 3)]).toBeCloseTo((i * 5) / 255, 5)
  })

  it('turns clockwise on the screen: the top row of a quarter turn is the right edge', () => {
    const data = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => Math.floor(i / 12) * 60)
    const planes = crop(
      new RgbSource({ width: 4, height: 4, data }),
      { cx: 2, cy: 2, size: 4, rotation: Math.PI / 2 },
      4,
    )
    expect([...planes.subarray(0, 4)].map((value) => Math.round(value * 255))).toEqual([0, 60, 120, 180])
  })

  it.each([
    ['inside', { cx: 20, cy: 12, size: 14, rotation: 0.4 }],
    ['over a corner', { cx: 2, cy: 1, size: 20, rotation: -0.7 }],
    ['larger than the picture', { cx: 20, cy: 12, size: 80, rotation: 0.1 }],
  ])('gives the same from I420 and RGB, %s', (_, roi) => {
    const [fromYuv, fromRgb] = [crop(new I420Source(yuv), roi, 32), crop(new RgbSource(rgb), roi, 32)]
    fromYuv.forEach((value, i) => expect(Math.abs(value - fromRgb[i]!)).toBeLessThan(3 / 255))
  })

  it('is black outside of the picture, at the low end of the range', () => {
    const roi = { cx: 200, cy: -90, size: 30, rotation: 0.3 }
    for (const source of [new I420Source(yuv), new RgbSource(rgb)]) {
      expect(new Set(crop(source, roi, 8, -1))).toEqual(new Set([-1]))
    }
  })

  it('reads the colours of BT.601', () => {
    const red = { width: 4, height: 4, data: new Uint8Array(24).fill(81, 0, 16).fill(90, 16, 20).fill(240, 20) }
    const planes = crop(new I420Source(red), { cx: 2, cy: 2, size: 2, rotation: 0 }, 1)
    expect(planes[0]).toBeGreaterThan(0.98)
    expect(planes[1]).toBeLessThan(0.02)
    expect(planes[2]).toBeLessThan(0.02)
  })
})

describe('loadTargets', () => {
  it('gives a fast crop that is the plain one: any turn and size, inside, over the border and outside', async () => {
    const createTarget = loadTargets(await ensureKernel('face'), (line) => {
      throw new Error(line)
    })
    const random = noise(5)
    for (let round = 0; round < 60; round++) {
      const [width, height] = [2 * Math.round(40 + 30 * random()), 2 * Math.round(30 + 25 * random())]
      const data = Uint8Array.from({ length: (width * height * 3) / 2 }, (_, i) => {
        const luma = i < width * height
        // Luma differs from pixel to pixel; colour goes smoothly, because its nearest sample may be the next one.
        return luma ? 128 + 100 * random() : 128 + 60 * Math.sin((i % (width / 2)) / 30) + Math.floor(i / width) / 8
      })
      const source = new I420Source({ width, height, data })
      const size = 12 + 90 * Math.abs(random())
      const roi = {
        cx: width * (0.5 + random()),
        cy: height * (0.5 + random()),
        size,
        // Straight crops meet pixels and borders exactly.
        rotation: round % 3 === 0 ? 0 : 3.2 * random(),
      }
      const fast = createTarget(32, round % 2 === 0 ? 0 : -1)
      expect(fast.mixer).toBeDefined()
      source.crop(roi, fast)
      const plain = crop(source, roi, 32, fast.low)
      let worst = 0
      for (let i = 0; i < plain.length; i++) worst = Math.max(worst, Math.abs(plain[i]! - fast.planes[i]!))
      // Levels of 255: what 0.002 pixels are at the steepest edge of this picture, and the next sample of colour.
      expect((worst * 255) / (1 - fast.low), `round ${round}`).toBeLessThan(6)
    }
  })

  it('takes the plain crop, and says why, where the fast one cannot be used', () => {
    const lines: string[] = []
    const target = loadTargets('/nonexistent', (line) => lines.push(line))(8, 0)
    expect(target.mixer).toBeUndefined()
    expect(target.planes).toHaveLength(192)
    expect(lines).toEqual([expect.stringContaining('the plain crop is used')])
  })
})
