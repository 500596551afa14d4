import { describe, expect, it } from 'vitest'
import { DEFAULT_LOOK } from '@shared/media/look-settings'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { FrameLook } from './frame-look'
import { darkenCorners, Vignette } from './vignette'

function even(width: number, height: number, luma = 180, chroma = 150): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)).fill(chroma) }
  planesOf(frame).y.fill(luma)
  return frame
}

function darkened(frame: I420Frame, strength: number): I420Frame {
  const vignette = new Vignette()
  vignette.strength = strength
  vignette.apply(frame)
  return frame
}

describe('Vignette', () => {
  it('leaves every byte at 0, and the middle at 1', () => {
    expect(darkened(even(64, 48), 0)).toEqual(even(64, 48))
    const { y } = planesOf(darkened(even(320, 180), 1))
    for (let row = 60; row < 120; row++) for (let x = 110; x < 210; x++) expect(y[row * 320 + x]).toBe(180)
  })

  it('darkens and greys the corners, more with more strength, evenly on all four', () => {
    const corner = [0.3, 0.6, 1].map((strength) => {
      const { y, u } = planesOf(darkened(even(320, 180), strength))
      const mean = (x: number, row: number): number => {
        let sum = 0
        for (let i = 0; i < 16; i++) sum += y[(row + (i >> 2)) * 320 + x + (i & 3)]!
        return sum / 16
      }
      const corners = [mean(0, 0), mean(316, 0), mean(0, 176), mean(316, 176)]
      expect(Math.max(...corners) - Math.min(...corners)).toBeLessThan(1)
      expect(Math.abs(u[0]! - 128)).toBeLessThan(22)
      return corners[0]!
    })
    expect(corner[0]).toBeLessThan(160)
    expect(corner[1]).toBeLessThan(corner[0]!)
    expect(corner[2]).toBeLessThan(corner[1]!)
    expect(corner[2]).toBeGreaterThan(20)
  })

  it('has no rings: from the corner inwards the mean only rises, by small steps', () => {
    const { y } = planesOf(darkened(even(640, 360), 1))
    let before = 0
    for (let x = 0; x + 8 <= 320; x += 8) {
      let sum = 0
      for (let i = 0; i < 64; i++) sum += y[(176 + (i >> 3)) * 640 + x + (i & 7)]!
      if (x > 0) expect(sum / 64 - before).toBeGreaterThan(-0.2)
      before = sum / 64
    }
  })

  it('takes odd halves, small frames and another size on the same object', () => {
    const vignette = new Vignette()
    vignette.strength = 1
    for (const [width, height] of [
      [6, 10],
      [10, 6],
      [320, 180],
    ] as const) {
      const frame = even(width, height)
      vignette.apply(frame)
      expect(frame.data[0]).toBeLessThan(180)
      const { y } = planesOf(frame)
      // Left and right alike, up to the dither.
      for (let x = 0; x < width; x++) expect(Math.abs(y[x]! - y[width - 1 - x]!)).toBeLessThanOrEqual(1)
    }
  })

  it('does the same to a still picture', () => {
    const image = { width: 101, height: 67, data: new Uint8Array(101 * 67 * 3).fill(200) }
    darkenCorners(image, 1)
    expect(image.data[0]).toBeLessThan(80)
    expect(image.data[(33 * 101 + 50) * 3]).toBe(200)
  })
})

describe('FrameLook', () => {
  it('leaves every byte as long as nothing is chosen', () => {
    const look = new FrameLook()
    const frame = even(64, 48)
    look.apply(frame)
    look.set(DEFAULT_LOOK)
    look.apply(frame)
    look.set({ ...DEFAULT_LOOK, look: 'film', intensity: 0 })
    look.apply(frame)
    look.set({ ...DEFAULT_LOOK, look: 'cube' }) // no table
    look.apply(frame)
    expect(frame).toEqual(even(64, 48))
    look.set({ ...DEFAULT_LOOK, look: 'noir', intensity: 1 })
    look.apply(frame)
    expect(planesOf(frame).u).toEqual(new Uint8Array(768).fill(128))
  })
})
