import { expect, test } from 'vitest'
import { GRACE_MS, PacketCountdown, type PacketState } from './live-packets'

test('minutes are counted by signed segments, warned at 5 and 1, then a grace time, then the end', () => {
  const minutes = new PacketCountdown(10 * 60_000)
  const phases: PacketState['phase'][] = [minutes.state.phase]
  for (let segment = 0; segment < 13 * 120; segment++) {
    minutes.published(500)
    const { phase } = minutes.state
    if (phase !== phases.at(-1)) phases.push(phase)
  }
  expect(phases).toEqual(['running', 'five-minutes', 'one-minute', 'grace', 'over'])
  expect(minutes.state).toEqual({ leftMs: 0, phase: 'over', graceLeftMs: 0 })
})

test('time that passes without a segment costs nothing, and minutes bought in the grace time bring the show back', () => {
  const minutes = new PacketCountdown(60_000)
  minutes.published(60_500)
  expect(minutes.state).toEqual({ leftMs: 0, phase: 'grace', graceLeftMs: GRACE_MS - 500 })
  minutes.add(30 * 60_000)
  expect(minutes.state).toMatchObject({ leftMs: 30 * 60_000 - 500, phase: 'running' })
  minutes.published(-5)
  expect(minutes.usedMs).toBe(60_500)
})
