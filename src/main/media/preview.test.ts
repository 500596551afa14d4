import { describe, expect, it } from 'vitest'
import type { PreviewFrame } from '@shared/ipc/studio-schema'
import { planesOf, type I420Frame } from './i420'
import { Preview } from './preview'

function frame(width: number, height: number, value: (x: number, y: number) => number): I420Frame {
  const made = { width, height, data: new Uint8Array((width * height * 3) / 2).fill(128) }
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) made.data[y * width + x] = value(x, y)
  return made
}

/** Runs one frame through: brightness `before` in, `after` out of the filter. */
function pass(preview: Preview, slot: number, before: number, after: number, fps = 30): void {
  const format = { width: 1280, height: 720, fps }
  const picture = frame(format.width, format.height, () => before)
  preview.before(picture, slot)
  picture.data.fill(after, 0, 1280 * 720)
  preview.after(picture, slot, 1)
}

function connected(fps = 30): { preview: Preview; seen: PreviewFrame[]; acknowledge: () => void } {
  const preview = new Preview({ width: 1280, height: 720, fps })
  const seen: PreviewFrame[] = []
  const link = preview.connect((picture) => seen.push({ ...picture, data: picture.data.slice() }))
  return { preview, seen, acknowledge: () => link.acknowledge() }
}

describe('Preview', () => {
  it.each([
    ['after', 200, 200],
    ['before', 50, 50],
    ['split', 50, 200],
  ] as const)('shows %s', (mode, left, right) => {
    const { preview, seen } = connected()
    preview.mode = mode
    pass(preview, 30, 50, 200)
    const picture = seen[0]!
    expect(picture).toMatchObject({ width: 640, height: 360, timeMs: 1000, faces: 1 })
    expect(picture.data).toHaveLength(640 * 360 * 1.5)
    const { y } = planesOf(picture)
    expect([y[0], y[319], y[320], y[639], y[359 * 640 + 319], y[359 * 640 + 320]]).toEqual([
      left,
      left,
      right,
      right,
      left,
      right,
    ])
  })

  it('sends two pictures ahead and then waits for each acknowledgement', () => {
    const { preview, seen, acknowledge } = connected()
    for (let slot = 0; slot < 5; slot++) pass(preview, slot, slot, slot)
    expect(seen.map((picture) => picture.data[0])).toEqual([0, 1])
    acknowledge()
    pass(preview, 5, 5, 5)
    pass(preview, 6, 6, 6)
    expect(seen.map((picture) => picture.data[0])).toEqual([0, 1, 5])
  })

  it('does not write into a picture that has not been acknowledged', () => {
    const preview = new Preview({ width: 1280, height: 720, fps: 30 })
    const held: PreviewFrame[] = []
    const link = preview.connect((picture) => held.push(picture))
    pass(preview, 0, 10, 10)
    pass(preview, 1, 20, 20)
    link.acknowledge()
    pass(preview, 2, 30, 30)
    expect(held.slice(1).map((picture) => picture.data[0])).toEqual([20, 30])
  })

  it('sends at most 30 pictures a second, and nothing to nobody', () => {
    const { preview, seen, acknowledge } = connected(60)
    for (let slot = 0; slot < 20; slot++) {
      pass(preview, slot, 1, 1, 60)
      acknowledge()
    }
    expect(seen).toHaveLength(10)
    preview.disconnect()
    pass(preview, 60, 1, 1, 60)
    expect(seen).toHaveLength(10)
  })
})
