import { describe, expect, it } from 'vitest'
import { noise } from '../testing/portrait'
import { HEAD, posedFace, rotation } from '../testing/posed-face'
import { HeadFit, headPose } from './head-fit'

const fit = new HeadFit(HEAD)

/** Degrees between two rotations: the trace of one by the other's transpose is 1 + 2 cos. */
function degreesBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let trace = 0
  for (let i = 0; i < 9; i++) trace += a[i]! * b[i]!
  return (Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2))) * 180) / Math.PI
}

const POSES = [-50, -25, 0, 25, 50].flatMap((yaw) =>
  [-30, 0, 30].flatMap((pitch) => [-180, -90, -35, 0, 60, 120].map((roll) => ({ yaw, pitch, roll }))),
)

describe('HeadFit', () => {
  it('finds rotation, scale and place of a head in any pose', () => {
    for (const pose of POSES) {
      const out = headPose()
      expect(fit.fit(posedFace({ ...pose, scale: 14 }).points, out)).toBe(true)
      expect(degreesBetween(out.rotation, rotation(pose.yaw, pose.pitch, pose.roll))).toBeLessThan(0.05)
      expect(Math.abs(out.scale / 14 - 1)).toBeLessThan(1e-3)
      expect(Math.hypot(out.x - 320, out.y - 240)).toBeLessThan(0.05)
      expect(out.mirrored).toBe(false)
    }
  })

  it('keeps within 1.5 degrees and 1 % with noise of 2 % of the face and a talking mouth', () => {
    const random = noise(5)
    for (const pose of POSES) {
      const { points } = posedFace({ ...pose, scale: 14 })
      for (let i = 0; i < points.length; i++) points[i]! += 4.3 * random()
      for (let i = 1; i < 3 * 200; i += 3) if (HEAD.positions[i]! < -3) points[i]! += 20
      const out = headPose()
      fit.fit(points, out)
      expect(degreesBetween(out.rotation, rotation(pose.yaw, pose.pitch, pose.roll))).toBeLessThan(1.5)
      expect(Math.abs(out.scale / 14 - 1)).toBeLessThan(0.01)
    }
  })

  it('sees that a picture was mirrored after the points were found', () => {
    for (const pose of POSES) {
      const out = headPose()
      fit.fit(posedFace({ ...pose, mirrored: true }).points, out)
      expect(out.mirrored).toBe(true)
      const mirrored = rotation(pose.yaw, pose.pitch, pose.roll).map((value, i) => (i < 3 ? -value : value))
      for (let i = 0; i < 9; i++) expect(out.rotation[i]).toBeCloseTo(mirrored[i]!, 3)
    }
  })

  it('refuses points that are no head', () => {
    const out = headPose()
    expect(fit.fit(new Float32Array(468 * 3), out)).toBe(false)
    expect(fit.fit(new Float32Array(468 * 3).fill(Number.NaN), out)).toBe(false)
    expect(fit.fit(new Float32Array(468 * 3).fill(1e30), out)).toBe(false)
  })
})
