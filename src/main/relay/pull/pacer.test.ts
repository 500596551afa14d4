import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AT_ONCE, Pacer, STEADY, type PaceLead, type Timed } from './pacer'

let now = 0
const out: { track: string; dtsMs: number; at: number }[] = []
const told: string[] = []

beforeEach(() => {
  vi.useFakeTimers()
  now = out.length = told.length = 0
})
afterEach(() => void vi.useRealTimers())

function pacer(startMs: number | null, lead: PaceLead): Pacer<Timed> {
  return new Pacer<Timed>(
    {
      onDue: ({ track, dtsMs }) => void out.push({ track, dtsMs, at: now }),
      onJump: () => void told.push('jump'),
      onFull: (full) => void told.push(full ? 'full' : 'hungry'),
      onLate: (byMs) => void told.push(`late ${Math.round(byMs)}`),
      onDone: () => void told.push('done'),
    },
    startMs,
    lead,
    () => now,
  )
}

function pass(ms: number): void {
  for (const end = now + ms; now < end; now += 5) vi.advanceTimersByTime(5)
}

const burst = (to: Pacer<Timed>, fromMs: number, count: number): void => {
  for (let i = 0; i < count; i++) to.give({ track: 'sound', dtsMs: fromMs + i * 40 })
}

it('a burst leaves at the speed at which it is played, and asks its source to wait', () => {
  const paced = pacer(null, STEADY)
  burst(paced, 0, 75)
  expect(told).toEqual(['full'])
  pass(4000)
  expect(out).toHaveLength(75)
  for (const { dtsMs, at } of out) expect(Math.abs(at - dtsMs)).toBeLessThanOrEqual(10)
  expect(told).toContain('hungry')
  paced.end()
  expect(told.at(-1)).toBe('done')
})

it('what lies before the place that was sought leaves at once', () => {
  burst(pacer(1000, STEADY), 0, 50)
  expect(out.at(-1)!.dtsMs).toBe(1000)
  expect(out.every(({ at }) => at === 0)).toBe(true)
})

it('being late once makes room for being as late again', () => {
  const paced = pacer(null, STEADY)
  burst(paced, 0, 25)
  pass(1500)
  burst(paced, 1000, 25)
  expect(told).toEqual(['late 500'])
  pass(1000)
  expect(out.at(-1)!.at - out.at(-1)!.dtsMs).toBeGreaterThanOrEqual(500)
})

it('a hole or a step back begins a new time line', () => {
  const paced = pacer(null, STEADY)
  burst(paced, 0, 5)
  burst(paced, 60_000, 5)
  burst(paced, 0, 5)
  expect(told).toEqual(['jump', 'jump'])
})

it('a live leaves as it comes, but a file that pretends to be one cannot flood', () => {
  const paced = pacer(null, AT_ONCE)
  burst(paced, 0, 100)
  expect(out).toHaveLength(100)
  burst(paced, 4000, 400)
  expect(out.length).toBeLessThan(160)
  expect(told).toEqual(['full'])
})
