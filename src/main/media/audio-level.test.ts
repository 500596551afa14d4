import { expect, it } from 'vitest'
import { AudioLevel, SILENCE_DB } from './audio-level'

function level(...samples: number[]): number {
  const meter = new AudioLevel()
  meter.add(new Uint8Array(new Int16Array(samples).buffer))
  return meter.take()
}

it('gives dBFS of the highest sample of either sign', () => {
  expect(level(0, 0)).toBe(SILENCE_DB)
  expect(level(0, -32768)).toBe(0)
  expect(level(16384, -100)).toBeCloseTo(-6, 0)
  expect(level(-16384, 100)).toBeCloseTo(-6, 0)
})

it('starts anew after it was taken', () => {
  const meter = new AudioLevel()
  meter.add(new Uint8Array([0, 64]))
  expect(meter.take()).toBeCloseTo(-6, 0)
  expect(meter.take()).toBe(SILENCE_DB)
})
