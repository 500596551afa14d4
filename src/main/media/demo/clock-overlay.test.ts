import { expect, it } from 'vitest'
import { clockText } from './clock-overlay'

it('shows the wall clock to the millisecond and the number of the frame', () => {
  const at = new Date(2026, 4, 7, 9, 5, 3, 42)
  expect(clockText(at.getTime() + 0.7, 123)).toBe('09:05:03.042 #000123')
})
