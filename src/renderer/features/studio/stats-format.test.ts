import { expect, test } from 'vitest'
import { formatBitrate, formatBytes, formatClock, formatDelay, formatFps, meterLevel } from './stats-format'

test('frames per second are whole when they nearly are', () => {
  expect(formatFps(30)).toBe('30')
  expect(formatFps(29.97)).toBe('30')
  expect(formatFps(24.4)).toBe('24.4')
  expect(formatFps(0)).toBe('0')
})

test('rates change their unit where the next one starts', () => {
  expect(formatBitrate(0)).toBe('0 kbps')
  expect(formatBitrate(849.6)).toBe('850 kbps')
  expect(formatBitrate(2480)).toBe('2.5 Mbps')
  expect(formatDelay(143.4)).toBe('143 ms')
  expect(formatDelay(999.4)).toBe('999 ms')
  expect(formatDelay(999.6)).toBe('1.0 s')
  expect(formatDelay(1440)).toBe('1.4 s')
})

test('bytes keep two or three digits that mean something', () => {
  expect(formatBytes(0)).toBe('0 B')
  expect(formatBytes(820)).toBe('820 B')
  expect(formatBytes(999.6)).toBe('1.0 kB')
  expect(formatBytes(1_540_000)).toBe('1.5 MB')
  expect(formatBytes(310_000_000)).toBe('310 MB')
  expect(formatBytes(7e15)).toBe('7000 TB')
})

test('the clock shows hours only when there are some, and never runs backwards', () => {
  expect(formatClock(7_900)).toBe('0:07')
  expect(formatClock(754_000)).toBe('12:34')
  expect(formatClock(3_723_000)).toBe('1:02:03')
  expect(formatClock(-5_000)).toBe('0:00')
})

test('the meter is empty at -60 dBFS and full at 0', () => {
  expect(meterLevel(-100)).toBe(0)
  expect(meterLevel(-30)).toBe(0.5)
  expect(meterLevel(3)).toBe(1)
})
