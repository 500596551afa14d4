import { readFileSync } from 'node:fs'
import { boxOfPoints, type Face } from '../face/face'
import { i420Size, planesOf, type I420Frame } from '../i420'

const canonical = JSON.parse(
  readFileSync(new URL('../../../../resources/models/canonical-face.json', import.meta.url), 'utf8'),
) as { vertices: number[][] }

/** The canonical face laid into the picture: its middle and the distance of its cheeks in pixels, turn in radians. */
export function faceAt(x: number, y: number, width: number, turn = 0): Face {
  const points = new Float32Array(468 * 3)
  const scale = width / Math.abs(canonical.vertices[454]![0]! - canonical.vertices[234]![0]!)
  canonical.vertices.forEach(([vx, vy, vz], i) => {
    const [px, py] = [vx! * scale, -vy! * scale]
    points[3 * i] = x + px * Math.cos(turn) - py * Math.sin(turn)
    points[3 * i + 1] = y + px * Math.sin(turn) + py * Math.cos(turn)
    points[3 * i + 2] = -vz! * scale
  })
  return { score: 1, box: boxOfPoints(points), points }
}

/** Repeatable noise, -1..1. */
export function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2147483648
  }
}

/** A skin-coloured ellipse with blotches and grain on a striped grey wall; eyes and lips are drawn at their points. */
export function portrait(face: Face, width: number, height: number): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const { y: luma, u, v } = planesOf(frame)
  const random = noise(7)
  const [bx, by, bw, bh] = face.box
  const disc = (x: number, y: number, at: number, reach: number): boolean =>
    Math.hypot(x - face.points[3 * at]!, y - face.points[3 * at + 1]!) < reach * bw
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot((x - bx - bw / 2) / (bw * 0.55), (y - by - bh / 2) / (bh * 0.6)) < 1
      const eye = disc(x, y, 159, 0.05) || disc(x, y, 386, 0.05)
      const lips = disc(x, y, 13, 0.06)
      const blotches = 6 * Math.sin(x / 4.1) * Math.sin(y / 3.7)
      const wall = (x >> 3) % 2 === 0 ? 90 : 150
      luma[y * width + x] = !inside ? wall : eye ? 45 : lips ? 95 : Math.round(140 + blotches + 3 * random())
      const half = (y >> 1) * (width / 2) + (x >> 1)
      u[half] = !inside || eye ? 128 : 112
      v[half] = !inside || eye ? 128 : lips ? 170 : 150
    }
  }
  return frame
}
