import { describe, expect, it } from 'vitest'
import { OWN_LOOKS } from '@shared/media/look-settings'
import { rgbToI420 } from '../rgb-i420'
import { cropSample, LookSample, paintChart, renderSwatches } from './swatches'

/** Left half red, right half blue. */
function twoHalves(width: number, height: number) {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) data.set(at % width < width / 2 ? [200, 30, 30] : [30, 30, 200], at * 3)
  return rgbToI420({ width, height, data })
}

describe('swatches', () => {
  it('show every look on the same sample, ours and the imported one', async () => {
    const sample = paintChart()
    const swatches = await renderSwatches(sample, (colour) => colour.fill(1))
    expect(swatches.map(({ id }) => id)).toEqual(['none', ...OWN_LOOKS.map(({ id }) => id), 'cube'])
    const pictures = swatches.map(({ pixels }) => Buffer.from(pixels).toString('base64'))
    expect(new Set(pictures).size).toBe(swatches.length) // no two looks are the same
    expect(swatches.at(-1)!.pixels.every((value) => value === 255)).toBe(true)
    expect([...swatches[0]!.pixels.subarray(0, 4)]).toEqual([...sample.data.subarray(0, 3), 255])
  })

  it('take the part round the face, inside the frame', () => {
    const frame = twoHalves(640, 360)
    const middle = cropSample(frame, undefined)
    expect(middle.data[0]).toBeGreaterThan(180)
    expect(middle.data[(middle.width - 1) * 3 + 2]).toBeGreaterThan(180)
    const right = cropSample(frame, [590, 310, 60, 60]) // partly outside
    for (let at = 0; at < right.data.length; at += 3) expect(right.data[at + 2]).toBeGreaterThan(right.data[at]!)
  })

  it('come from the next frame, or from the chart when none comes', async () => {
    const sample = new LookSample()
    const wanted = [sample.take(), sample.take()]
    sample.offer(twoHalves(64, 48), undefined)
    const [first, second] = await Promise.all(wanted)
    expect(first).toBe(second)
    expect(first!.data[0]).toBeGreaterThan(180)
    expect(await sample.take()).toEqual(paintChart())
  })
})
