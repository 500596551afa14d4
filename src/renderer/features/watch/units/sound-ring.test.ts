import { describe, expect, it } from 'vitest'
import { SoundRing } from './sound-ring'

const tone = (place: number): number => Math.sin(place / 20)

function write(ring: SoundRing, from: number, frames: number): void {
  for (let place = from; place < from + frames * 1024; place += 1024) {
    const data = Float32Array.from({ length: 1024 }, (_, i) => tone(place + i))
    ring.write(place, data, data)
  }
}

/** What is heard of `count` samples from a place on; and where it ended. */
function hear(ring: SoundRing, from: number, count: number, rate = 1): { heard: Float32Array; end: number } {
  const heard = new Float32Array(count)
  let end = from
  for (let at = 0; at < count; at += 128) {
    end = ring.read(end, rate, heard.subarray(at, at + 128), new Float32Array(128))
  }
  return { heard, end }
}

describe('sound of a live', () => {
  it('is heard at its place, also round the end of the memory', () => {
    const ring = new SoundRing()
    write(ring, 0, 400) // three times the memory
    const from = ring.end - 8192
    const { heard } = hear(ring, from, 4096)
    for (let i = 256; i < 4096; i++) expect(heard[i]).toBeCloseTo(tone(from + i), 5)
  })

  it('is played faster without a step', () => {
    const ring = new SoundRing()
    write(ring, 48_000, 40)
    const { heard, end } = hear(ring, 48_100, 12_800, 1.05)
    expect(end).toBeCloseTo(48_100 + 12_800 * 1.05, 3)
    for (let i = 256; i < 12_800; i++) expect(heard[i]).toBeCloseTo(tone(48_100 + i * 1.05), 2)
  })

  it('is silence where something is missing, fading in and out instead of clicking', () => {
    const ring = new SoundRing()
    write(ring, 0, 10)
    write(ring, 20 * 1024, 10)
    const { heard } = hear(ring, 9 * 1024, 22 * 1024)
    const loud = (from: number, to: number): number => Math.max(...heard.subarray(from, to).map(Math.abs))
    expect(loud(200, 1000)).toBeGreaterThan(0.9)
    expect(loud(2048, 10 * 1024)).toBe(0)
    expect(loud(11 * 1024 + 300, 12 * 1024)).toBeGreaterThan(0.9)
    const after = hear(ring, ring.end, 4096)
    expect(Math.abs(after.heard[4095]!)).toBeLessThan(1e-6)
    expect(after.end).toBe(ring.end + 4096)
  })

  it('begins anew where the live does', () => {
    const ring = new SoundRing()
    write(ring, 5_000_000, 20)
    write(ring, 0, 20)
    const { heard } = hear(ring, 1024, 1024)
    expect(heard[900]).toBeCloseTo(tone(1924), 5)
  })
})
