import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { describe, expect, it } from 'vitest'
import type { Face } from '../face/face'
import { i420Size, type I420Frame } from '../i420'
import { noise } from '../testing/portrait'
import { HEAD, posedFace } from '../testing/posed-face'
import { Sparkles } from './sparkles'

const [WIDTH, HEIGHT] = [640, 480]

function sparkled(amount: number, timeMs: number, face: Face = posedFace()): I420Frame {
  const data = new Uint8Array(i420Size(WIDTH, HEIGHT)).fill(128)
  data.fill(100, 0, WIDTH * HEIGHT)
  const frame = { width: WIDTH, height: HEIGHT, data }
  const settings = { beauty: DEFAULT_BEAUTY, effects: { ...DEFAULT_EFFECTS, sparkles: amount } }
  new Sparkles(HEAD).apply({ frame, faces: [face], settings, timeMs, hurried: false })
  return frame
}

const light = (frame: I420Frame): number =>
  frame.data.subarray(0, WIDTH * HEIGHT).reduce((sum, value) => sum + value - 100, 0)
const TIMES = Array.from({ length: 40 }, (_, i) => i * 230)

describe('Sparkles', () => {
  it('adds light only, more of it with a higher amount, and none at 0', () => {
    const sums = [0, 0.3, 1].map((amount) => TIMES.reduce((sum, time) => sum + light(sparkled(amount, time)), 0))
    expect(sums[0]).toBe(0)
    expect(sums[1]).toBeGreaterThan(1000)
    expect(sums[2]).toBeGreaterThan(2 * sums[1]!)
    for (const time of TIMES) {
      const { data } = sparkled(1, time)
      expect(data.subarray(0, WIDTH * HEIGHT).every((value) => value >= 100 && value <= 235)).toBe(true)
    }
  })

  it('twinkles smoothly: the same at the same time, another from moment to moment, no jump between two frames', () => {
    expect(Buffer.compare(sparkled(1, 777).data, sparkled(1, 777).data)).toBe(0)
    expect(Buffer.compare(sparkled(1, 777).data, sparkled(1, 1400).data)).not.toBe(0)
    const mean = TIMES.reduce((sum, time) => sum + light(sparkled(1, time)), 0) / TIMES.length
    for (const time of TIMES) {
      const step = Math.abs(light(sparkled(1, time + 33)) - light(sparkled(1, time)))
      expect(step).toBeLessThan(0.5 * mean)
    }
  })

  it('survives any face and time', () => {
    const random = noise(9)
    for (let i = 0; i < 60; i++) {
      const face = posedFace({
        x: 900 * random(),
        y: 700 * random(),
        scale: 40 * Math.abs(random()),
        roll: 180 * random(),
      })
      if (i % 7 === 0) face.points[i * 3] = Number.NaN
      sparkled(Math.abs(random()), 1e12 * random(), face)
    }
    expect(light(sparkled(1, 500, posedFace({ score: 0.4 })))).toBe(0)
  })
})
