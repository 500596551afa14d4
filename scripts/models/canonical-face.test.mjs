import { describe, expect, it } from 'vitest'
import { parseCanonicalFace } from './canonical-face.mjs'
import { SOURCES } from './sources.mjs'

describe('parseCanonicalFace', () => {
  const face = parseCanonicalFace(SOURCES.canonicalFace())

  it('is the mirror-symmetric face of MediaPipe', () => {
    expect(face.vertices).toHaveLength(468)
    expect(face.triangles).toHaveLength(898)
    const [right, left] = [face.vertices[33], face.vertices[263]]
    expect(right).toEqual([-4.445859, 2.663991, 3.173422, 0.280098, 0.3756])
    expect(left).toEqual([4.445859, 2.663991, 3.173422, 0.719902, 0.3756])
  })

  it('has triangles that use every vertex', () => {
    expect(new Set(face.triangles.flat()).size).toBe(468)
  })

  it('refuses a file that was cut off', () => {
    expect(() => parseCanonicalFace(SOURCES.canonicalFace().subarray(0, 5000))).toThrow(/protobuf/)
    expect(() => parseCanonicalFace(Buffer.alloc(0))).toThrow(/no mesh/)
  })
})
