import { expect, test } from 'vitest'
import { failed, firstRung, tried, worthRetry } from './rung-choice'

test('a way that fails once begins again; twice in ten seconds and it is left', () => {
  const once = failed(firstRung(0), 1000)
  expect(once.rung).toBe('units')
  expect(failed(once, 10_500).rung).toBe('hls')
  expect(failed(once, 11_500).rung).toBe('units')
})

test('the last way is never left', () => {
  let state = firstRung(0, ['units'])
  for (let now = 0; now < 5000; now += 100) state = failed(state, now)
  expect(state.rung).toBe('hls')
})

test('a better way is tried again every half minute, until it works', () => {
  let state = failed(failed(firstRung(0), 0), 100)
  expect(worthRetry(state, 30_000)).toBeNull()
  expect(worthRetry(state, 30_100)).toBe('units')
  state = tried(state, 'units', false, 30_100)
  expect(worthRetry(state, 50_000)).toBeNull()
  expect(worthRetry(state, 60_100)).toBe('units')
  state = tried(state, 'units', true, 60_200)
  expect(state.rung).toBe('units')
  expect(worthRetry(state, 200_000)).toBeNull()
})

test('what the window cannot do is neither begun with nor tried', () => {
  const state = firstRung(0, ['units'])
  expect(state.rung).toBe('hls')
  expect(worthRetry(state, 100_000)).toBeNull()
})

test('a way that was to be taken again, and does not work any more, is left for half a minute', () => {
  const state = tried(firstRung(0), 'units', false, 5000)
  expect(state.rung).toBe('hls')
  expect(worthRetry(state, 34_000)).toBeNull()
  expect(worthRetry(state, 35_000)).toBe('units')
})
