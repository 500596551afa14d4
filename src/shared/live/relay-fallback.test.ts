import { expect, it } from 'vitest'
import { RelayFallback } from './relay-fallback'

/** Runs a viewer's decision in steps of 50 ms; `brings` says by how much peers are late at a time, null for nothing. */
function run(
  totalMs: number,
  brings: (now: number) => number | null,
  { unserved = (): boolean => false }: { unserved?: (now: number) => boolean } = {},
): { on: number[]; off: number[] } {
  const fallback = new RelayFallback(0)
  const changes = { on: [] as number[], off: [] as number[] }
  for (let now = 0; now <= totalMs; now += 50) {
    const late = brings(now)
    if (late !== null) fallback.brought(now - late, now)
    const before = fallback.on
    if (fallback.look(now, unserved(now)) !== before) changes[before ? 'off' : 'on'].push(now)
  }
  return changes
}

it('a viewer whose peers bring everything never takes the relay', () => {
  expect(run(600_000, (now) => 20 + (now % 7) * 10)).toEqual({ on: [], off: [] })
})

it('a viewer that gets nothing takes the relay after 0.7 s, or 0.3 s when the mesh has nobody for it', () => {
  expect(run(5_000, () => null).on).toEqual([750])
  expect(run(5_000, () => null, { unserved: () => true }).on).toEqual([350])
})

it('peers that fall silent are replaced within 0.8 s, and taken back when they have brought all for 4 s', () => {
  const { on, off } = run(40_000, (now) => (now > 10_000 && now < 20_000 ? null : 30))
  expect(on).toEqual([10_750])
  expect(off).toHaveLength(1)
  expect(off[0]! - 20_000).toBeGreaterThanOrEqual(4_000)
  expect(off[0]! - 20_000).toBeLessThanOrEqual(4_200)
})

it('peers that fall further and further behind are replaced although something comes all the time', () => {
  const { on } = run(20_000, (now) => Math.max(30, (now - 5_000) * 0.5))
  expect(on).toHaveLength(1)
  expect(on[0]!).toBeLessThan(9_000)
})

it('peers that come and go are tried ever more seldom, not every few seconds', () => {
  const { on, off } = run(300_000, (now) => (now % 10_000 < 6_000 ? 30 : null))
  expect(off.length).toBeGreaterThan(0)
  expect(on.length).toBeLessThanOrEqual(4)
})

it('many holes are as bad as silence; one now and then is not', () => {
  const often = new RelayFallback(0)
  const seldom = new RelayFallback(0)
  for (let now = 0; now < 20_000; now += 50) {
    for (const fallback of [often, seldom]) fallback.brought(now - 30, now)
    if (now % 1_000 === 0) often.hole(now)
    if (now % 6_000 === 0) seldom.hole(now)
    often.look(now, false)
    seldom.look(now, false)
    if (now === 4_000) expect(often.on).toBe(true)
  }
  expect(seldom.on).toBe(false)
})
