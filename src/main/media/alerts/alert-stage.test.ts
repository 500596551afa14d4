import type { GiftAlert } from '@shared/media/gift-alert'
import { describe, expect, it } from 'vitest'
import { i420Size, type I420Frame } from '../i420'
import { AlertStage } from './alert-stage'

const FRAME_MS = 1000 / 30
const GREY = 100

function picture(width: number, height: number, rgba: readonly number[]) {
  return { width, height, data: Uint8Array.from({ length: 4 * width * height }, (_, at) => rgba[at % 4]!) }
}

const alert = (key: string, change: Partial<GiftAlert> = {}): GiftAlert => ({
  ...{ key, motion: 'rise', showMs: 2_000, worth: 1 },
  gift: picture(64, 64, [255, 255, 255, 255]),
  banner: picture(128, 32, [255, 0, 0, 255]),
  ...change,
})

function grey(): I420Frame {
  return { width: 160, height: 96, data: new Uint8Array(i420Size(160, 96)).fill(GREY) }
}

/** Draws so many milliseconds; returns the last picture. */
function after(stage: AlertStage, ms: number): I420Frame {
  let frame = grey()
  for (let at = 0; at < ms; at += FRAME_MS) {
    frame = grey()
    stage.draw(frame, FRAME_MS)
  }
  return frame
}

const changed = ({ data }: I420Frame): number => data.reduce((sum, value) => sum + (value === GREY ? 0 : 1), 0)

describe('gifts in the picture', () => {
  it('are drawn at their place and nowhere else, come in, stay and go, and leave the picture as it was', () => {
    const stage = new AlertStage()
    stage.show(alert('nowhere')) // no scene has a place for gifts
    expect(changed(after(stage, 200))).toBe(0)
    stage.place = { x: 0.5, y: 0, width: 0.5, height: 0.5 }
    stage.show(alert('a'))
    const frame = after(stage, 1_000)
    const { data, width } = frame
    const luma = (x: number, y: number): number => data[y * width + x]!
    expect(luma(120, 22)).toBe(235) // white, in the middle of the place
    for (let y = 0; y < 96; y++) for (let x = 0; x < 160; x++) if (x < 80 || y >= 48) expect(luma(x, y)).toBe(GREY)
    const chroma = data.subarray(160 * 96)
    expect(chroma[(40 / 2) * 80 + 92 / 2]).toBeLessThan(95) // the red banner at the lower left of the place
    expect(chroma[80 * 48 + (40 / 2) * 80 + 92 / 2]).toBeGreaterThan(230)
    expect(changed(after(stage, 4_000))).toBe(0)
    expect(stage.isBusy).toBe(false)
  })

  it('are mixed by their opacity, at any size', () => {
    const stage = new AlertStage()
    stage.place = { x: 0, y: 0, width: 1, height: 1 }
    stage.show(alert('a', { gift: picture(2, 2, [0, 0, 0, 128]), banner: picture(2, 2, [0, 0, 0, 0]) }))
    const { data, width } = after(stage, 1_200)
    expect(Math.abs(data[44 * width + 80]! - (16 + GREY) / 2)).toBeLessThanOrEqual(1)
  })

  it('of a flood wait for their turn, the least worth are left out, and a combo counts up where it stands', () => {
    const stage = new AlertStage()
    stage.place = { x: 0, y: 0, width: 1, height: 1 }
    for (let at = 0; at < 40; at++) stage.show(alert(`g${at}`, { worth: at === 20 ? 100 : at, showMs: 500 }))
    stage.show(alert('g0', { banner: picture(128, 32, [0, 0, 255, 255]) }))
    const blue = after(stage, 400).data[160 * 96 + 44 * 80 + 5]!
    expect(blue).toBeGreaterThan(200)
    let ms = 400
    while (stage.isBusy && ms < 60_000) {
      after(stage, 500)
      ms += 500
    }
    // three at once for about four seconds: the three first and the twelve that were kept
    expect(ms).toBeGreaterThan(15_000)
    expect(ms).toBeLessThan(24_000)
    stage.show(alert('last'))
    stage.place = null
    expect(stage.isBusy).toBe(false)
  })
})
