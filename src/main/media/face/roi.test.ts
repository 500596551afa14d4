import { describe, expect, it } from 'vitest'
import { pointsFromCrop, roiOfDetection, roiOfPicture, roiOfPoints } from './roi'

describe('regions', () => {
  it('surround the picture by a square of its longer side', () => {
    expect(roiOfPicture(1280, 720)).toEqual({ cx: 640, cy: 360, size: 1280, rotation: 0 })
  })

  it('surround a detection and turn with its eyes', () => {
    const eyes: [[number, number], [number, number]] = [
      [20, 30],
      [40, 50],
    ]
    const roi = roiOfDetection({ score: 1, box: [10, 20, 40, 60], eyes })
    expect(roi).toEqual({ cx: 30, cy: 50, size: 90, rotation: Math.PI / 4 })
  })

  it('come back from points that were placed by them', () => {
    const roi = { cx: 300, cy: 200, size: 96, rotation: 0.5 }
    const points = new Float32Array(468 * 3).fill(96)
    // Eyes level in the crop, 80 pixels apart.
    points.set([56, 96, 0], 33 * 3)
    points.set([136, 96, -10], 263 * 3)
    pointsFromCrop(points, roi, 192)
    const next = roiOfPoints(points)
    expect(next.rotation).toBeCloseTo(0.5, 5)
    expect(next.cx).toBeCloseTo(300, 3)
    expect(next.cy).toBeCloseTo(200, 3)
    expect(next.size).toBeCloseTo(1.5 * 40 * Math.cos(0.5), 3)
    expect(points[263 * 3 + 2]).toBe(-5)
  })
})
