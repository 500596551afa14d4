import { describe, expect, it } from 'vitest'
import { planesOf, type I420Frame, type RgbImage } from './i420'
import { rgbToI420, writeChanged } from './rgb-i420'

function image(width: number, height: number, ...rgb: number[]): RgbImage {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => rgb[i % rgb.length]!) }
}

/** BT.601, limited range. */
const COLOURS: [string, number[], number[]][] = [
  ['black', [0, 0, 0], [16, 128, 128]],
  ['white', [255, 255, 255], [235, 128, 128]],
  ['red', [255, 0, 0], [81, 90, 240]],
  ['green', [0, 255, 0], [145, 54, 34]],
  ['blue', [0, 0, 255], [41, 240, 110]],
]

describe('rgbToI420', () => {
  it.each(COLOURS)('%s', (_, rgb, [y, u, v]) => {
    const planes = planesOf(rgbToI420(image(4, 2, ...rgb)))
    expect([planes.y[7], planes.u[1], planes.v[1]]).toEqual([y, u, v])
  })

  it('makes odd sides even by repeating the edge', () => {
    const frame = rgbToI420(image(3, 1, 10, 10, 10, 20, 20, 20, 200, 200, 200))
    expect([frame.width, frame.height]).toEqual([4, 2])
    const { y } = planesOf(frame)
    expect(y[3]).toBe(y[2])
    expect([...y.subarray(4)]).toEqual([...y.subarray(0, 4)])
  })
})

describe('writeChanged', () => {
  const changed = (frame: I420Frame, at: number, by: number): I420Frame => {
    const copy = { ...frame, data: frame.data.slice() }
    copy.data[at]! += by
    return copy
  }

  it('leaves pixels alone that did not change', () => {
    const picture = image(4, 2, 200, 100, 50)
    const before = rgbToI420(picture)
    writeChanged(picture, before, changed(before, 1, 10))
    const rows = Array.from({ length: 8 }, (_, i) => [...picture.data.subarray(i * 3, i * 3 + 3)])
    expect(rows[1]).toEqual([212, 112, 62])
    expect(rows.filter((_, i) => i !== 1)).toEqual(Array(7).fill([200, 100, 50]))
  })

  it('changes colour for the four pixels that share it, and stays within 0 to 255', () => {
    const picture = image(4, 2, 250, 100, 50)
    const before = rgbToI420(picture)
    writeChanged(picture, before, changed(before, 8 + 2, 10))
    const rows = Array.from({ length: 8 }, (_, i) => [...picture.data.subarray(i * 3, i * 3 + 3)])
    expect(rows[0]).toEqual([255, 92, 50])
    expect(rows[5]).toEqual([255, 92, 50])
    expect(rows[2]).toEqual([250, 100, 50])
  })
})
