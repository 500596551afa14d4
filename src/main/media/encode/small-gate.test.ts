import { describe, expect, it } from 'vitest'
import { SmallGate } from './small-gate'

/** Calls it once a second. Returns the second of the first change, or null. */
function until(gate: SmallGate, from: number, seconds: number, free: number | null, slow = false): number | null {
  const before = gate.isOpen
  for (let i = from; i < from + seconds; i++) if (gate.take(i * 1000, free, slow) !== before) return i
  return null
}

describe('the time for a small rendition', () => {
  it('is there after half a minute with 40 % of a core', () => {
    expect(until(new SmallGate(), 0, 100, 40)).toBe(30)
    expect(until(new SmallGate(), 0, 100, 39)).toBeNull()
    expect(until(new SmallGate(), 0, 100, null)).toBeNull()
    expect(until(new SmallGate(), 0, 100, 90, true)).toBeNull()
  })

  it('is counted anew after each busy moment', () => {
    const gate = new SmallGate()
    expect(until(gate, 0, 25, 80)).toBeNull()
    gate.take(25_000, 10, false)
    expect(gate.words).toBe('only 10 % of a core is free')
    expect(until(gate, 26, 100, 80)).toBe(56)
  })

  it('stays while it costs nobody anything, however little is left', () => {
    const gate = new SmallGate()
    until(gate, 0, 100, 80)
    expect(until(gate, 100, 100, 2)).toBeNull()
  })

  it('comes back later each time that it had to go soon, and soon after it held long', () => {
    const gate = new SmallGate()
    const waits: number[] = []
    let now = 0
    for (let round = 0; round < 7; round++) {
      const opened = until(gate, now, 10_000, 90)!
      waits.push(opened - now)
      gate.take((opened + 5) * 1000, 90, true)
      expect(gate.isOpen).toBe(false)
      now = opened + 6
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 480, 480])
    const opened = until(gate, now, 10_000, 90)!
    gate.take((opened + 3600) * 1000, 90, true)
    expect(until(gate, opened + 3601, 100, 90)).toBe(opened + 3631)
  })
})
