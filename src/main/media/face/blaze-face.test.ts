import { describe, expect, it } from 'vitest'
import { anchorCentres, decodeBlazeFace } from './blaze-face'
import { FULL_RANGE, SHORT_RANGE } from './face-detector'

describe('anchorCentres', () => {
  it('orders by row, column, anchor', () => {
    const centres = anchorCentres(SHORT_RANGE.grids)
    expect(centres).toHaveLength(896 * 2)
    expect([...centres.subarray(0, 8)]).toEqual([1 / 32, 1 / 32, 1 / 32, 1 / 32, 3 / 32, 1 / 32, 3 / 32, 1 / 32])
    expect([...centres.subarray(512 * 2, 512 * 2 + 2)]).toEqual([1 / 16, 1 / 16])
    expect([...centres.subarray(-2)]).toEqual([15 / 16, 15 / 16])
    expect(anchorCentres(FULL_RANGE.grids)).toHaveLength(2304 * 2)
  })
})

describe('decodeBlazeFace', () => {
  const centres = anchorCentres([{ cells: 2, perCell: 1 }])
  const square = { x: -100, y: 0, size: 400 }
  /** Raw values of the four anchors for boxes given as cx, cy, size in 0..1; both eyes on the centre. */
  const raw = (boxes: [number, number, number][]): Float32Array => {
    const values = new Float32Array(4 * 16)
    boxes.forEach(([cx, cy, size], i) => {
      const [dx, dy] = [(cx - centres[i * 2]!) * 128, (cy - centres[i * 2 + 1]!) * 128]
      values.set([dx, dy, size * 128, size * 128, dx, dy, dx, dy], i * 16)
    })
    return values
  }
  const logit = (score: number): number => Math.log(score / (1 - score))
  const decode = (boxes: [number, number, number][], scores: number[]): ReturnType<typeof decodeBlazeFace> =>
    decodeBlazeFace(raw(boxes), Float32Array.from(scores, logit), centres, 128, square)

  it('places a box in the picture', () => {
    const [face, ...others] = decode([[0.5, 0.25, 0.2]], [0.9, 0.1, 0.1, 0.1])
    expect(others).toEqual([])
    expect(face!.score).toBeCloseTo(0.9)
    face!.box.forEach((value, i) => expect(value).toBeCloseTo([60, 60, 80, 80][i]!, 3))
    expect(face!.eyes[0][0]).toBeCloseTo(100, 3)
    expect(face!.eyes[1][1]).toBeCloseTo(100, 3)
  })

  it('averages boxes of one face by score and keeps the others apart, the best first', () => {
    const faces = decode(
      [
        [0.3, 0.5, 0.2],
        [0.32, 0.5, 0.2],
        [0.8, 0.5, 0.2],
      ],
      [0.6, 0.8, 0.9, 0.49],
    )
    expect(faces.map((face) => face.score.toFixed(2))).toEqual(['0.90', '0.80'])
    const centre = (0.6 * 0.3 + 0.8 * 0.32) / 1.4
    expect(faces[1]!.box[0] + faces[1]!.box[2] / 2).toBeCloseTo(centre * 400 - 100, 3)
  })

  it('takes values that are no numbers for no face', () => {
    expect(decode([], [NaN, NaN, NaN, NaN])).toEqual([])
  })
})
