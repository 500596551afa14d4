import { expect, test } from 'vitest'
import { CarriedUplink } from './carried-uplink'

const DAY_MS = 24 * 3_600_000

/** Children say for `ms` that `kbps` came, a share of it late. */
function confirm(line: CarriedUplink, from: number, ms: number, kbps: number, lateShare = 0): void {
  for (let at = from; at <= from + ms; at += 250) {
    const pieces = 20
    line.confirmed(pieces * (1 - lateShare), pieces * lateShare, (kbps * 250 * (1 - lateShare)) / 8, at)
  }
}

test('what children confirm in time is what the line carries; what came late is not, and a day later it is forgotten', () => {
  const line = new CarriedUplink()
  const t = 1e12
  expect(line.bps(t)).toBe(0)
  confirm(line, t, 5_000, 8_000)
  expect(line.bps(t + 5_000) / 8e6).toBeCloseTo(1, 1)
  confirm(line, t + 10_000, 5_000, 20_000, 0.2)
  expect(line.bps(t + 15_000) / 8e6).toBeCloseTo(1, 1)
  confirm(line, t + 30_000, 5_000, 3_000) // less asked says nothing against it
  expect(line.bps(t + 35_000) / 8e6).toBeCloseTo(1, 1)
  expect(new CarriedUplink(line.seen).bps(t + 40_000)).toBe(line.bps(t + 40_000))
  expect(line.bps(t + DAY_MS + 60_000)).toBe(0)
})

test('of files that are fetched from here, what may still lie in the system does not count', () => {
  const line = new CarriedUplink()
  const t = 1e12
  for (let ms = 0; ms <= 9_000; ms += 100) line.handed('anna', 500_000, t + ms) // 40 Mbit/s
  expect(line.bps(t + 9_000)).toBeGreaterThan(34e6)
  expect(line.bps(t + 9_000)).toBeLessThan(40e6)
  const slow = new CarriedUplink()
  for (let ms = 0; ms <= 9_000; ms += 100) slow.handed('anna', ms === 0 ? 3_000_000 : 0, t + ms)
  expect(slow.bps(t + 9_000)).toBe(0)
})
